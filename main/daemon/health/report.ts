import type { ProcessDetails } from '../process/details.ts';

/** How well something is. */
export type Verdict = 'ok' | 'warning' | 'error';

export const remedyKinds = [
  'run-job',
  'edit-configuration',
  'end-guarded',
  'end-strays',
  'restart',
  'read-log',
] as const;

/** What a person can have done about a check that is not ok. */
export interface Remedy {
  readonly kind: (typeof remedyKinds)[number];
  /** The job or the guard that it is about, or null. */
  readonly subject: string | null;
  /** What does the same in a terminal, such as `soloist guard end notes-daemon`. */
  readonly command: string;
}

/** What a check is about: the daemon itself, other processes, or the person's jobs. */
export const checkGroups = ['daemon', 'processes', 'jobs'] as const;

/** What one check found. */
export interface Check {
  /** Such as `disk`, `guard` or `job`. */
  readonly name: string;
  readonly group: (typeof checkGroups)[number];
  /** Which guard or job it looked at; null where there is one such thing only. */
  readonly subject: string | null;
  readonly verdict: Verdict;
  /** A sentence. */
  readonly sentence: string;
  readonly remedy: Remedy | null;
}

/** What all checks found. Each job that is not well has a check of its own; all others share one. */
export interface HealthReport {
  /** The worst of all. */
  readonly verdict: Verdict;
  /** When it was looked at: ISO 8601 in UTC. */
  readonly at: string;
  readonly checks: readonly Check[];
}

/** What of a report is told with the status. */
export interface HealthSummary {
  readonly verdict: Verdict;
  /** When it was looked at: ISO 8601 in UTC. */
  readonly at: string;
  /** How many checks found that; the one that sums up the jobs is not counted. */
  readonly errors: number;
  readonly warnings: number;
  /** What the worst check says; null if all is well. */
  readonly sentence: string | null;
}

/** A process as it is shown to a person who decides about it. */
export type ProcessView = ProcessDetails;

/** A guard and what it counts now. */
export interface GuardView {
  readonly name: string;
  readonly match: string;
  readonly max: number;
  readonly keep: 'oldest' | 'newest';
  readonly act: 'alert' | 'end';
  /** The copies, oldest first; the extra ones are those that the remedy ends. */
  readonly processes: readonly (ProcessView & { readonly isExtra: boolean })[];
}

/** Why a process of Soloist is a stray, or that it is one of another home, which may well be. */
export const strayKinds = ['same-home', 'other-home', 'home-gone', 'program-gone'] as const;

/** Another daemon process of this user. */
export interface StrayView extends ProcessView {
  readonly kind: (typeof strayKinds)[number];
  /** Null where the system does not tell. */
  readonly home: string | null;
}

/** The processes that were to be ended: those that are gone now, and those that are not. */
export interface EndedView {
  readonly ended: readonly ProcessView[];
  readonly left: readonly ProcessView[];
}

/** A process as it was shown to a person: no other is ended under its number. */
export type Shown = Pick<ProcessView, 'pid' | 'started'>;

/** All that can be asked of the health of a running daemon. Names that do not exist are `SoloistError`s. */
export interface HealthOf {
  /** Looks at everything now. */
  look(): Promise<HealthReport>;
  /** What it finds, and the figures of jobs, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** One guard, or all, counted now. An unknown name has the code `unknown-guard`. */
  guards(guard?: string): Promise<readonly GuardView[]>;
  /** Ends those of these processes that are extra copies now. */
  endGuarded(guard: string, processes: readonly Shown[]): Promise<EndedView>;
  strays(): Promise<readonly StrayView[]>;
  /** Ends those of these processes that are strays now; a daemon of another home that is well is none. */
  endStrays(processes: readonly Shown[]): Promise<EndedView>;
}

const ORDER: readonly Verdict[] = ['ok', 'warning', 'error'];

/** Sums up a report. */
export function summaryOf({ verdict, at, checks }: HealthReport): HealthSummary {
  // The jobs that are not well have a check each.
  const counted = checks.filter(({ name }) => name !== 'jobs');
  const having = (wanted: Verdict): readonly Check[] => counted.filter((check) => check.verdict === wanted);
  const [errors, warnings] = [having('error'), having('warning')];
  const [first] = [...errors, ...warnings];
  return {
    verdict,
    at,
    errors: errors.length,
    warnings: warnings.length,
    sentence: first?.sentence ?? null,
  };
}

/** A summary in words: `all is well`, `1 error, 2 warnings`. */
export function summaryInWords({ errors, warnings }: Pick<HealthSummary, 'errors' | 'warnings'>): string {
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  const parts = [
    ...(errors === 0 ? [] : [counted(errors, 'error')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ];
  return parts.length === 0 ? 'all is well' : parts.join(', ');
}

/** The worst of these; of none, ok. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return ORDER.findLast((one) => verdicts.includes(one)) ?? 'ok';
}
