import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SoloistError } from '../../../main/daemon/errors.ts';
import {
  atTrigger,
  CLOCK_CORRECTION_MS,
  countDue,
  cronTrigger,
  everyTrigger,
  jitterMs,
  latestDue,
  nextDue,
  type TimeTrigger,
} from '../../../main/daemon/schedule/triggers.ts';
import { anyPattern } from './vixie.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 4, 1, 12);

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SoloistError) return error.code;
    throw error;
  }
  return 'none';
}

describe('every', () => {
  const trigger = everyTrigger(15 * MINUTE, NOON);

  test('is first due one interval after the anchor', () => {
    expect(nextDue(trigger, NOON)).toBe(NOON + 15 * MINUTE);
    expect(nextDue(trigger, NOON - HOUR)).toBe(NOON + 15 * MINUTE);
    expect(nextDue(trigger, NOON + 15 * MINUTE)).toBe(NOON + 30 * MINUTE);
  });

  test('goes on from the last due time, whatever the anchor', () => {
    expect(nextDue(trigger, NOON + HOUR, NOON + 7 * MINUTE)).toBe(NOON + HOUR + 7 * MINUTE);
  });

  test('a clock that went back a little is waited for; one that went back much is taken as corrected, in the same phase', () => {
    expect(nextDue(trigger, NOON - HOUR, NOON + 7 * MINUTE)).toBe(NOON + 22 * MINUTE);
    expect(nextDue(trigger, NOON - DAY, NOON + 7 * MINUTE)).toBe(NOON - DAY + 7 * MINUTE);
    expect(nextDue(trigger, NOON - DAY)).toBe(NOON - DAY + 15 * MINUTE);
  });

  test('is not disturbed by summer time', () => {
    const start = Date.parse('2026-03-29T00:30Z');
    const hourly = everyTrigger(HOUR, start);
    expect(nextDue(hourly, start + HOUR)).toBe(start + 2 * HOUR);
  });

  test('too short and broken intervals are refused', () => {
    for (const interval of [0, 999, -1, Number.NaN, 1_000.5, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => everyTrigger(interval, NOON))).toBe('bad-interval');
    }
  });

  test('keeps its phase over any restarts', () => {
    const interval = fc.integer({ min: 1_000, max: 40 * DAY });
    const naps = fc.array(fc.integer({ min: 0, max: 90 * DAY }), { maxLength: 20 });
    fc.assert(
      fc.property(interval, naps, (intervalMs, steps) => {
        const every = everyTrigger(intervalMs, NOON);
        let now = NOON;
        let last: number | undefined;
        for (const step of steps) {
          now += step;
          const due = nextDue(every, now, last) ?? Number.NaN;
          expect(due).toBeGreaterThan(now);
          expect(due - now).toBeLessThanOrEqual(intervalMs);
          expect((due - NOON) % intervalMs).toBe(0);
          last = due;
          now = due;
        }
      }),
    );
  });
});

describe('at', () => {
  test.each([
    ['2026-12-24T18:00', '2026-12-24T17:00Z', 'once'],
    ['2026-12-24 18:00', '2026-12-24T17:00Z', 'once'],
    ['2026-12-24t18:00:30', '2026-12-24T17:00:30Z', 'once'],
    ['2026-12-24', '2026-12-23T23:00Z', 'once'],
    ['2026-12-24T18:00Z', '2026-12-24T18:00Z', 'instant'],
    ['2026-12-24T18:00+05:30', '2026-12-24T12:30Z', 'instant'],
    ['2026-12-24T18:00:00-0500', '2026-12-24T23:00Z', 'instant'],
    ['2026-03-29T02:30', '2026-03-29T01:00Z', 'skipped'],
    ['2026-10-25T02:30', '2026-10-25T00:30Z', 'repeated'],
    ['2028-02-29T00:00', '2028-02-28T23:00Z', 'once'],
  ])('reads %s in Berlin', (text, instant, reading) => {
    expect(atTrigger(text, 'Europe/Berlin')).toEqual({
      trigger: { kind: 'at', atMs: Date.parse(instant), zone: 'Europe/Berlin' },
      reading,
    });
  });

  test.each([
    '',
    'tomorrow',
    '24.12.2026',
    '2026-02-29',
    '2026-13-01',
    '2026-12-24T24:00',
    '2026-12-24T18',
    '2026-12-24T18:60',
    '2026-12-24T18:00+99:00',
    '2026-12-24T18:00:00.5',
  ])('refuses %s', (text) => {
    expect(codeOf(() => atTrigger(text, 'Europe/Berlin'))).toBe('bad-time');
  });

  test('is due once', () => {
    const { trigger } = atTrigger('2026-05-01T12:00Z', 'UTC');
    expect(nextDue(trigger, NOON - 1)).toBe(NOON);
    expect(nextDue(trigger, NOON)).toBeUndefined();
    expect(nextDue(trigger, NOON - HOUR, NOON)).toBeUndefined();
  });
});

