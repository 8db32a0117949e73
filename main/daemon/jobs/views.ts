import type { NotifyPolicy } from '../config/configuration.ts';
import type { AbsenceKind } from '../history/absences.ts';
import type { AlertKind } from '../history/alert-kinds.ts';
import type { Outcome, OutcomeKind, RunId, Trigger, Usage } from '../history/run.ts';
import type { Stream } from '../run/output-index.ts';

/** A job as it is shown. Times are ISO 8601 in UTC. */
export interface JobView {
  readonly name: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly kind: 'triggered' | 'service';
  readonly enabled: boolean;
  /** Which ends of its runs are shown as a notification. */
  readonly notify: NotifyPolicy;
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
  /** Whose change made it due; told only where one run is asked for, since they may be thousands. */
  readonly files?: readonly string[] | undefined;
}

export interface RunsFilter {
  readonly job?: string | undefined;
  /** Only what went wrong: failed, timed out, lost. */
  readonly failed?: boolean | undefined;
  /** ISO 8601: queued at or after this time, and before that one. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly outcome?: OutcomeKind | undefined;
  /** In the name of the job, the reason of the outcome or the files, upper or lower case. */
  readonly text?: string | undefined;
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
export type JobEvent =
  | { readonly kind: 'run'; readonly run: RunView }
  /** The list of jobs, or of alerts, is another one. */
  | { readonly kind: 'jobs' | 'alerts' };

/** One of a job's last runs, as little of it as a strip of them shows. */
export interface RecentRun {
  readonly id: RunId;
  readonly outcome: OutcomeKind;
  readonly endedAt: string;
  /** Null if it never started. */
  readonly durationMs: number | null;
}

/** What a job's last runs were like; durations in milliseconds, null if none ended by itself. */
export interface StatisticsView {
  readonly runs: number;
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  readonly durations: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly longest: number;
  } | null;
}

/** Everything about one job. */
export interface JobDetails {
  readonly job: JobView;
  /** Its configuration as it is in force, defaults included: key and value as text. */
  readonly settings: readonly { readonly key: string; readonly value: string }[];
  /** Its next due times. */
  readonly next: readonly string[];
  readonly statistics: StatisticsView;
}

/** A stretch of what a run has printed. */
export interface OutputView {
  readonly parts: readonly {
    readonly stream: Stream;
    /** When it was written; null where that was not kept. */
    readonly at: string | null;
    readonly text: string;
  }[];
  readonly from: number;
  /** Where to go on. */
  readonly to: number;
  /** What the run has printed so far, in bytes. */
  readonly size: number;
  readonly isEnded: boolean;
  /** What of this stretch was not kept, and where. */
  readonly cut: { readonly at: number; readonly bytes: number } | null;
}

export interface OutputRequest {
  readonly run: string;
  /** The first byte. */
  readonly from: number;
  /** The most bytes. */
  readonly limit: number;
  /** Whether to wait, for half a minute at most, where there is nothing yet. */
  readonly wait: boolean;
}

/** A time through which nothing could run. */
export interface AbsenceView {
  readonly kind: AbsenceKind;
  readonly from: string;
  readonly until: string;
}

/** Something that a person should know, until its cause is gone or it is acknowledged. */
export interface AlertView {
  readonly id: string;
  readonly kind: AlertKind;
  /** The job or the guard; null if it is about neither. */
  readonly job: string | null;
  /** What of it, where there may be several: a watched folder, or the name of a check; else null. */
  readonly subject: string | null;
  readonly run: RunId | null;
  readonly message: string;
  readonly hint: string | null;
  /** How often its cause was met. */
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly state: 'open' | 'acknowledged' | 'resolved' | 'archived';
}

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
  /** What the clock will make due from now until then (ISO 8601), soonest first, at most `limit`; of one job or all. */
  upcoming(until: string, limit: number, job?: string): readonly UpcomingRun[];
  details(job: string): JobDetails;
  /** The last ended runs of each of these jobs, oldest first; names that are none are left out. */
  recent(
    jobs: readonly string[],
    limit: number,
  ): readonly { readonly job: string; readonly runs: readonly RecentRun[] }[];
  output(request: OutputRequest): Promise<OutputView>;
  /** The times through which nothing could run and that touch this one (ISO 8601). */
  absences(from: string, until: string): readonly AbsenceView[];
  /** All alerts that stand, or also those that are over (a thousand at most); the newest first. */
  alerts(all: boolean): readonly AlertView[];
  /** Acknowledges an alert, or all. An id that is none is a `SoloistError` with the code `unknown-alert`. */
  acknowledge(alert: string | 'all'): void;
  /** Archives the alerts that are over, at once; they would be after seven days. */
  archive(): void;
  subscribe(listener: (event: JobEvent) => void): () => void;
}
