import type { DurationRange } from './duration.ts';

/**
 * What `soloist.yaml` says once everything is filled in: defaults applied, paths absolute, all durations in
 * milliseconds, all sizes in bytes. Nothing that reads it needs to know what was left out in the file.
 */
export interface Configuration {
  /** The IANA time zone of everything that names none of its own. */
  readonly timezone: string;
  /** The most runs at one time. Services do not count: they always run. */
  readonly maxConcurrent: number;
  readonly log: LogSettings;
  /** For jobs that were in the file and are no more, whose runs stay for a while. */
  readonly output: OutputPolicy;
  /** By name, in the order of the file. */
  readonly jobs: ReadonlyMap<string, Job>;
  /** Watches over processes that Soloist does not start, by name. */
  readonly guards: ReadonlyMap<string, Guard>;
  /** What is run for each alert, or undefined. */
  readonly onAlert: AlertHook | undefined;
}

/** How many copies of a process there may be that Soloist does not start. */
export interface Guard {
  readonly name: string;
  /** What the command line of a copy contains; between slashes, a regular expression. */
  readonly match: string;
  readonly max: number;
  /** Which copies stay when the extra ones are ended. */
  readonly keep: 'oldest' | 'newest';
  /** Whether the extra ones are ended at once, or a person is told. */
  readonly act: 'alert' | 'end';
}

export interface AlertHook {
  readonly command: Command;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogSettings {
  readonly level: LogLevel;
  /** How long the daemon's own log files are kept, in milliseconds. */
  readonly keep: number;
  /** The most that they take up together, in bytes. */
  readonly maxSize: number;
}

export type Job = TriggeredJob | Service;

interface JobBasics {
  readonly name: string;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly command: Command;
  /** The folder it runs in, absolute. */
  readonly cwd: string;
  readonly environment: JobEnvironment;
  readonly stdin: Stdin;
  /** Between asking a process to end and ending it by force, in milliseconds. */
  readonly grace: number;
  readonly orphans: OrphanPolicy;
  readonly output: OutputPolicy;
  /** The exit codes that count as success; never empty. */
  readonly successCodes: readonly number[];
  readonly notify: NotifyPolicy;
}

/** A job that runs when something makes it due, or only by hand if it has no triggers. */
export interface TriggeredJob extends JobBasics {
  readonly kind: 'triggered';
  readonly triggers: readonly Trigger[];
  /** The longest that a run may take while the computer is awake, in milliseconds; undefined: no limit. */
  readonly timeout: number | undefined;
  readonly retry: RetryPolicy;
  readonly overlap: OverlapPolicy;
  readonly missed: MissedPolicy;
  /** How late a missed run may still start, in milliseconds; undefined: however late. */
  readonly missedGrace: number | undefined;
  /** A due run starts at a random moment within this many milliseconds. */
  readonly jitter: number;
  /**
   * An alert is raised when there was no success for this many milliseconds, or for three times the interval that is
   * usual for the job; undefined: never.
   */
  readonly quietAfter: number | 'usual' | undefined;
}

/** A job that should always be running. */
export interface Service extends JobBasics {
  readonly kind: 'service';
  readonly restart: RestartPolicy;
  /** The first and the longest pause before it is started again, in milliseconds. */
  readonly backoff: DurationRange;
}

/** What is run: a text by a shell, or a program with its arguments and no shell at all. */
export type Command =
  | { readonly kind: 'shell'; readonly text: string; readonly shell: string }
  | { readonly kind: 'program'; readonly program: string; readonly arguments: readonly string[] };

/** What a job adds to the login environment, in the order in which the later wins. */
export interface JobEnvironment {
  readonly defaults: Variables;
  /** Files of variables, absolute paths, read when a run starts. */
  readonly files: readonly string[];
  readonly own: Variables;
}

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

export type Stdin =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

export type Trigger =
  /** Due when any of the patterns says so; at a moment that several of them name, once. */
  | { readonly kind: 'schedule'; readonly patterns: readonly string[]; readonly timezone: string }
  /** The interval is in milliseconds. */
  | { readonly kind: 'every'; readonly interval: number }
  /** Due once: at a moment (`2026-12-24T17:00:00Z`), or when a clock in the time zone shows `2026-12-24T18:00:00`. */
  | { readonly kind: 'at'; readonly time: string; readonly timezone: string }
  | WatchTrigger
  | { readonly kind: 'start' }
  | { readonly kind: 'after'; readonly job: string };

/** Files that were added or changed below one of the paths. */
export interface WatchTrigger {
  readonly kind: 'watch';
  /** Files or folders, absolute. */
  readonly paths: readonly string[];
  /** File name patterns relative to the path; empty: every file. */
  readonly patterns: readonly string[];
  /** Patterns of files and folders to leave out. */
  readonly ignore: readonly string[];
  /** How long a file must have stopped changing before it is reported, in milliseconds. */
  readonly settle: number;
}

export interface RetryPolicy {
  /** The most attempts, the first one included. */
  readonly attempts: number;
  /** The first and the longest pause between attempts, in milliseconds. */
  readonly backoff: DurationRange;
}

/** What happens to a run that is due while the job's last one is still going. */
export type OverlapPolicy =
  | { readonly kind: 'skip' }
  | { readonly kind: 'replace' }
  | { readonly kind: 'queue' /** The most that wait. */; readonly limit: number }
  | { readonly kind: 'parallel' /** The most at one time. */; readonly limit: number };

/** What happens to due times that passed while the daemon was not running or the computer slept. */
export type MissedPolicy =
  | { readonly kind: 'skip' }
  | { readonly kind: 'once' }
  | { readonly kind: 'all' /** The most that are made up for; the latest ones. */; readonly limit: number };

/** How much is kept of what runs print, and of the runs themselves. Sizes in bytes. */
export interface OutputPolicy {
  /** Of the output of one run; of more, the beginning and the end are kept. */
  readonly limit: number;
  /** What of a job is kept; its last run in any case. */
  readonly keep: {
    readonly runs: number;
    /** In milliseconds. */
    readonly age: number;
    /** Of all outputs together. */
    readonly size: number;
  };
}

/** What becomes of a run's processes when the daemon dies under them. */
export type OrphanPolicy = 'end' | 'keep';

/** Which ends of runs are shown as a notification. */
export type NotifyPolicy = 'never' | 'on-failure' | 'always';

/** When a service that ended is started again. */
export type RestartPolicy = 'on-failure' | 'always';
