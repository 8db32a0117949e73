import { describe, expect, test } from 'vitest';
import type { NotifyPolicy } from '../../../main/daemon/config/configuration.ts';
import { limited, unlimited } from '../../../main/shell/notifications/limit.ts';
import { type Notice, noticeOfRun, noticesBetween } from '../../../main/shell/notifications/notices.ts';
import { alert, ended, job, run } from './views.ts';

const failing = alert({
  id: 'f',
  kind: 'failing',
  job: 'a',
  run: 'r1',
  message: 'a failed with exit code 3.',
});
const givenUp = alert({ id: 'g', job: 'sync' });
const says = (name: string, notify: NotifyPolicy) => ({ ...job(name), notify });
const titles = (notices: readonly Notice[]): string[] => notices.map(({ title }) => title);

describe('alerts', () => {
  const jobs = [job('a'), job('sync', { kind: 'service' })];

  test('that are new are told, with their run', () => {
    expect(noticesBetween([], { alerts: [failing, givenUp], jobs })).toEqual([
      { title: 'a failed', body: 'a failed with exit code 3.', job: 'a', run: 'r1' },
      {
        title: 'sync was given up',
        body: 'sync was given up after 10 failures.',
        job: 'sync',
        run: null,
      },
    ]);
    const quiet = alert({ kind: 'quiet', job: 'a', message: 'Nothing for 3 d.', hint: 'Look at it.' });
    expect(noticesBetween([], { alerts: [quiet], jobs })).toMatchObject([
      { title: 'a has gone quiet', body: 'Nothing for 3 d. Look at it.' },
    ]);
  });

  test('that stand already are not told again, however often they are met', () => {
    expect(noticesBetween([failing], { alerts: [{ ...failing, count: 7 }], jobs })).toEqual([]);
    expect(noticesBetween([failing], { alerts: [{ ...failing, state: 'acknowledged' }], jobs })).toEqual([]);
    expect(noticesBetween([], { alerts: [{ ...failing, state: 'acknowledged' }], jobs })).toEqual([]);
  });

  test('whose cause is gone are told as a recovery, once for a job', () => {
    const quiet = alert({ id: 'q', kind: 'quiet', job: 'a' });
    const last = ended('a', { kind: 'succeeded', exitCode: 0 });
    const recovered = [job('a', { last }), job('sync', { running: [run('sync')] })];
    const notices = noticesBetween([failing, quiet, givenUp], { alerts: [], jobs: recovered });
    expect(titles(notices)).toEqual(['a works again', 'sync runs again']);
    expect(notices[0]).toMatchObject({ run: 'run-of-a', body: 'Before: a failed with exit code 3.' });
  });

  test('of what left the configuration, or was switched off, are no recovery', () => {
    expect(noticesBetween([failing], { alerts: [], jobs: [] })).toEqual([]);
    expect(noticesBetween([failing], { alerts: [], jobs: [job('a', { enabled: false })] })).toEqual([]);
  });

  test('of a service that was paused or ended by a person are no recovery', () => {
    expect(noticesBetween([givenUp], { alerts: [], jobs: [job('sync', { kind: 'service' })] })).toEqual([]);
  });

  test('that were over for a moment between two looks are told as what they are now', () => {
    const again = { ...failing, id: 'f2', run: 'r2' };
    expect(titles(noticesBetween([failing], { alerts: [again], jobs }))).toEqual(['a failed']);
    const acknowledged = { ...again, state: 'acknowledged' } as const;
    expect(noticesBetween([failing], { alerts: [acknowledged], jobs })).toEqual([]);
  });

  test('of what is no job read as sentences, and do not lead to a job of the same name', () => {
    const all = [
      alert({ id: '1', kind: 'guard', job: 'a', message: '14 copies of a run.' }),
      alert({ id: '2', kind: 'check', job: null, subject: 'disk', message: 'The disk is nearly full.' }),
      alert({ id: '3', kind: 'strays', job: null, message: 'A daemon has no home.' }),
    ];
    const silent = [says('a', 'never')];
    const raised = noticesBetween([], { alerts: all, jobs: silent });
    expect(titles(raised)).toEqual([
      'a runs too often',
      'The check disk needs attention',
      'Soloist found a stray daemon',
    ]);
    expect(raised.map((notice) => notice.job)).toEqual([null, null, null]);
    const resolved = noticesBetween(all, { alerts: [], jobs: silent });
    expect(titles(resolved)).toEqual([
      'a runs as often as it should',
      'The check disk is well again',
      'Soloist has no stray daemon any more',
    ]);
    expect(resolved[0]).toMatchObject({ job: null, run: null, body: 'Before: 14 copies of a run.' });
  });

  test('of jobs that want none are silent, and of those that tell every end not told twice', () => {
    const never = [says('a', 'never')];
    expect(noticesBetween([], { alerts: [failing], jobs: never })).toEqual([]);
    expect(noticesBetween([failing], { alerts: [], jobs: never })).toEqual([]);
    const always = [says('a', 'always'), says('sync', 'always')];
    expect(titles(noticesBetween([], { alerts: [failing, givenUp], jobs: always }))).toEqual([
      'sync was given up',
    ]);
  });
});

test('the end of a run is told in words', () => {
  const outcomes = [
    { kind: 'succeeded', exitCode: 0 },
    { kind: 'failed', cause: { kind: 'exit', code: 3 } },
    { kind: 'failed', cause: { kind: 'signal', signal: 'SIGKILL' } },
    { kind: 'failed', cause: { kind: 'not-started', reason: 'No such file.' } },
    { kind: 'timed-out' },
    { kind: 'lost' },
  ] as const;
  const notices = outcomes.map((outcome) => noticeOfRun(ended('a', outcome)));
  expect(notices.map((notice) => `${notice?.title}: ${notice?.body}`)).toEqual([
    'a succeeded: The run succeeded.',
    'a failed: The run ended with exit code 3.',
    'a failed: The run was ended by SIGKILL.',
    'a failed: The run could not be started: No such file.',
    'a failed: The run took too long and was ended.',
    'a failed: The run was lost: the daemon died while it was in progress.',
  ]);
  expect(noticeOfRun(ended('a', { kind: 'cancelled', reason: 'x' }))).toBeUndefined();
});

describe('the limit', () => {
  const notice = (title: string): Notice => ({ title, body: '', job: title, run: null });

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
    expect(show).toMatchObject([{ title: '6 more notices', body: 'd, e, f, g and 1 more.' }]);
    expect(wakeAt).toBeUndefined();
    expect(offer(60_002).show).toEqual([]);
  });

  test('one that had to wait alone is shown as it is', () => {
    let state = unlimited;
    for (const title of ['a', 'b', 'c', 'd']) state = limited(state, 0, notice(title)).state;
    expect(limited(state, 60_000).show.map(({ title }) => title)).toEqual(['d']);
  });
});
