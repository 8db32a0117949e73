import type { ProcessIdentity } from '../process/identity.ts';

/**
 * Names one run: eight or more characters 0-9 a-z, short enough to type. Ids of a job sort in the order in which
 * its runs were claimed, and are made from the time, so that a history begun anew does not give an id out again.
 */
export type RunId = string;

/** All times of the history are milliseconds since 1970-01-01T00:00Z by the wall clock, whole numbers. */
export type Time = number;

/** What made a job due. Those with a due time are claimed: a job's due time has one run per attempt. */
export type Trigger =
  | { readonly kind: 'cron' | 'every' | 'at'; readonly due: Time }
  | { readonly kind: 'watch'; readonly files: readonly string[] }
  | { readonly kind: 'after'; readonly run: RunId }
  | { readonly kind: 'start' | 'person' | 'service' };

export type TriggerKind = Trigger['kind'];

export type FailureCause =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly reason: string };

/** How a run ended. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly exitCode: number }
  | { readonly kind: 'failed'; readonly cause: FailureCause }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled'; readonly reason: string }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'lost' };

export type OutcomeKind = Outcome['kind'];

export const outcomeKinds = [
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'skipped',
  'lost',
] as const satisfies readonly OutcomeKind[];

/** The outcomes that a person asking for what went wrong wants to see. */
export const failedOutcomes = ['failed', 'timed-out', 'lost'] as const satisfies readonly OutcomeKind[];

/** A process of a run: who it is, and its process group (0 where the platform has none). */
export interface RunProcess extends ProcessIdentity {
  readonly group: number;
}

/** The shell that holds the daemon's pipe, and the job's own process. One of the two is known at least. */
export interface RunProcesses {
  readonly shell: RunProcess | undefined;
  readonly child: RunProcess | undefined;
}

/**
 * The captured output of a run. `bytes` is recorded at the end, and 0 before; a deleted output's stays known.
 */
export type RunOutput =
  | { readonly kind: 'kept'; readonly file: string; readonly bytes: number }
  | { readonly kind: 'deleted'; readonly bytes: number };

/** What the system told about a run's whole tree; undefined where it does not tell. */
export interface Usage {
  readonly cpuMs: number | undefined;
  readonly peakMemoryBytes: number | undefined;
}

export interface Execution {
  readonly startedAt: Time;
  readonly processes: RunProcesses;
  readonly output: RunOutput | undefined;
}

export interface EndedExecution extends Execution {
  readonly usage: Usage;
}

interface RunFacts {
  readonly id: RunId;
  readonly job: string;
  readonly trigger: Trigger;
  /** 1 for the first; a retry of the same due time has the next number. */
  readonly attempt: number;
  readonly queuedAt: Time;
}

export interface QueuedRun extends RunFacts {
  readonly state: 'queued';
}

export interface RunningRun extends RunFacts {
  readonly state: 'running';
  readonly execution: Execution;
}

export interface EndedRun extends RunFacts {
  readonly state: 'ended';
  readonly endedAt: Time;
  readonly outcome: Outcome;
  /** Undefined for a run that never started: skipped, cancelled or lost while queued, or unable to start. */
  readonly execution: EndedExecution | undefined;
}

/** One execution of a job, in one of the three states of its life. */
export type Run = QueuedRun | RunningRun | EndedRun;
export type UnfinishedRun = QueuedRun | RunningRun;
