import type { NotifyPolicy } from '../../daemon/config/configuration.ts';
import type { Outcome } from '../../daemon/history/run.ts';
import type { JobView, RunView } from '../../daemon/jobs/views.ts';
import { type Alert, jobNameOf } from '../tray/state.ts';

/** Something that a person is told of. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly job: string | null;
  readonly run: string | null;
}

/** The alerts and the jobs at one time. */
export interface Standing {
  /** Those that are not resolved, acknowledged ones included. */
  readonly alerts: readonly Alert[];
  readonly jobs: readonly JobView[];
}

/** What a job says of notices; the view of an older daemon does not tell. */
export function policyOf(job: JobView | undefined): NotifyPolicy {
  return job?.notify ?? 'on-failure';
}

/** What the title of a notice says of an alert's subject, when it is raised and when its cause is gone. */
const words: Record<Alert['kind'], { readonly raised: string; readonly resolved: string }> = {
  failing: { raised: 'failed', resolved: 'works again' },
  'given-up': { raised: 'was given up', resolved: 'runs again' },
  quiet: { raised: 'has gone quiet', resolved: 'works again' },
  watch: { raised: 'misses its folder', resolved: 'has its folder back' },
  overdue: { raised: 'did not start when due', resolved: 'has started' },
  slow: { raised: 'takes unusually long', resolved: 'takes no longer than usual' },
  flapping: { raised: 'keeps ending', resolved: 'stays up again' },
  guard: { raised: 'runs too often', resolved: 'runs as often as it should' },
  strays: { raised: 'found a stray daemon', resolved: 'has no stray daemon any more' },
  check: { raised: 'needs attention', resolved: 'is well again' },
};

/** Of whom the title speaks: a job, what a guard counts, a check, or the daemon. */
function subjectOf({ kind, job, subject }: Alert): string {
  if (kind === 'check' && subject)
    return job === null ? `The check ${subject}` : `The check ${subject} of ${job}`;
  return job ?? 'Soloist';
}

const titleOf = (alert: Alert, news: 'raised' | 'resolved'): string =>
  `${subjectOf(alert)} ${words[alert.kind][news]}`;

const isSameCause = (one: Alert, other: Alert): boolean =>
  one.kind === other.kind && one.job === other.job && one.subject === other.subject;

/**
 * What is worth a notice of what changed between two times: alerts that are new (so a job's first failure, not the ones
 * after it), and those whose cause is gone.
 */
export function noticesBetween(before: readonly Alert[], { alerts, jobs }: Standing): Notice[] {
  const known = new Set(before.map(({ id }) => id));
  const standing = new Set(alerts.map(({ id }) => id));
  const jobOf = (alert: Alert): JobView | undefined => jobs.find(({ name }) => name === jobNameOf(alert));
  const raised = alerts
    // One that was acknowledged before it was seen here is no news.
    .filter((alert) => !known.has(alert.id) && alert.state === 'open')
    // A job that tells of every end has told of this one.
    .filter(
      (alert) => isWanted(alert, jobOf(alert)) && !(alert.kind === 'failing' && tellsAlways(jobOf(alert))),
    )
    .map((alert) => ({
      title: titleOf(alert, 'raised'),
      body: alert.hint === null ? alert.message : `${alert.message} ${alert.hint}`,
      job: jobNameOf(alert),
      run: alert.run,
    }));
  const resolved = before
    .filter((alert) => !standing.has(alert.id) && hasRecovered(alert, jobOf(alert)))
    // It was well for a moment between two looks.
    .filter((alert) => !alerts.some((other) => isSameCause(alert, other)))
    .filter((alert) => isWanted(alert, jobOf(alert)))
    .map((alert) => ({
      title: titleOf(alert, 'resolved'),
      body: `Before: ${alert.message}`,
      job: jobNameOf(alert),
      run: jobOf(alert)?.last?.id ?? null,
    }));
  // A job that failed and was quiet has recovered once.
  const titles = new Set<string>();
  return [...raised, ...resolved].filter(({ title }) => !titles.has(title) && titles.add(title));
}

/** What left the configuration or was switched off in it has not recovered, nor a service that somebody ended. */
function hasRecovered(alert: Alert, job: JobView | undefined): boolean {
  if (jobNameOf(alert) === null) return true;
  if (job?.enabled !== true) return false;
  return alert.kind !== 'given-up' || job.running.length + job.queued.length > 0;
}

const isWanted = (alert: Alert, job: JobView | undefined): boolean =>
  jobNameOf(alert) === null || policyOf(job) !== 'never';
const tellsAlways = (job: JobView | undefined): boolean => policyOf(job) === 'always';

/** The notice of the end of a run, of a job that tells of every one; undefined if it was cancelled or skipped. */
export function noticeOfRun({ job, id, outcome }: RunView): Notice | undefined {
  if (outcome === null || outcome.kind === 'cancelled' || outcome.kind === 'skipped') return undefined;
  const title = outcome.kind === 'succeeded' ? `${job} succeeded` : `${job} failed`;
  return { title, body: outcomeInWords(outcome), job, run: id };
}

function outcomeInWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'succeeded':
      return 'The run succeeded.';
    case 'timed-out':
      return 'The run took too long and was ended.';
    case 'lost':
      return 'The run was lost: the daemon died while it was in progress.';
    case 'failed':
      return causeInWords(outcome.cause);
    case 'cancelled':
    case 'skipped':
      return `The run was ${outcome.kind}: ${outcome.reason}.`;
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
