import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findIn, firstFrom, MOST_FOUND } from '../../../renderer/run/find.ts';
import { LONGEST_ROW, OutputLines } from '../../../renderer/run/output-lines.ts';

const part = (text: string, at: string | null = null) => ({ stream: 'stdout' as const, at, text });
const rowsOf = (lines: OutputLines): (string | undefined)[] =>
  Array.from({ length: lines.count }, (_, row) => lines.at(row)?.text);

describe('output in rows', () => {
  test('is the same however it is cut into parts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', 'é', ' ', 'b') });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), fc.integer({ min: 1, max: 50_000 }), (parts, times) => {
        const lines = new OutputLines();
        const whole = [...parts, 'x'.repeat(times % 3_000), '\n', ...parts].join('');
        for (const one of parts) lines.append(part(one));
        lines.append(part('x'.repeat(times % 3_000)));
        lines.append(part('\n'));
        for (const one of parts) lines.append(part(one));
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(rowsOf(lines)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('goes over many blocks', () => {
    const lines = new OutputLines();
    const expected: string[] = [];
    for (let number = 0; number < 50_000; number++) {
      expected.push(`line ${number}`);
      lines.append(part(`line ${number}\n`));
    }
    expect(lines.count).toBe(50_000);
    expect(rowsOf(lines)).toEqual(expected);
    expect(lines.at(50_000)).toBeUndefined();
  });

  test('knows when and by whom each row was begun', () => {
    const lines = new OutputLines();
    lines.append({ stream: 'stdout', at: '2026-11-29T01:00:00.000Z', text: 'one\ntw' });
    lines.append({ stream: 'stderr', at: '2026-11-29T02:00:00.000Z', text: 'o\nthree\n' });
    expect(lines.at(1)).toMatchObject({ text: 'two', stream: 'stdout', at: '2026-11-29T01:00:00.000Z' });
    expect(lines.at(2)).toMatchObject({ text: 'three', stream: 'stderr', at: '2026-11-29T02:00:00.000Z' });
  });

  test('carries styles over rows and blocks', () => {
    const lines = new OutputLines();
    lines.append(part('\x1b[31mred\n'));
    for (let number = 0; number < 20_000; number++) lines.append(part(`line ${number}\n`));
    expect(lines.at(1)?.before).toBe('\x1b[31m');
    expect(lines.at(20_000)?.before).toBe('\x1b[31m');
    expect(lines.at(0)?.before).toBe('');
  });

  test('breaks a line that is too long for one row', () => {
    const lines = new OutputLines();
    lines.append(part(`${'x'.repeat(LONGEST_ROW * 2 + 10)}\ny`));
    expect(lines.count).toBe(4);
    expect(lines.at(0)).toMatchObject({ isContinued: false });
    expect(lines.at(1)).toMatchObject({ isContinued: true });
    expect(lines.at(2)?.text).toBe('x'.repeat(10));
    expect(lines.at(3)?.text).toBe('y');
  });
});

describe('finding', () => {
  const all = (rows: string[], wanted: string) => {
    const steps = findIn((row) => rows[row], rows.length, wanted);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };

  test('is by visible characters, upper or lower case, and takes every character as it is', () => {
    expect(all(['a \x1b[31mEr\x1b[1mror\x1b[0m (1)', 'no'], 'error (')).toEqual([
      { row: 0, start: 2, end: 9 },
    ]);
    expect(all(['a.b', 'aXb'], 'a.b')).toEqual([{ row: 0, start: 0, end: 3 }]);
    expect(all(['x'], '')).toEqual([]);
  });

  test('ends when there is too much, and lets others in between', () => {
    expect(
      all(
        Array.from({ length: 50 }, () => 'e'.repeat(1_000)),
        'e',
      ),
    ).toHaveLength(MOST_FOUND);
    const steps = findIn(() => 'x', 100_000, 'nothing');
    let yields = 0;
    while (steps.next().done !== true) yields++;
    expect(yields).toBeGreaterThan(3);
  });

  test('goes on from the row that is seen, and around the end', () => {
    const found = all(['e', 'x', 'e', 'x'], 'e');
    expect(firstFrom(found, 1)).toBe(1);
    expect(firstFrom(found, 3)).toBe(0);
  });
});
