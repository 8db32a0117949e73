import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextCronDue } from '../../../main/daemon/schedule/cron.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';
import { stretchAt } from '../../../main/daemon/schedule/zone.ts';
import { anyPattern, matches, minutesOf, plainPattern } from './vixie.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

const moment = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2060, 0) });

/** Whether the zone's clocks go unchanged from half a day before to the end. */
function steady(zone: string, afterMs: number, untilMs: number): boolean {
  const { startMs, endMs } = stretchAt(zone, afterMs);
  return startMs < afterMs - DAY / 2 && endMs > untilMs;
}

test('is strictly after, matches, and skips nothing in between, minute by minute', () => {
  let rounds = 0;
  let due = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      moment,
      fc.array(anyPattern, { minLength: 20, maxLength: 20 }),
      (zone, after, texts) => {
        const until = after + 2 * DAY;
        fc.pre(steady(zone, after, until));
        const minutes = minutesOf(
          zone,
          Math.floor(after / MINUTE) * MINUTE,
          Math.floor(until / MINUTE) * MINUTE,
        );
        for (const text of texts) {
          const plain = plainPattern(text);
          const expected = minutes.find(({ ms, reading }) => ms > after && matches(plain, reading))?.ms;
          const found = nextCronDue([parseCronPattern(text)], zone, after);
          if (expected !== undefined) expect({ zone, text, found }).toEqual({ zone, text, found: expected });
          else expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThan(until - MINUTE);
          rounds += 1;
          if (expected !== undefined) due += 1;
        }
      },
    ),
    { numRuns: 40 },
  );
  console.log(`${rounds} patterns compared over two days each, ${due} due in them`);
});

test('is strictly after and matches, however far away', () => {
  let rounds = 0;
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moment, anyPattern, (zone, after, text) => {
      const due = nextCronDue([parseCronPattern(text)], zone, after);
      if (due === undefined) return;
      expect(due).toBeGreaterThan(after);
      if (!steady(zone, due, due + 1)) return;
      const [minute] = minutesOf(zone, due - MINUTE, due);
      expect(matches(plainPattern(text), minute?.reading ?? 0)).toBe(true);
      rounds += 1;
    }),
    { numRuns: 1_000 },
  );
  console.log(`${rounds} due times match their patterns`);
});

test('several patterns are due whenever one of them is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      moment,
      fc.array(anyPattern, { minLength: 1, maxLength: 4 }),
      (zone, after, texts) => {
        const patterns = texts.map(parseCronPattern);
        const each = patterns.map(
          (pattern) => nextCronDue([pattern], zone, after) ?? Number.POSITIVE_INFINITY,
        );
        expect(nextCronDue(patterns, zone, after) ?? Number.POSITIVE_INFINITY).toBe(Math.min(...each));
      },
    ),
    { numRuns: 300 },
  );
});

test('what is kept of compiled patterns does not change answers', () => {
  fc.assert(
    fc.property(moment, fc.array(anyPattern, { minLength: 40, maxLength: 120 }), (after, texts) => {
      const patterns = texts.map(parseCronPattern);
      const ask = () => patterns.map((pattern) => nextCronDue([pattern], 'UTC', after));
      const fresh = texts.map((text, index) => {
        const { sixFields } = patterns[index] ?? { sixFields: '' };
        const fields = text.split(' ');
        const domAndDow = (fields[2]?.startsWith('*') || fields[4]?.startsWith('*')) ?? false;
        return new Cron(sixFields, { timezone: 'UTC', domAndDow }).nextRun(new Date(after))?.getTime();
      });
      expect(ask()).toEqual(fresh);
      expect(ask()).toEqual(fresh);
      expect(patterns.toReversed().map((pattern) => nextCronDue([pattern], 'UTC', after))).toEqual(
        fresh.toReversed(),
      );
    }),
    { numRuns: 30 },
  );
});

test('10,000 patterns, all different, are read and get a due time (measurement)', () => {
  const started = performance.now();
  const before = process.memoryUsage().heapUsed;
  const patterns = Array.from({ length: 10_000 }, (_, index) =>
    parseCronPattern(
      `${index % 60} ${Math.floor(index / 60) % 24} ${1 + (Math.floor(index / 1_440) % 28)} * *`,
    ),
  );
  const read = performance.now();
  const due = patterns.map((pattern) => nextCronDue([pattern], 'Europe/Berlin', Date.UTC(2026, 0)));
  const ended = performance.now();
  expect(due.every((ms) => ms !== undefined)).toBe(true);
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
  console.log(
    `10,000 patterns: read in ${Math.round(read - started)} ms, due in ${Math.round(ended - read)} ms, heap ${megabytes.toFixed(1)} MB (garbage included)`,
  );
  expect(ended - started).toBeLessThan(20_000);
});
