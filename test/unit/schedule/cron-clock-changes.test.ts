import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextCronDue } from '../../../main/daemon/schedule/cron.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';
import { stretchAt } from '../../../main/daemon/schedule/zone.ts';
import { anyPattern, minutesOf, plainPattern, readingOf, vixieRuns } from './vixie.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function dueTimes(pattern: string, zone: string, afterMs: number, untilMs: number): number[] {
  const patterns = [parseCronPattern(pattern)];
  const found: number[] = [];
  let due = nextCronDue(patterns, zone, afterMs);
  while (due !== undefined && due <= untilMs) {
    found.push(due);
    due = nextCronDue(patterns, zone, due);
  }
  return found;
}

/** Due times of so many hours as ISO times in UTC without year and seconds. */
function dueIn(pattern: string, zone: string, from: string, hours: number): string[] {
  const start = Date.parse(from);
  return dueTimes(pattern, zone, start, start + hours * HOUR).map((ms) =>
    new Date(ms).toISOString().slice(5, 16),
  );
}

type Case = [name: string, pattern: string, zone: string, from: string, hours: number, due: string[]];

const BERLIN = 'Europe/Berlin';
const LORD_HOWE = 'Australia/Lord_Howe';
const SAO_PAULO = 'America/Sao_Paulo';

describe('cron(8): time moved forwards by less than three hours', () => {
  const before = '2026-03-28T12:00Z';
  const cases: Case[] = [
    [
      'a fixed time in the skipped hour is due once, at the change',
      '30 2 * * *',
      BERLIN,
      before,
      24,
      ['03-29T01:00'],
    ],
    ['several of them too', '0,15,30 2 * * *', BERLIN, before, 24, ['03-29T01:00']],
    ['a range with a step is a list of fixed times', '0-30/10 2 * * *', BERLIN, before, 24, ['03-29T01:00']],
    ['one together with the first time after the change', '0 2,3 * * *', BERLIN, before, 24, ['03-29T01:00']],
    ['fixed seconds too', '15 30 2 * * *', BERLIN, before, 24, ['03-29T01:00']],
    ['a fixed time after the change is as ever', '30 3 * * *', BERLIN, before, 24, ['03-29T01:30']],
    ['hourly', '0 * * * *', BERLIN, '2026-03-28T23:30Z', 3, ['03-29T00:00', '03-29T01:00', '03-29T02:00']],
    ['half-hourly', '*/30 * * * *', BERLIN, '2026-03-29T00:15Z', 1, ['03-29T00:30', '03-29T01:00']],
    ['a wildcard within the skipped hour is not made up for', '*/10 2 * * *', BERLIN, before, 24, []],
    ['New York', '30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', 24, ['03-08T07:00']],
    ['half an hour on Lord Howe', '15 2 * * *', LORD_HOWE, '2026-10-03T02:00Z', 24, ['10-03T15:30']],
    ['after half an hour on Lord Howe', '45 2 * * *', LORD_HOWE, '2026-10-03T02:00Z', 24, ['10-03T15:45']],
    ['midnight in São Paulo', '0 0 * * *', SAO_PAULO, '2018-11-03T12:00Z', 24, ['11-04T03:00']],
    [
      'by the day of the week it would have been',
      '30 0 * * 0',
      SAO_PAULO,
      '2018-11-03T12:00Z',
      24,
      ['11-04T03:00'],
    ],
    ['@daily in Santiago', '@daily', 'America/Santiago', '2026-09-05T12:00Z', 24, ['09-06T04:00']],
    ['midnight of a date in Cairo', '30 0 24 4 *', 'Africa/Cairo', '2026-04-23T12:00Z', 24, ['04-23T22:00']],
    ['two hours at Troll station', '30 2 * * *', 'Antarctica/Troll', before, 24, ['03-29T01:00']],
  ];
  test.each(cases)('%s', (_, pattern, zone, from, hours, due) => {
    expect(dueIn(pattern, zone, from, hours)).toEqual(due);
  });
});

describe('cron(8): time moved backwards by less than three hours', () => {
  const before = '2026-10-24T12:00Z';
  const cases: Case[] = [
    [
      'a fixed time in the repeated hour is due the first time only',
      '30 2 * * *',
      BERLIN,
      before,
      24,
      ['10-25T00:30'],
    ],
    ['its first minute too', '0 2 * * *', BERLIN, before, 24, ['10-25T00:00']],
    ['the minute after it', '0 3 * * *', BERLIN, before, 24, ['10-25T02:00']],
    ['several of them', '0,59 2 * * *', BERLIN, before, 24, ['10-25T00:00', '10-25T00:59']],
    ['hourly', '0 * * * *', BERLIN, '2026-10-24T23:30Z', 3, ['10-25T00:00', '10-25T01:00', '10-25T02:00']],
    ['half-hourly', '*/30 * * * *', BERLIN, '2026-10-25T00:15Z', 1, ['10-25T00:30', '10-25T01:00']],
    [
      'a wildcard within the repeated hour is due in both',
      '*/30 2 * * *',
      BERLIN,
      before,
      24,
      ['10-25T00:00', '10-25T00:30', '10-25T01:00', '10-25T01:30'],
    ],
    ['New York', '30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', 24, ['11-01T05:30']],
    ['half an hour on Lord Howe', '45 1 * * *', LORD_HOWE, '2026-04-04T02:00Z', 24, ['04-04T14:45']],
    ['hourly on Lord Howe', '45 * * * *', LORD_HOWE, '2026-04-04T14:00Z', 2, ['04-04T14:45', '04-04T15:15']],
    [
      'the hour before midnight in São Paulo',
      '30 23 * * *',
      SAO_PAULO,
      '2018-02-17T12:00Z',
      24,
      ['02-18T01:30'],
    ],
    ['the midnight after it', '@daily', SAO_PAULO, '2018-02-17T12:00Z', 24, ['02-18T03:00']],
    ['@daily in Santiago', '@daily', 'America/Santiago', '2026-04-04T12:00Z', 24, ['04-05T04:00']],
  ];
  test.each(cases)('%s', (_, pattern, zone, from, hours, due) => {
    expect(dueIn(pattern, zone, from, hours)).toEqual(due);
  });

  test('asked from within the second showing, fixed times wait for the next day', () => {
    expect(dueIn('30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10Z', 25)).toEqual(['10-26T01:30']);
    expect(dueIn('59 2 * * *', 'Europe/Berlin', '2026-10-25T00:59Z', 25)).toEqual(['10-26T01:59']);
    expect(dueIn('0 2 * * *', 'Europe/Berlin', '2026-10-25T00:59:59.999Z', 25)).toEqual(['10-26T01:00']);
  });
});

