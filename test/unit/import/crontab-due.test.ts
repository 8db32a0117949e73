import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextCronDue } from '../../../main/daemon/schedule/cron.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';
import { importCrontab } from '../../../main/import/crontab/crontab.ts';
import { TEST_SEED } from '../../support/seed.ts';
import { matches, plainPattern } from '../schedule/vixie.ts';

const MINUTE = 60_000;
/** A Sunday in a leap year. */
const START = Date.UTC(2028, 0, 30);

/** The schedule that an entry with these times becomes. */
function imported(times: string): string {
  const [job] = importCrontab(`${times} job\n`).jobs;
  if (job === undefined) throw new Error(`nothing is imported of ${times}`);
  return String(job.settings.schedule);
}

/** The first due times of an imported entry, as ISO times to the minute, by a clock in UTC. */
function due(times: string, count: number): string[] {
  const pattern = parseCronPattern(imported(times));
  const found: string[] = [];
  for (let after = START - 1; found.length < count; ) {
    after = nextCronDue([pattern], 'UTC', after) ?? Number.NaN;
    found.push(new Date(after).toISOString().slice(0, 16));
  }
  return found;
}

describe('what crontab(5) says', () => {
  test.each([
    [
      'either day matches if neither begins with a star',
      '30 4 1,15 * 5',
      ['2028-02-01T04:30', '2028-02-04T04:30'],
    ],
    [
      'both days must match if one begins with a star',
      '0 0 */2 * mon',
      ['2028-01-31T00:00', '2028-02-07T00:00'],
    ],
    ['7 is Sunday', '0 12 * * 7', ['2028-01-30T12:00', '2028-02-06T12:00']],
    ['0-7 is every day', '0 12 * * 0-7', ['2028-01-30T12:00', '2028-01-31T12:00']],
    ['5-7 is the weekend', '0 12 * * 5-7', ['2028-01-30T12:00', '2028-02-04T12:00', '2028-02-05T12:00']],
    ['names in any case, also in ranges', '0 9 * JAN,Feb mon-FRI', ['2028-01-31T09:00', '2028-02-01T09:00']],
    [
      'a step counts from the least value',
      '*/25 * * * *',
      ['2028-01-30T00:00', '2028-01-30T00:25', '2028-01-30T00:50', '2028-01-30T01:00'],
    ],
    [
      'a step in a range',
      '10-40/15 6 * * *',
      ['2028-01-30T06:10', '2028-01-30T06:25', '2028-01-30T06:40', '2028-01-31T06:10'],
    ],
    ['only in leap years', '0 0 29 feb *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['@weekly', '@weekly', ['2028-01-30T00:00', '2028-02-06T00:00']],
  ])('%s', (_, times, expected) => {
    expect(due(times, expected.length)).toEqual(expected);
  });

  test.each([
    ['5/20 * * * *', '5-59/20 * * * *'],
    ['0 22-4 * * *', '0 22,23,0,1,2,3,4 * * *'],
    ['0 22-3/2 * * *', '0 22,0,2 * * *'],
    ['0 0 * * sat-mon', '0 0 * * 6,0,1'],
    ['0 0 * nov-feb *', '0 0 * 11,12,1,2 *'],
    ['*/90 * * * *', '0 * * * *'],
  ])('%s is %s', (times, same) => {
    expect(due(times, 20)).toEqual(due(same, 20));
  });
});

/** A field of numbers as Vixie's cron takes it. */
function field(least: number, most: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: least, max: most });
  const range = fc
    .tuple(value, value)
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = fc.tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max: most + 5 }));
  const part = fc.oneof(
    value.map(String),
    range,
    step.map(([whole, by]) => `${whole}/${by}`),
  );
  return fc.oneof(
    fc.constant('*'),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
}

test('any entry is due when Vixie’s cron would run it', () => {
  const times = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7));
  fc.assert(
    fc.property(times, fc.nat({ max: 500_000 }), (fields, offset) => {
      const text = fields.join(' ');
      const [job] = importCrontab(`${text} job\n`).jobs;
      // 31 April and the like.
      if (job === undefined) return;
      const plain = plainPattern(text);
      const pattern = parseCronPattern(String(job.settings.schedule));
      const from = START + offset * MINUTE;
      const next = nextCronDue([pattern], 'UTC', from - 1);
      for (let reading = from; reading < from + 1000 * MINUTE; reading += MINUTE) {
        if (!matches(plain, reading)) continue;
        expect(next).toBe(reading);
        return;
      }
      expect(next).toBeGreaterThanOrEqual(from + 1000 * MINUTE);
    }),
    { numRuns: 500, seed: TEST_SEED },
  );
});
