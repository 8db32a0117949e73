import { signal } from '@preact/signals';
import type { JobView } from '../../main/control/views.ts';
import { announce } from '../components/announcer.tsx';
import { app } from '../state/app.ts';
import { CallError, call } from '../state/calls.ts';
import { jobs } from '../state/jobs.ts';
import { popoverStrings } from '../strings.ts';
import { activityOf } from './facts.ts';

/** Why what the person wanted last was refused; undefined if it was not. */
export const refusal = signal<CallError | undefined>(undefined);

/** Does what a person wants; a refusal is shown until the next wish. */
export async function attempt(action: () => Promise<unknown>): Promise<void> {
  refusal.value = undefined;
  try {
    await action();
  } catch (error) {
    refusal.value =
      error instanceof CallError
        ? error
        : new CallError({
            code: 'internal',
            message: error instanceof Error ? error.message : String(error),
          });
  }
}

const { said } = popoverStrings;

const BY = 'the menu-bar app';

/** Does what a person wants, and says it to those who do not see the row change. */
const attemptAndSay = (action: () => Promise<unknown>, done: string): Promise<void> =>
  attempt(async () => {
    await action();
    announce(done);
  });

export const runNow = ({ name }: JobView): Promise<void> =>
  attemptAndSay(() => call('run', { job: name }), said.started(name));
export const cancel = ({ name }: JobView): Promise<void> =>
  attemptAndSay(() => call('cancel', { target: name }), said.cancelled(name));

export function pauseOrResume({ name, paused }: JobView): Promise<void> {
  return paused === null
    ? attemptAndSay(() => call('pause', { job: name, by: BY }), said.paused(name))
    : attemptAndSay(() => call('resume', { job: name }), said.resumed(name));
}

export function pauseOrResumeAll(): Promise<void> {
  return attempt(() =>
    activityOf(jobs.value).areAllPaused
      ? call('resume', { job: null })
      : call('pause', { job: null, by: BY }),
  );
}

/** Opens what a job printed: in the run that goes on, or else in its last one; the job itself if it never ran. */
export function openLog(job: JobView): Promise<void> {
  const run = job.running[0] ?? job.last;
  return attempt(() =>
    run === null || run === undefined
      ? call('open', { view: 'jobs', job: job.name })
      : call('open', { view: 'history', run: run.id }),
  );
}

/** What Start/Stop does now; undefined where it can do nothing. */
export function startOrStopAction(): 'start' | 'stop' | 'stopNow' | undefined {
  const shown = app.value;
  if (shown === undefined || shown.source.kind === 'duplicate') return undefined;
  if (shown.source.kind === 'gone') return 'start';
  switch (shown.status?.daemon.state) {
    case 'running':
      return 'stop';
    case 'stopping':
      return 'stopNow';
    case 'stopped':
    case 'failed':
      return 'start';
    default:
      return undefined;
  }
}

export function startOrStop(): Promise<void> {
  const action = startOrStopAction();
  return action === undefined
    ? Promise.resolve()
    : attempt(async () => {
        if (action === 'start') app.value = await call('start');
        else await call('stop', { now: action === 'stopNow' });
      });
}
