import { expect, test } from 'vitest';
import { applyRun } from '../../../renderer/state/apply-run.ts';
import { secondsUntil } from '../../../renderer/state/relative.ts';
import { jobView } from './job-view.ts';
import { runAt } from './run-view.ts';

const NOT_ENDED = { endedAt: null, outcome: null } as const;

test('a run goes from queued to running to the last one', () => {
  const queued = runAt(1, { job: 'a', state: 'queued', ...NOT_ENDED });
  const running = { ...queued, state: 'running' } as const;
  const ended = runAt(1, { job: 'a' });
  let jobs = applyRun([jobView('a'), jobView('b')], queued);
  expect(jobs[0]).toMatchObject({ queued: [queued], running: [], last: null });
  jobs = applyRun(jobs, running);
  expect(jobs[0]).toMatchObject({ queued: [], running: [running], last: null });
  jobs = applyRun(jobs, ended);
  expect(jobs[0]).toMatchObject({ queued: [], running: [], last: ended });
  expect(jobs[1]).toEqual(jobView('b'));
});

test('older news changes nothing', () => {
  const ended = runAt(2_000, { job: 'a' });
  const older = runAt(1_000, { job: 'a' });
  const jobs = [jobView('a', { last: ended })];
  expect(applyRun(jobs, older)[0]?.last).toBe(ended);
  expect(applyRun(jobs, { ...ended, state: 'running', ...NOT_ENDED })).toEqual(jobs);
  expect(applyRun(jobs, runAt(3, { job: 'unknown' }))).toEqual(jobs);
});

test('seconds are counted up to the whole one, and not below none', () => {
  const now = Date.parse('2026-11-29T12:00:00Z');
  expect(secondsUntil('2026-11-29T12:00:07.001Z', now)).toBe(8);
  expect(secondsUntil('2026-11-29T11:00:00Z', now)).toBe(0);
});
