import { expect, test } from 'vitest';
import { uptimeInWords } from '../../../main/cli/status.ts';
import { momentInWords } from '../../../main/daemon/lock/already-running.ts';

test('a moment today is a clock time, any other has its date', () => {
  const now = new Date(2026, 10, 23, 18, 0);
  expect(momentInWords(new Date(2026, 10, 23, 9, 14).toISOString(), now)).toBe('09:14');
  expect(momentInWords(new Date(2026, 10, 21, 9, 14).toISOString(), now)).toBe('2026-11-21 09:14');
});

test('an uptime is told in its two largest units', () => {
  expect([0, 59, 60, 3_599, 3_600, 8_040, 86_400, 273_600].map(uptimeInWords)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h 0 min',
    '2 h 14 min',
    '1 d 0 h',
    '3 d 4 h',
  ]);
});
