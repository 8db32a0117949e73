import { durationWords } from '../config/duration.ts';
import type { AlertKind } from '../history/alert-kinds.ts';
import type { Alert, Raised } from '../history/alerts.ts';
import type { Statistics } from '../history/statistics.ts';
import { shellWord } from '../shell-word.ts';
import type { GoingFacts, JobsFacts, TroubledJob, WaitingFacts } from './facts.ts';
import { type Limits, limits } from './limits.ts';
import { type Check, type Remedy, type Verdict, worst } from './report.ts';

/** The states that a look at the whole has to find, and tells of each time. */
export const lookedForKinds = [
  'overdue',
  'slow',
  'flapping',
  'strays',
  'check',
] as const satisfies readonly AlertKind[];

const roughly = (ms: number): string => durationWords(Math.max(1_000, Math.round(ms / 1_000) * 1_000));

/** What of the jobs is to be told as an alert now. `statisticsOf` gives what a job's last runs were like. */
export function jobStates(
  facts: JobsFacts,
  statisticsOf: (job: string) => Statistics,
  given: Limits = limits,
): readonly Raised[] {
  return [
    ...facts.waiting
      .filter(({ waitedMs }) => waitedMs >= given.overdueMs)
      .map((waiting) => overdueAlert(waiting, facts)),
    ...facts.going.flatMap((going) => slowAlert(going, statisticsOf(going.job), given) ?? []),
    ...facts.restarted
      .filter(({ times }) => times >= given.flapping)
      .map(({ job, times }) => flappingAlert(job, times)),
  ];
}

function overdueAlert({ job, run, waitedMs }: WaitingFacts, { going, maxConcurrent }: JobsFacts): Raised {
  return {
    kind: 'overdue',
    job,
    run,
    message: `${job} has been due for ${roughly(waitedMs)} and waits for a place: ${going.length} runs go on.`,
    hint: `Let more run at one time (max_concurrent, now ${maxConcurrent}), or give the long ones a timeout.`,
  };
}

function slowAlert(
  { job, run, wentOnMs }: GoingFacts,
  { outcomes, durations }: Statistics,
  { slow }: Limits,
): Raised | undefined {
  if (durations === undefined || outcomes.succeeded + outcomes.failed < slow.fewestRuns) return undefined;
  const usualMs = durations.p90;
  if (wentOnMs < Math.max(slow.times * usualMs, usualMs + slow.leastMs)) return undefined;
  return {
    kind: 'slow',
    job,
    run,
    message: `A run of ${job} has gone on for ${roughly(wentOnMs)}; most are done within ${roughly(usualMs)}.`,
    hint: 'See what it prints; it may hang. A timeout would end it.',
  };
}

function flappingAlert(job: string, times: number): Raised {
  return {
    kind: 'flapping',
    job,
    run: undefined,
    message: `The service ${job} has ended ${times} times in a row, and is started again each time.`,
    hint: 'Its log says why it ends.',
  };
}

/** How bad each kind of alert is for its job. */
const verdicts: Readonly<Record<AlertKind, (alert: Alert, limits: Limits) => Verdict>> = {
  failing: ({ count }, { failures }) => (count >= failures ? 'error' : 'warning'),
  'given-up': () => 'error',
  quiet: () => 'error',
  watch: () => 'error',
  overdue: () => 'error',
  slow: () => 'warning',
  flapping: () => 'warning',
  // These are about no job.
  guard: () => 'ok',
  strays: () => 'ok',
  check: () => 'ok',
};

/** Judges the jobs: one check for all, and one for each that an alert stands for. */
export function checkJobs(
  { all, enabled }: JobsFacts['jobs'],
  troubled: readonly TroubledJob[],
  given: Limits = limits,
): readonly Check[] {
  const checks = troubled.map((job) => checkJob(job, given));
  const names = checks.map(({ subject }) => subject);
  const well = enabled - names.length;
  const summary: Check = {
    name: 'jobs',
    group: 'jobs',
    subject: null,
    verdict: worst(checks.map(({ verdict }) => verdict)),
    sentence: summaryOf(all, enabled, well, names),
    remedy: null,
  };
  return [summary, ...checks];
}

function summaryOf(all: number, enabled: number, well: number, names: readonly (string | null)[]): string {
  if (all === 0) return 'There are no jobs.';
  const disabled = all === enabled ? '' : `, ${all - enabled} disabled`;
  if (names.length === 0) return `${all === 1 ? 'The job is' : `All ${all} jobs are`} well${disabled}.`;
  const most = 5;
  const shown = names.slice(0, most).join(', ');
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${Math.max(0, well)} of ${enabled} jobs are well${disabled}; not well: ${shown}${more}.`;
}

function checkJob({ job, alerts, statistics, failuresInRow }: TroubledJob, given: Limits): Check {
  const sentences = alerts.map(({ message }) => message);
  return {
    name: 'job',
    group: 'jobs',
    subject: job,
    verdict: worst(alerts.map((alert) => verdicts[alert.kind](alert, given))),
    sentence: [...sentences, rateInWords(statistics, failuresInRow)]
      .filter((words) => words !== '')
      .join(' '),
    remedy: remedyFor(job, alerts),
  };
}

function rateInWords({ outcomes, runs }: Statistics, failuresInRow: number): string {
  const tried = outcomes.succeeded + outcomes.failed + outcomes['timed-out'] + outcomes.lost;
  if (runs === 0 || tried === 0) return '';
  const rate = `${outcomes.succeeded} of its last ${tried} runs succeeded`;
  return failuresInRow > 1
    ? `${failuresInRow} failures in a row; ${rate}.`
    : `${rate[0]?.toUpperCase()}${rate.slice(1)}.`;
}

function remedyFor(job: string, alerts: readonly Alert[]): Remedy | null {
  const kinds = new Set(alerts.map(({ kind }) => kind));
  if (kinds.has('watch')) return { kind: 'edit-configuration', subject: job, command: 'soloist config edit' };
  // One that goes on, waits or is started again and again is not helped by another start.
  if (kinds.has('slow') || kinds.has('overdue') || kinds.has('flapping')) return null;
  return { kind: 'run-job', subject: job, command: `soloist run ${shellWord(job)}` };
}
