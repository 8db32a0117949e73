import type { NotifyPolicy } from '../../daemon/config/configuration.ts';
import type { Outcome } from '../../daemon/history/run.ts';
import type { JobView, RunView } from '../../daemon/jobs/views.ts';
import type { Alert } from '../tray/state.ts';

/** Something that a person may be told of. */
export interface Notice {
  readonly kind: 'failed' | 'recovered' | 'succeeded' | 'alert' | 'summary';
  readonly title: string;
  readonly body: string;
  readonly job: string | null;
  readonly run: string | null;
}

/** How a job last ended, as far as it says something of the job. */
export type Health = 'good' | 'bad';

/** How a run's end speaks of its job; undefined if it does not: cancelled and skipped runs were not the job's doing. */
export function healthAfter({ outcome }: RunView): Health | undefined {
  switch (outcome?.kind) {
    case 'succeeded':
      return 'good';
    case 'failed':
    case 'timed-out':
    case 'lost':
      return 'bad';
    default:
      return undefined;
  }
}

/** What each job's last run says of it. */
export function healthOf(jobs: readonly JobView[]): Map<string, Health> {
  return new Map(
    jobs.flatMap(({ name, last }) => {
      const health = last === null ? undefined : healthAfter(last);
      return health === undefined ? [] : [[name, health] as const];
    }),
  );
}

export interface RunEnd {
  readonly run: RunView;
  /** The job before this run; undefined if nothing is known of it. */
  readonly before: Health | undefined;
  readonly policy: NotifyPolicy;
  /** The attempts that the job has for one due time; a failed one that is tried again is no failure yet. */
  readonly attempts: number;
}

/**
 * Whether the end of a run is worth a notice: the first failure after a success and the recovery from it, or every end if
 * the job says `notify: always`.
 */
export function noticeOfRun({ run, before, policy, attempts }: RunEnd): Notice | undefined {
  const health = healthAfter(run);
  if (health === undefined || policy === 'never') return undefined;
  const { job, id } = run;
  if (health === 'bad') {
    if (run.attempt < attempts) return undefined;
    if (before === 'bad' && policy !== 'always') return undefined;
    return { kind: 'failed', title: `${job} failed`, body: outcomeInWords(run), job, run: id };
  }
  if (before === 'bad')
    return { kind: 'recovered', title: `${job} works again`, body: outcomeInWords(run), job, run: id };
  if (policy === 'always')
    return { kind: 'succeeded', title: `${job} succeeded`, body: outcomeInWords(run), job, run: id };
  return undefined;
}

function outcomeInWords({ outcome, attempt }: RunView): string {
  const after = attempt > 1 ? ` Attempt ${attempt}.` : '';
  switch (outcome?.kind) {
    case 'succeeded':
      return `The run succeeded.${after}`;
    case 'timed-out':
      return `The run took too long and was ended.${after}`;
    case 'lost':
      return 'The run was lost: the daemon died while it was in progress.';
    case 'failed':
      return `${causeInWords(outcome.cause)}${after}`;
    default:
      return 'The run has ended.';
  }
}

function causeInWords(cause: Extract<Outcome, { kind: 'failed' }>['cause']): string {
  switch (cause.kind) {
    case 'exit':
      return `The run ended with exit code ${cause.code}.`;
    case 'signal':
      return `The run was ended by ${cause.signal}.`;
    case 'not-started':
      return `The run could not be started: ${cause.reason}`;
  }
}

/** Titles of alerts that are told; those of failing jobs are told by the end of the run. */
const alertTitles: Partial<Record<Alert['kind'], string>> = {
  'given-up': 'was given up',
  quiet: 'has gone quiet',
  watch: 'does not see its files',
};

/** The notice of an alert that is new; undefined if it is told otherwise, or its job wants none. */
export function noticeOfAlert(
  { kind, job, run, message, hint }: Alert,
  policy: NotifyPolicy,
): Notice | undefined {
  const title = alertTitles[kind];
  if (title === undefined || policy === 'never') return undefined;
  const body = hint === null ? message : `${message} ${hint}`;
  return { kind: 'alert', title: `${job ?? 'Soloist'} ${title}`, body, job, run };
}