describe('cron(8): larger changes are corrections, and the new time simply holds', () => {
  test('Samoa went over 30 December 2011', () => {
    expect(dueIn('0 12 * * *', 'Pacific/Apia', '2011-12-29T12:00Z', 48)).toEqual([
      '12-29T22:00',
      '12-30T22:00',
    ]);
    expect(dueIn('0 12 30 12 *', 'Pacific/Apia', '2011-12-29T12:00Z', 48)).toEqual([]);
    expect(dueIn('0 */6 * * *', 'Pacific/Apia', '2011-12-30T05:00Z', 12)).toEqual([
      '12-30T10:00',
      '12-30T16:00',
    ]);
  });

  test('Kwajalein went back over almost a day in 1969', () => {
    // From +11:00 to -12:00.
    expect(dueIn('0 12 * * *', 'Pacific/Kwajalein', '1969-09-29T14:00Z', 48)).toEqual([
      '09-30T01:00',
      '10-01T00:00',
    ]);
  });
});

test('zones without changes', () => {
  expect(dueIn('30 2 * * *', 'UTC', '2026-03-28T12:00Z', 48)).toEqual(['03-29T02:30', '03-30T02:30']);
  expect(dueIn('30 2 * * *', 'Asia/Kolkata', '2026-03-28T12:00Z', 48)).toEqual([
    '03-28T21:00',
    '03-29T21:00',
  ]);
  expect(dueIn('0 * * * *', 'Asia/Kathmandu', '2026-03-28T12:00Z', 2)).toEqual([
    '03-28T12:15',
    '03-28T13:15',
  ]);
});

/**
 * Every change by more than five minutes and less than three hours (what Vixie's cron treats specially) or
 * much more.
 */
function changesOf(zone: string, fromYear: number, toYear: number): number[] {
  const found: number[] = [];
  const end = Date.UTC(toYear, 0);
  let stretch = stretchAt(zone, Date.UTC(fromYear, 0));
  while (stretch.endMs < end) {
    const next = stretchAt(zone, stretch.endMs);
    const change = Math.abs(next.offsetMs - stretch.offsetMs) / 60_000;
    if ((change > 5 && change < 179) || change > 181) found.push(next.startMs);
    stretch = next;
  }
  return found;
}

test('agrees with Vixie cron, minute by minute, around changes in many zones', () => {
  const zones = [
    ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'America/Sao_Paulo'],
    ...[
      'Pacific/Apia',
      'Africa/Casablanca',
      'America/St_Johns',
      'Asia/Gaza',
      'Asia/Tehran',
      'Antarctica/Troll',
    ],
    ...['Pacific/Kwajalein', 'America/Havana', 'Asia/Pyongyang', 'Europe/Dublin', 'Pacific/Chatham'],
  ];
  const changes = zones.flatMap((zone) => changesOf(zone, 1985, 2040).map((ms) => ({ zone, ms })));
  let rounds = 0;
  let due = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      fc.array(anyPattern, { minLength: 30, maxLength: 30 }),
      (change, patterns) => {
        const { zone } = change;
        const after = change.ms - 26 * HOUR;
        const until = change.ms + 26 * HOUR;
        const minutes = minutesOf(zone, after, until);
        for (const pattern of patterns) {
          const expected = vixieRuns(plainPattern(pattern), readingOf(zone, after), minutes);
          expect({ zone, pattern, due: dueTimes(pattern, zone, after, until) }).toEqual({
            zone,
            pattern,
            due: expected,
          });
          rounds += 1;
          due += expected.length;
        }
      },
    ),
    { numRuns: 25 },
  );
  console.log(
    `${rounds} patterns around ${changes.length} changes of ${zones.length} zones: ${due} due times agree`,
  );
});

test('asking from any moment gives the same due times', () => {
  let rounds = 0;
  const changes = ['Europe/Berlin', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Pacific/Apia'].flatMap(
    (zone) => changesOf(zone, 2005, 2030).map((ms) => ({ zone, ms })),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...changes),
      anyPattern,
      fc.integer({ min: -DAY, max: DAY }),
      (change, pattern, shift) => {
        const patterns = [parseCronPattern(pattern)];
        const all = dueTimes(pattern, change.zone, change.ms - DAY, change.ms + 2 * DAY);
        const from = change.ms + shift;
        const expected = all.find((ms) => ms > from);
        const found = nextCronDue(patterns, change.zone, from);
        if (expected !== undefined) expect(found).toBe(expected);
        else expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThan(change.ms + 2 * DAY);
        rounds += 1;
      },
    ),
    { numRuns: 1_000 },
  );
  console.log(`${rounds} moments around changes`);
});
