import { describe, expect, test } from 'vitest';
import { limited, unlimited } from '../../../main/shell/notifications/limit.ts';
import {
  healthAfter,
  healthOf,
  type Notice,
  noticeOfAlert,
  noticeOfRun,
} from '../../../main/shell/notifications/notices.ts';
import { alert, ended, job } from './views.ts';

const good = ended('a', { kind: 'succeeded', exitCode: 0 });
const bad = ended('a', { kind: 'failed', cause: { kind: 'exit', code: 3 } });
const cancelled = ended('a', { kind: 'cancelled', reason: 'x' });
const usual = { policy: 'on-failure', attempts: 1 } as const;

describe('the end of a run', () => {
  test('tells of the first failure only, and of the recovery', () => {
    expect(noticeOfRun({ run: bad, before: 'good', ...usual })).toEqual({
      kind: 'failed',
      title: 'a failed',
      body: 'The run ended with exit code 3.',
      job: 'a',
      run: 'run-of-a',
    });
    expect(noticeOfRun({ run: bad, before: undefined, ...usual })?.kind).toBe('failed');
    expect(noticeOfRun({ run: bad, before: 'bad', ...usual })).toBeUndefined();
    expect(noticeOfRun({ run: good, before: 'bad', ...usual })?.title).toBe('a works again');
    expect(noticeOfRun({ run: good, before: 'good', ...usual })).toBeUndefined();
    expect(noticeOfRun({ run: good, before: undefined, ...usual })).toBeUndefined();
  });

  test('is silent or always told if the job says so', () => {
    for (const run of [good, bad])
      expect(noticeOfRun({ run, before: 'good', policy: 'never', attempts: 1 })).toBeUndefined();
    const always = { policy: 'always', attempts: 1 } as const;
    expect(noticeOfRun({ run: bad, before: 'bad', ...always })?.kind).toBe('failed');
    expect(noticeOfRun({ run: good, before: 'good', ...always })?.kind).toBe('succeeded');
  });

  test('says nothing of an attempt that is made again, nor of what was not the job’s doing', () => {
    const attempt = (number: number) => ({ ...bad, attempt: number });
    expect(noticeOfRun({ run: attempt(1), before: 'good', policy: 'always', attempts: 3 })).toBeUndefined();
    expect(noticeOfRun({ run: attempt(3), before: 'good', policy: 'on-failure', attempts: 3 })?.body).toBe(
      'The run ended with exit code 3. Attempt 3.',
    );
    expect(noticeOfRun({ run: cancelled, before: 'good', policy: 'always', attempts: 1 })).toBeUndefined();
  });

  test('names every way to fail', () => {
    const outcomes = [
      { kind: 'timed-out' },
      { kind: 'lost' },
      { kind: 'failed', cause: { kind: 'signal', signal: 'SIGKILL' } },
      { kind: 'failed', cause: { kind: 'not-started', reason: 'No such file.' } },
    ] as const;
    const bodies = outcomes.map(
      (outcome) => noticeOfRun({ run: ended('a', outcome), before: 'good', ...usual })?.body,
    );
    expect(bodies).toEqual([
      'The run took too long and was ended.',
      'The run was lost: the daemon died while it was in progress.',
      'The run was ended by SIGKILL.',
      'The run could not be started: No such file.',
    ]);
  });

  test('what is known of jobs comes from their last runs', () => {
    expect(healthAfter(cancelled)).toBeUndefined();
    const jobs = [job('a', { last: bad }), job('b', { last: good }), job('c', { last: cancelled }), job('d')];
    expect([...healthOf(jobs)]).toEqual([
      ['a', 'bad'],
      ['b', 'good'],
    ]);
  });
});

test('alerts are told, but for those of failing jobs and of jobs that want none', () => {
  expect(noticeOfAlert(alert(), 'on-failure')).toMatchObject({ title: 'sync was given up', job: 'sync' });
  expect(noticeOfAlert(alert({ kind: 'quiet', hint: 'Look.' }), 'always')?.body).toMatch(/Look\.$/);
  expect(noticeOfAlert(alert({ kind: 'failing' }), 'on-failure')).toBeUndefined();
  expect(noticeOfAlert(alert(), 'never')).toBeUndefined();
});

describe('the limit', () => {
  const notice = (title: string): Notice => ({ kind: 'failed', title, body: '', job: title, run: null });

  test('shows three a minute, then one for all that came meanwhile', () => {
    let state = unlimited;
    const offer = (now: number, title?: string) => {
      const result = limited(state, now, title === undefined ? undefined : notice(title));
      state = result.state;
      return result;
    };
    for (const [index, title] of ['a', 'b', 'c'].entries())
      expect(offer(index * 1_000, title).show.map(({ title }) => title)).toEqual([title]);
    for (const title of ['d', 'e', 'e', 'f', 'g', 'h'])
      expect(offer(5_000, title)).toMatchObject({ show: [], wakeAt: 60_000 });
    const { show, wakeAt } = offer(60_001);
    expect(show).toMatchObject([
      { kind: 'summary', title: '6 more notices', body: 'd, e, f, g and 1 more.' },
    ]);
    expect(wakeAt).toBeUndefined();
    expect(offer(60_002).show).toEqual([]);
  });

  test('one that had to wait alone is shown as it is', () => {
    let state = unlimited;
    for (const title of ['a', 'b', 'c', 'd']) state = limited(state, 0, notice(title)).state;
    expect(limited(state, 60_000).show.map(({ title }) => title)).toEqual(['d']);
  });
});
