import type { Job } from '../config/configuration.ts';
import { durationWords } from '../config/duration.ts';
import type { Raised } from '../history/alerts.ts';
import type { Outcome, RunId } from '../history/run.ts';

const SEE_LOG = 'Its log says more.';

/** What the end of a run says about its job: that it is failing, that it is well, or nothing. */
export type EndVerdict =
  /** How it failed, to be said after the job's name, and where more is said or done about it. */
  | { readonly kind: 'failing'; readonly how: string; readonly remedy: string }
  | { readonly kind: 'well' | 'none' };

/**
 * Judges an end. One that is retried says nothing yet; one that was cancelled or skipped was somebody's wish. How a
 * service ends is for its restarts to judge.
 */
export function judgeEnd(job: Job['kind'], outcome: Outcome, isRetried: boolean): EndVerdict {
  if (outcome.kind === 'succeeded') return { kind: 'well' };
  if (job === 'service' || isRetried) return { kind: 'none' };
  switch (outcome.kind) {
    case 'failed':
      return {
        kind: 'failing',
        how: failureInWords(outcome.cause),
        remedy: outcome.cause.kind === 'not-started' ? 'Mend that.' : SEE_LOG,
      };
    case 'timed-out':
      return { kind: 'failing', how: 'was ended at its time limit', remedy: SEE_LOG };
    case 'lost':
      return { kind: 'failing', how: 'was cut off when the daemon died', remedy: SEE_LOG };
    case 'cancelled':
    case 'skipped':
      return { kind: 'none' };
  }
}

function failureInWords(cause: Extract<Outcome, { kind: 'failed' }>['cause']): string {
  switch (cause.kind) {
    case 'exit':
      return `failed with exit code ${cause.code}`;
    case 'signal':
      return `was ended by ${cause.signal}`;
    case 'not-started':
      return `could not start: ${cause.reason.replace(/\.$/, '')}`;
  }
}

/** The alert for a job that is failing. */
export function failingAlert(
  job: string,
  run: RunId,
  { how, remedy }: Extract<EndVerdict, { kind: 'failing' }>,
): Raised {
  return {
    kind: 'failing',
    job,
    run,
    message: `${job} ${how}.`,
    hint: `${remedy} The alert goes away when the job succeeds.`,
  };
}

/** The alert for a service that is started no more. */
export function givenUpAlert(job: string, run: RunId | undefined, why: string): Raised {
  return {
    kind: 'given-up',
    job,
    run,
    message: `The service ${job} was given up: ${why}.`,
    hint: 'Mend what its log shows, then run it again.',
  };
}

/** The alert for a folder that is watched and is not there. */
export function missingFolderAlert(job: string, path: string): Raised {
  return {
    kind: 'watch',
    job,
    detail: path,
    run: undefined,
    message: `The folder ${path}, which ${job} watches, is not there.`,
    hint: 'It is followed again as soon as it appears.',
  };
}

/** The alert for a job without a success for so long (milliseconds). */
export function quietAlert(job: string, quietAfterMs: number): Raised {
  return {
    kind: 'quiet',
    job,
    run: undefined,
    message: `${job} has not succeeded for ${durationWords(quietAfterMs)}.`,
    hint: 'See its last runs, and whether it is still due as it should be.',
  };
}
