import { expect, test } from 'vitest';
import { timedTriggers, triggersInWords } from '../../../main/daemon/jobs/time-triggers.ts';
import { job, service } from '../../daemon/jobs/support.ts';

const place = { folder: '/', token: '' };
const cron = { kind: 'schedule', patterns: ['0 3 * * *'], timezone: 'UTC' } as const;
const watch = { kind: 'watch', paths: ['/a', '/b'], patterns: [], ignore: [], settle: 1 } as const;

test('only triggers by the clock are timed, each once, and known by what they say', () => {
  const triggers = [cron, { kind: 'start' }, { ...cron }, { kind: 'every', interval: 1_000 }, watch] as const;
  const timed = timedTriggers(job('x', 'true', place, { triggers }));
  expect(timed.map(({ build }) => build(0).kind)).toEqual(['cron', 'every']);
  const other = timedTriggers(
    job('x', 'true', place, { triggers: [{ ...cron, timezone: 'Europe/Berlin' }] }),
  );
  expect(other[0]?.key).not.toBe(timed[0]?.key);
  expect(timed[1]?.build(5)).toEqual({ kind: 'every', intervalMs: 1_000, anchorMs: 5 });
  expect(timedTriggers(service('s', 'true', place))).toEqual([]);
});

test('what makes a job due is told in words', () => {
  const words = (triggers: Parameters<typeof job>[3] = {}) =>
    triggersInWords(job('x', 'true', place, triggers), 'UTC');
  expect(words()).toBe('by hand only');
  expect(words({ triggers: [cron, { kind: 'start' }, { kind: 'after', job: 'y' }, watch] })).toBe(
    'every day at 03:00; when the daemon starts; after y has succeeded; when files change in /a, /b',
  );
  expect(triggersInWords(service('s', 'true', place), 'UTC')).toBe('always running');
});
