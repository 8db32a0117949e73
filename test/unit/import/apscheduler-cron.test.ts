import { expect, test } from 'vitest';
import { nextCronDue } from '../../../main/daemon/schedule/cron.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';
import { cronMeaning } from '../../../main/import/apscheduler/cron.ts';
import { DUE_TIMES } from './apscheduler-due-times.ts';

/** The first due times of the patterns after a moment, in UTC. */
function dueTimes(patterns: readonly string[], after: string, count: number): string[] {
  const parsed = patterns.map(parseCronPattern);
  const due: string[] = [];
  let from = Date.parse(after) - 1;
  while (due.length < count) {
    const next = nextCronDue(parsed, 'UTC', from);
    if (next === undefined) break;
    due.push(new Date(next).toISOString().slice(0, 19));
    from = next;
  }
  return due;
}

test.each(DUE_TIMES.map(([fields, due]) => [JSON.stringify(fields), fields, due] as const))(
  '%s',
  (_, fields, due) => {
    const meaning = cronMeaning(fields);
    if (due === undefined) {
      expect(meaning).toMatchObject({ kind: 'none', why: expect.stringContaining('would refuse') });
      return;
    }
    const patterns = meaning.kind === 'schedule' ? meaning.patterns : [];
    expect({ patterns, due: dueTimes(patterns, '2026-01-31T13:07:09Z', due.length) }).toEqual({
      patterns,
      due,
    });
  },
);

test('what cron patterns cannot say has a reason', () => {
  expect(cronMeaning({ week: '1-52/2' })).toMatchObject({ kind: 'none', field: 'week' });
  expect(cronMeaning({ year: '2026-2028' })).toMatchObject({ kind: 'none', field: 'year' });
  expect(cronMeaning({ day: '3rd fri', day_of_week: 'mon' })).toMatchObject({
    kind: 'none',
    field: undefined,
  });
  expect(cronMeaning({ month: '2', day: '30' })).toMatchObject({ kind: 'none', field: undefined });
});

test('a single date with its year is a moment', () => {
  expect(cronMeaning({ year: '2027', month: '5', day: '9', hour: '6', minute: '5' })).toEqual({
    kind: 'at',
    time: '2027-05-09T06:05:00',
  });
});
