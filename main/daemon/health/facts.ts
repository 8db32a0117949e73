import type { ErrorDetails } from '../errors.ts';
import type { Alert } from '../history/alerts.ts';
import type { RunId } from '../history/run.ts';
import type { Statistics } from '../history/statistics.ts';
import type { ErrorsLately } from '../log/error-count.ts';
import type { ClockJump } from './clock-watch.ts';

/** What the daemon itself tells of how it is. */
export interface Vitals {
  /** The lock file, and what was lost of the lock, as a sentence; undefined while it is held. */
  readonly lock: { readonly path: string; readonly pid: number; readonly lost: string | undefined };
  readonly errors: ErrorsLately;
  readonly configuration: { readonly path: string; readonly problem: ErrorDetails | null };
}

/** A path that a job watches. */
export interface WatchedPath {
  readonly job: string;
  readonly path: string;
  readonly state: 'watched' | 'missing' | 'failed';
}

/** A run that has its place. Times it went on by a clock that leaves out sleep, in milliseconds. */
export interface GoingFacts {
  readonly job: string;
  readonly run: RunId;
  readonly wentOnMs: number;
}

/** A run that waits for a place although its job has none going. */
export interface WaitingFacts {
  readonly job: string;
  readonly run: RunId;
  readonly waitedMs: number;
}

/** What the jobs tell of how they are. */
export interface JobsFacts {
  readonly jobs: { readonly all: number; readonly enabled: number };
  readonly scheduler: {
    /** When the next job is due; undefined if the clock makes none due. Epoch milliseconds. */
    readonly nextAtMs: number | undefined;
    /** Of the last minute. */
    readonly worstLateMs: number;
  };
  readonly watched: readonly WatchedPath[];
  readonly history: {
    readonly file: string;
    readonly bytes: number;
    /** Why nothing can be written to it, as a sentence; undefined if it can. */
    readonly problem: string | undefined;
    /** What it has not taken yet: due runs, and ends of runs. */
    readonly unclaimed: number;
    readonly unrecorded: number;
  };
  /** Runs that are no services. */
  readonly going: readonly GoingFacts[];
  readonly waiting: readonly WaitingFacts[];
  readonly maxConcurrent: number;
  /** Services that ended lately and were started again: how often in a row. */
  readonly restarted: readonly { readonly job: string; readonly times: number }[];
}

/** The space where the home lies, or why it cannot be told. */
export type DiskFacts =
  | {
      readonly kind: 'known';
      readonly free: number;
      readonly size: number;
      /** Of all places for files, the part that is free; undefined where there is no such limit. */
      readonly filesFree: number | undefined;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** All that the daemon's own checks look at. */
export interface DaemonFacts extends Vitals {
  readonly nowMs: number;
  readonly loopDelayMs: number;
  readonly clock: {
    readonly jump: ClockJump | undefined;
    readonly zone: { readonly was: string; readonly is: string } | undefined;
  };
  readonly disk: DiskFacts;
  /** Undefined for a daemon that has no jobs and never had any. */
  readonly jobs: JobsFacts | undefined;
}

/** What is known of a job that an alert stands for. */
export interface TroubledJob {
  readonly job: string;
  readonly alerts: readonly Alert[];
  readonly statistics: Statistics;
  /** How many of its last runs in a row went wrong. */
  readonly failuresInRow: number;
}
