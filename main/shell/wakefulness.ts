import type { JobView } from '../daemon/jobs/views.ts';
import { runsInProgress } from './tray/state.ts';

/** A job that is due so soon must not find the app asleep. */
const SOON_MS = 60_000;

export interface Wakefulness {
  readonly isNeeded: boolean;
  /** Epoch milliseconds at which the answer changes by itself; undefined if only another event changes it. */
  readonly until: number | undefined;
}

/** Whether the app must not be suspended now (epoch milliseconds): runs are in progress, or due within the minute. */
export function wakefulness(jobs: readonly JobView[], now: number): Wakefulness {
  if (runsInProgress(jobs).length > 0) return { isNeeded: true, until: undefined };
  const due = jobs.flatMap(({ nextDue }) => (nextDue === null ? [] : [Date.parse(nextDue)]));
  if (due.length === 0) return { isNeeded: false, until: undefined };
  const soonest = Math.min(...due);
  return soonest - now <= SOON_MS
    ? { isNeeded: true, until: undefined }
    : { isNeeded: false, until: soonest - SOON_MS };
}