describe('cron', () => {
  test('refuses unknown zones, broken patterns and empty lists', () => {
    expect(codeOf(() => cronTrigger(['* * * * *'], 'Europe/Berln'))).toBe('bad-time-zone');
    expect(codeOf(() => cronTrigger(['* * * * *', 'x'], 'UTC'))).toBe('bad-schedule');
    expect(codeOf(() => cronTrigger([], 'UTC'))).toBe('bad-schedule');
  });

  test('after a clock that went back a little, nothing is due again; after one that went back much, everything is', () => {
    const trigger = cronTrigger(['*/10 * * * *'], 'UTC');
    expect(nextDue(trigger, NOON - HOUR, NOON)).toBe(NOON + 10 * MINUTE);
    expect(nextDue(trigger, NOON - CLOCK_CORRECTION_MS + 1, NOON)).toBe(NOON + 10 * MINUTE);
    expect(nextDue(trigger, NOON - CLOCK_CORRECTION_MS, NOON)).toBe(NOON - CLOCK_CORRECTION_MS + 10 * MINUTE);
  });
});

const anyTrigger: fc.Arbitrary<TimeTrigger> = fc.oneof(
  fc
    .tuple(
      fc.array(anyPattern, { minLength: 1, maxLength: 2 }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
    )
    .map(([patterns, zone]) => cronTrigger(patterns, zone)),
  fc.integer({ min: MINUTE, max: 3 * DAY }).map((interval) => everyTrigger(interval, NOON)),
  fc
    .integer({ min: -DAY, max: 5 * DAY })
    .map((shift): TimeTrigger => ({ kind: 'at', atMs: NOON + shift, zone: 'UTC' })),
);

test('the latest due time and the number of due times are those of counting them one by one', () => {
  let rounds = 0;
  let due = 0;
  fc.assert(
    fc.property(
      anyTrigger,
      fc.integer({ min: 0, max: 30 * DAY }),
      fc.integer({ min: 0, max: 4 * DAY }),
      fc.constantFrom(1, MINUTE, HOUR),
      (trigger, shift, length, unit) => {
        const after = NOON + shift;
        const until = Math.max(after, Math.floor((after + length) / unit) * unit);
        const all: number[] = [];
        for (let ms = nextDue(trigger, after); ms !== undefined && ms <= until; ms = nextDue(trigger, ms))
          all.push(ms);
        expect(latestDue(trigger, after, until)).toBe(all.at(-1));
        expect(countDue(trigger, after, until, 10_000)).toEqual({ count: all.length, exact: true });
        if (trigger.kind !== 'every') {
          expect(countDue(trigger, after, until, 3)).toEqual({
            count: Math.min(3, all.length),
            exact: all.length <= 3,
          });
        }
        rounds += 1;
        due += all.length;
      },
    ),
    { numRuns: 400 },
  );
  console.log(`${rounds} spans with ${due} due times`);
});

test('the latest due time of a year of every second, and of one cluttered January, takes few steps', () => {
  const year = 365 * DAY;
  expect(latestDue(cronTrigger(['* * * * * *'], 'UTC'), NOON - year, NOON + 500)).toBe(NOON);
  // The end is just as far from the latest due time as due times usually are from each other.
  const saturday = Date.UTC(2026, 4, 9, 3);
  expect(latestDue(cronTrigger(['0 3 * * 1-5'], 'UTC'), saturday - 20 * DAY, saturday)).toBe(saturday - DAY);
  expect(latestDue(cronTrigger(['* * 1 1 *'], 'UTC'), NOON - year, NOON)).toBe(Date.UTC(2026, 0, 1, 23, 59));
  expect(countDue(cronTrigger(['* * * * * *'], 'UTC'), NOON - year, NOON, 1_000)).toEqual({
    count: 1_000,
    exact: false,
  });
  expect(countDue(everyTrigger(1_000, NOON - year), NOON - year, NOON, 1_000)).toEqual({
    count: year / 1_000,
    exact: true,
  });
});

describe('jitter', () => {
  test('is the same each time, within its bounds, and differs between jobs and due times', () => {
    expect(jitterMs('backup', NOON, 60_000)).toBe(jitterMs('backup', NOON, 60_000));
    expect(jitterMs('backup', NOON, 0)).toBe(0);
    // Held fast: another result would move runs that wait for their jitter over a restart into a new version.
    expect([
      jitterMs('backup', NOON, 60_000),
      jitterMs('sync', NOON, 60_000),
      jitterMs('backup', NOON + DAY, 60_000),
    ]).toMatchInlineSnapshot(`
      [
        13084,
        8052,
        46107,
      ]
    `);
  });

  test('is spread evenly, over names as over due times', () => {
    for (const values of [
      Array.from({ length: 10_000 }, (_, index) => jitterMs(`job-${index}`, NOON, 9)),
      Array.from({ length: 10_000 }, (_, index) => jitterMs('backup', NOON + index * DAY, 9)),
    ]) {
      const counts = Array.from({ length: 10 }, (_, value) => values.filter((one) => one === value).length);
      for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
    }
  });
});
