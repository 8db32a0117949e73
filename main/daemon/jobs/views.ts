import type { Outcome, RunId, Trigger, Usage } from '../history/run.ts';

/** A job as it is shown. Times are ISO 8601 in UTC. */
export interface JobView {
  readonly name: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly kind: 'triggered' | 'service';
  readonly enabled: boolean;
  readonly paused: { readonly by: string; readonly since: string } | null;
  /** What makes it due, in words: `every day at 03:00`. */
  readonly schedule: string;
  /** When the clock makes it due next; null if only something else does, or if it is paused or disabled. */
  readonly nextDue: string | null;
  readonly running: readonly RunView[];
  readonly queued: readonly RunView[];
  /** The run that ended last. */
  readonly last: RunView | null;
}

/** A run as it is shown. Times are ISO 8601 in UTC. */
export interface RunView {
  readonly id: RunId;
  readonly job: string;
  readonly trigger: Trigger['kind'];
  /** The due time that it was claimed for, or null. */
  readonly due: string | null;
  readonly attempt: number;
  readonly state: 'queued' | 'running' | 'ended';
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: Outcome | null;
  readonly pid: number | null;
  readonly usage: { readonly [Key in keyof Usage]: number | null } | null;
  /** Of its captured output; null if there is none, or none any more. */
  readonly output: { readonly file: string; readonly bytes: number } | null;
}

export interface RunsFilter {
  readonly job?: string | undefined;
  /** Only what went wrong: failed, timed out, lost. */
  readonly failed?: boolean | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
}

export interface RunsPage {
  readonly runs: readonly RunView[];
  /** To be given back for the page after this one; null after the last one. */
  readonly next: string | null;
}

export interface UpcomingRun {
  readonly job: string;
  readonly due: string;
}

/** What happens to jobs and runs, as it happens. */
export type JobEvent = { readonly kind: 'run'; readonly run: RunView } | { readonly kind: 'jobs' };

/**
 * All that can be asked of the jobs of a running daemon. Names that do not exist are `SoloistError`s with the codes
 * `unknown-job` and `unknown-run`, and the likely name in the hint.
 */
export interface Jobs {
  list(): readonly JobView[];
  /** Runs a job now, also a paused or disabled one; its overlap policy applies. `words` are added to the command. */
  run(job: string, words: readonly string[]): Promise<RunView>;
  /** Ends a run, or all runs of a job, queued ones included; returns those that it ends. */
  cancel(target: string): Promise<readonly RunView[]>;
  /** Pauses a job, or all; by whom is kept. Returns the jobs concerned. */
  pause(job: string | 'all', by: string): readonly string[];
  resume(job: string | 'all'): readonly string[];
  page(filter: RunsFilter, cursor: string | null, limit: number): RunsPage;
  show(run: string): RunView;
  /** What the clock will make due from now until then (ISO 8601), soonest first, at most `limit`. */
  upcoming(until: string, limit: number): readonly UpcomingRun[];
  subscribe(listener: (event: JobEvent) => void): () => void;
}
