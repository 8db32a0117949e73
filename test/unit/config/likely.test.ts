import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, likelyWord } from '../../../main/daemon/config/likely.ts';

const KEYS = [
  'schedule',
  'every',
  'at',
  'watch',
  'keep_alive',
  'timeout',
  'timezone',
  'run',
  'retry',
  'env',
  'env_file',
];

describe('the likely word', () => {
  test.each([
    ['shedule', 'schedule'],
    ['scheduel', 'schedule'],
    ['Schedule', 'schedule'],
    ['keepAlive', 'keep_alive'],
    ['keep-alive', 'keep_alive'],
    ['time_out', 'timeout'],
    ['timezon', 'timezone'],
    ['rum', 'run'],
    ['envfile', 'env_file'],
    ['evry', 'every'],
  ])('%s means %s', (word, likely) => {
    expect(likelyWord(word, KEYS)).toBe(likely);
  });

  test.each(['command', 'x', '', 'cron', 'a'.repeat(1_000)])('%s means none of them', (word) => {
    expect(likelyWord(word, KEYS)).toBeUndefined();
  });

  test('never suggests the word itself', () => {
    expect(likelyWord('run', ['run'])).toBeUndefined();
  });
});

describe('edit distance', () => {
  const word = fc.string({ maxLength: 12 });

  /** The definition, without any shortcut. */
  function slow(one: string, other: string): number {
    if (one === '' || other === '') return one.length + other.length;
    const cost = one.at(-1) === other.at(-1) ? 0 : 1;
    const distances = [
      slow(one.slice(0, -1), other) + 1,
      slow(one, other.slice(0, -1)) + 1,
      slow(one.slice(0, -1), other.slice(0, -1)) + cost,
    ];
    if (one.length > 1 && other.length > 1 && one.at(-1) === other.at(-2) && one.at(-2) === other.at(-1)) {
      distances.push(slow(one.slice(0, -2), other.slice(0, -2)) + 1);
    }
    return Math.min(...distances);
  }

  test('is what its definition says', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(short, short, (one, other) => {
        expect(editDistance(one, other, 99)).toBe(slow(one, other));
      }),
      {
        numRuns: 500,
      },
    );
  });

  test('is the same in both directions, and more than the limit where it is more', () => {
    fc.assert(
      fc.property(word, word, fc.nat(12), (one, other, limit) => {
        const distance = editDistance(one, other, 99);
        expect(editDistance(other, one, 99)).toBe(distance);
        const limited = editDistance(one, other, limit);
        if (distance <= limit) expect(limited).toBe(distance);
        else expect(limited).toBeGreaterThan(limit);
      }),
    );
  });
});
