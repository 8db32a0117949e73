import type { Configuration, Job } from '../config/configuration.ts';
import type { AlertKind } from '../history/alert-kinds.ts';
import type { Alert, Cause } from '../history/alerts.ts';
import type { EndedRun, Time } from '../history/run.ts';

/** What alerts can be about. */
export type Watched = Pick<Configuration, 'jobs' | 'guards'>;

/** States that looks find again and again for as long as they last; all others are told of once. */
export const lookedKinds: readonly AlertKind[] = ['overdue', 'slow', 'flapping', 'guard', 'strays', 'check'];

/** Whether this can be a cause while this is configured: nothing is wrong with what is not there, or is disabled. */
export function concerns(cause: Cause, { jobs, guards }: Watched): boolean {
  const job = cause.job === undefined ? undefined : jobs.get(cause.job);
  const enabled = job?.enabled === true ? job : undefined;
  switch (cause.kind) {
    case 'failing':
    case 'overdue':
    case 'slow':
      return enabled?.kind === 'triggered';
    case 'given-up':
    case 'flapping':
      return enabled?.kind === 'service';
    case 'quiet':
      return enabled?.kind === 'triggered' && enabled.quietAfter !== undefined;
    case 'watch':
      return enabled !== undefined && cause.detail !== undefined && watches(enabled, cause.detail);
    case 'guard':
      return cause.job !== undefined && guards.has(cause.job);
    case 'strays':
    case 'check':
      return cause.job === undefined || enabled !== undefined || guards.has(cause.job);
  }
}

function watches(job: Job, path: string): boolean {
  if (job.kind !== 'triggered') return false;
  return job.triggers.some((trigger) => trigger.kind === 'watch' && trigger.paths.includes(path));
}

/** In milliseconds; 0 where it is not said, but learned. */
function quietAfterOf(job: Job): number {
  return job.kind === 'triggered' && typeof job.quietAfter === 'number' ? job.quietAfter : 0;
}

/** Where to look for whether a cause is gone without anybody having told. */
export interface Evidence {
  readonly now: Time;
  isThere(path: string): boolean;
  /** The runs of a job that ended last, the newest first. */
  lastRuns(job: string): readonly EndedRun[];
  lastSuccess(job: string): Time | undefined;
}

/**
 * Whether an alert's cause is certainly gone. Mostly somebody has told so; but the daemon may have died, or the disk
 * been full, between the end of a run and what it means, and a folder may come back while no daemon runs.
 */
export function isCertainlyOver(alert: Alert, { jobs }: Watched, evidence: Evidence): boolean {
  const job = alert.job === undefined ? undefined : jobs.get(alert.job);
  if (job === undefined) return false;
  switch (alert.kind) {
    case 'failing':
      // By ids too, which grow even when the clock is set back.
      return evidence
        .lastRuns(job.name)
        .some(
          ({ id, outcome, endedAt }) =>
            outcome.kind === 'succeeded' && endedAt > alert.last && id > (alert.run ?? id),
        );
    case 'quiet': {
      const success = evidence.lastSuccess(job.name);
      if (success === undefined) return false;
      // It may have been given more time since.
      return success > alert.last || success + quietAfterOf(job) > evidence.now;
    }
    case 'watch':
      return alert.detail !== undefined && evidence.isThere(alert.detail);
    default:
      return false;
  }
}
