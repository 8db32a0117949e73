import { expect, test } from 'vitest';
import { countInWords, pidsInWords, processesInWords } from '../../../../main/daemon/health/guards/words.ts';
import type { ProcessView } from '../../../../main/daemon/health/report.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const view = (pid: number, ageMs: number, more: Partial<ProcessView> = {}): ProcessView => ({
  pid,
  started: '1',
  since: new Date(NOW - ageMs).toISOString(),
  cpuMs: 3_140,
  memoryBytes: 45_600_000,
  command: 'python -m notes.daemon',
  ...more,
});

test('counts are sentences', () => {
  expect([0, 1, 14].map((count) => countInWords('notes', count, 1))).toEqual([
    'No copies of notes run, and 1 may',
    '1 copy of notes runs, and 1 may',
    '14 copies of notes run, and 1 may',
  ]);
  expect(countInWords('notes', 1, 0)).toBe('1 copy of notes runs, and none may');
});

test('processes are told with their age, CPU, memory and command', () => {
  expect(processesInWords([view(7, 93_784_000)], NOW)).toBe(
    'PID 7 (1d2h old, 3.1 s CPU, 45.6 MB, python -m notes.daemon)',
  );
  const ages = [0, 59_999, 61_000, 3_599_999, 7_261_000, -5_000].map((age) => view(1, age));
  expect(ages.map((one) => /\((\S+) old/.exec(processesInWords([one], NOW))?.[1])).toEqual([
    '0s',
    '59s',
    '1m1s',
    '59m59s',
    '2h1m',
    '0s',
  ]);
});

test('what the system does not tell is left out, and long commands are cut', () => {
  const unknown = view(7, 0, {
    since: null,
    cpuMs: null,
    memoryBytes: null,
    command: `a\nb ${'x'.repeat(500)}`,
  });
  expect(processesInWords([unknown], NOW)).toBe(`PID 7 (a b ${'x'.repeat(56)}…)`);
});

test('of very many, the first are named', () => {
  const many = Array.from({ length: 500 }, (_, index) => view(index + 100, 0));
  expect(pidsInWords(many)).toMatch(/^PIDs 100, 101, .*, 119, and 480 more$/);
  expect(pidsInWords(many.slice(0, 1))).toBe('PID 100');
  expect(processesInWords(many, NOW)).toMatch(/; and 480 more$/);
});
