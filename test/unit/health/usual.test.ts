import { expect, test } from 'vitest';
import { usualQuietMs } from '../../../main/daemon/health/usual.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('a job that the clock makes due is quiet after three of its longest pauses', () => {
  const daily = [0, 1, 2, 3].map((day) => day * DAY);
  expect(usualQuietMs({ nextDue: daily, successes: [], durationMs: 5_000 })).toBe(3 * DAY);
  const weekdays = [1, 2, 3, 4, 5, 8, 9].map((day) => day * DAY);
  expect(usualQuietMs({ nextDue: weekdays, successes: [], durationMs: undefined })).toBe(9 * DAY);
});

test('one that is due each minute has ten', () => {
  const minutes = [0, MINUTE, 2 * MINUTE];
  expect(usualQuietMs({ nextDue: minutes, successes: [], durationMs: 1_000 })).toBe(10 * MINUTE);
});

test('one whose runs take longer than the pauses between due times is given their time', () => {
  const hourly = [0, HOUR, 2 * HOUR];
  expect(usualQuietMs({ nextDue: hourly, successes: [], durationMs: 5 * HOUR })).toBe(15 * HOUR);
});

test('one that the clock does not make due is measured by its successes, if there are enough', () => {
  const successes = [10, 9, 8, 5, 4, 3].map((hour) => hour * HOUR);
  expect(usualQuietMs({ nextDue: [], successes, durationMs: undefined })).toBe(9 * HOUR);
  expect(usualQuietMs({ nextDue: [], successes: successes.slice(0, 4), durationMs: undefined })).toBe(
    undefined,
  );
  // Due once, and never again.
  expect(usualQuietMs({ nextDue: [HOUR], successes: [], durationMs: undefined })).toBe(undefined);
});
