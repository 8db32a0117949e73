import { expect, test } from 'vitest';
import { endOf, matches, NO_FILTERS, queryOf } from '../../../renderer/history/filters.ts';
import { runAt } from './run-view.ts';

const NOW = Date.UTC(2026, 10, 29, 12);

test('filters become a query of only what is set', () => {
  expect(queryOf(NO_FILTERS, NOW)).toEqual({});
  expect(queryOf({ ...NO_FILTERS, job: 'backup', period: 'hour', text: '  disk ' }, NOW)).toEqual({
    job: 'backup',
    since: new Date(NOW - 3_600_000).toISOString(),
    text: 'disk',
  });
  expect(queryOf({ ...NO_FILTERS, lastDay: '2026-11-30' }, NOW).until).toBe(
    new Date(2026, 11, 1).toISOString(),
  );
});

test('a day ends with the midnight after it, at the end of a month too', () => {
  expect(endOf('2026-12-31')).toEqual(new Date(2027, 0, 1));
});

test('a run that happens now is shown if it matches, and none while earlier days are shown', () => {
  const skipped = runAt(NOW, { outcome: { kind: 'skipped', reason: 'Still running since 09:14' } });
  expect(matches(skipped, NO_FILTERS)).toBe(true);
  expect(matches(skipped, { ...NO_FILTERS, text: 'still RUNNING' })).toBe(true);
  expect(matches(skipped, { ...NO_FILTERS, text: 'disk' })).toBe(false);
  expect(matches(skipped, { ...NO_FILTERS, outcome: 'failed' })).toBe(false);
  expect(matches(skipped, { ...NO_FILTERS, job: 'other' })).toBe(false);
  expect(matches(skipped, { ...NO_FILTERS, lastDay: '2026-11-28' })).toBe(false);
});
