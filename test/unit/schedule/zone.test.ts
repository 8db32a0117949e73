import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  isTimeZone,
  localTime,
  readingAt,
  requireTimeZone,
  stretchAt,
} from '../../../main/daemon/schedule/zone.ts';

const HOUR = 3_600_000;

test('knows time zones by their names only', () => {
  for (const zone of ['Europe/Berlin', 'UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Ushuaia']) {
    expect(isTimeZone(zone)).toBe(true);
  }
  for (const zone of ['', 'Europe/Berln', '+01:00', '-05', ' UTC']) expect(isTimeZone(zone)).toBe(false);
  expect(() => requireTimeZone('Europe/Berln')).toThrow('"Europe/Berln" is not the name of a time zone');
});

describe('stretches', () => {
  test('of a zone with summer time', () => {
    const summer = stretchAt('Europe/Berlin', Date.UTC(2026, 6));
    expect(summer).toEqual({
      startMs: Date.UTC(2026, 2, 29, 1),
      endMs: Date.UTC(2026, 9, 25, 1),
      offsetMs: 2 * HOUR,
      previousOffsetMs: HOUR,
    });
    expect(stretchAt('Europe/Berlin', summer.startMs)).toEqual(summer);
    expect(stretchAt('Europe/Berlin', summer.endMs - 1)).toEqual(summer);
    expect(stretchAt('Europe/Berlin', summer.endMs)).toMatchObject({
      startMs: summer.endMs,
      previousOffsetMs: 2 * HOUR,
    });
  });

  test('cover time without a break, in whatever order they are asked for', () => {
    // This zone is asked for here only, so that its table grows in both directions from the first question.
    const zone = 'America/Recife';
    expect(stretchAt(zone, Date.UTC(2000, 9, 10)).offsetMs).toBe(-2 * HOUR);
    stretchAt(zone, Date.UTC(2020, 0));
    let count = 0;
    for (let stretch = stretchAt(zone, Date.UTC(1985, 0)); stretch.endMs < Date.UTC(2015, 0); count += 1) {
      const next = stretchAt(zone, stretch.endMs);
      expect(next.startMs).toBe(stretch.endMs);
      expect(next.previousOffsetMs).toBe(stretch.offsetMs);
      expect(next.offsetMs).not.toBe(stretch.offsetMs);
      expect(stretchAt(zone, next.startMs - 1)).toMatchObject({ endMs: next.startMs });
      for (const ms of [stretch.startMs, stretch.endMs - 1])
        expect(readingAt(zone, ms) - ms).toBe(stretch.offsetMs);
      stretch = next;
    }
    // Seven summers, the last of one week, each with a start and an end.
    expect(count).toBeGreaterThanOrEqual(14);
  });
});

describe('what a reading of the clocks stands for', () => {
  test.each([
    ['Europe/Berlin', '2026-12-24T18:00Z', { kind: 'once', ms: Date.parse('2026-12-24T17:00Z') }],
    [
      'Europe/Berlin',
      '2026-03-29T02:30Z',
      { kind: 'skipped', transitionMs: Date.parse('2026-03-29T01:00Z') },
    ],
    [
      'Europe/Berlin',
      '2026-03-29T02:00Z',
      { kind: 'skipped', transitionMs: Date.parse('2026-03-29T01:00Z') },
    ],
    ['Europe/Berlin', '2026-03-29T03:00Z', { kind: 'once', ms: Date.parse('2026-03-29T01:00Z') }],
    ['Europe/Berlin', '2026-10-25T03:00Z', { kind: 'once', ms: Date.parse('2026-10-25T02:00Z') }],
    [
      'Europe/Berlin',
      '2026-10-25T02:30Z',
      {
        kind: 'repeated',
        firstMs: Date.parse('2026-10-25T00:30Z'),
        secondMs: Date.parse('2026-10-25T01:30Z'),
      },
    ],
    [
      'Australia/Lord_Howe',
      '2026-10-04T02:15Z',
      { kind: 'skipped', transitionMs: Date.parse('2026-10-03T15:30Z') },
    ],
    [
      'Australia/Lord_Howe',
      '2026-04-05T01:45Z',
      {
        kind: 'repeated',
        firstMs: Date.parse('2026-04-04T14:45Z'),
        secondMs: Date.parse('2026-04-04T15:15Z'),
      },
    ],
    [
      'America/Sao_Paulo',
      '2018-11-04T00:00Z',
      { kind: 'skipped', transitionMs: Date.parse('2018-11-04T03:00Z') },
    ],
    ['Pacific/Apia', '2011-12-30T12:00Z', { kind: 'skipped', transitionMs: Date.parse('2011-12-30T10:00Z') }],
    [
      'Pacific/Kwajalein',
      '1969-09-30T12:00Z',
      {
        kind: 'repeated',
        firstMs: Date.parse('1969-09-30T01:00Z'),
        secondMs: Date.parse('1969-10-01T00:00Z'),
      },
    ],
    ['Asia/Kathmandu', '2026-01-01T00:00Z', { kind: 'once', ms: Date.parse('2025-12-31T18:15Z') }],
  ])('%s %s', (zone, reading, expected) => {
    expect(localTime(zone, Date.parse(reading))).toEqual(expected);
  });

  test('is shown at that instant, in every zone and around the year', () => {
    let shown = 0;
    for (const zone of Intl.supportedValuesOf('timeZone').filter((_, index) => index % 5 === 0)) {
      for (let reading = Date.UTC(2026, 0, 1, 0, 30); reading < Date.UTC(2027, 0); reading += 61 * HOUR) {
        const local = localTime(zone, reading);
        if (local.kind === 'once') expect(readingAt(zone, local.ms)).toBe(reading);
        if (local.kind === 'repeated') {
          expect(local.firstMs).toBeLessThan(local.secondMs);
          for (const ms of [local.firstMs, local.secondMs]) expect(readingAt(zone, ms)).toBe(reading);
        }
        if (local.kind === 'skipped') {
          expect(readingAt(zone, local.transitionMs)).toBeGreaterThan(reading);
          expect(readingAt(zone, local.transitionMs - 1)).toBeLessThan(reading);
        }
        shown += 1;
      }
    }
    console.log(`${shown} readings`);
  });
});

describe("a process's own zone", () => {
  const module = resolve(import.meta.dirname, '../../../main/daemon/schedule/zone.ts');
  /** All stretches of a zone over 25 years, as a process in some zone tells them. */
  const told = (zone: string, processZone: string): unknown => {
    const program = `import { stretchAt } from ${JSON.stringify(module)};
      const stretches = [];
      for (let ms = Date.UTC(2020, 0); ms < Date.UTC(2045, 0); ms = stretches.at(-1).endMs)
        stretches.push(stretchAt(${JSON.stringify(zone)}, ms));
      console.log(JSON.stringify(stretches));`;
    const words = ['--input-type=module', '--no-warnings', '-e', program];
    const { stdout, stderr } = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      env: { ...process.env, TZ: processZone },
    });
    return stderr === '' ? JSON.parse(stdout) : stderr;
  };

  test.each(['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Kathmandu', 'Asia/Gaza'])(
    'has the same stretches when seen from another one: %s',
    (zone) => {
      const own = told(zone, zone);
      expect(own).toBeInstanceOf(Array);
      expect(own).toEqual(told(zone, 'America/Chicago'));
    },
  );

  test('is refused when it is no zone, though the process is said to be in it', () => {
    expect(told('Nowhere/City', 'Nowhere/City')).toContain('RangeError');
  });
});
