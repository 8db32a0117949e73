import type { Configuration, Job } from '../config/configuration.ts';
import { jobSettings } from '../config/job-in-words.ts';
import { hintForName } from '../config/likely.ts';
import { SoloistError } from '../errors.ts';
import type { Alerts } from '../health/alerts.ts';
import type { History } from '../history/history.ts';
import type { Pause } from '../history/jobs.ts';
import { failedOutcomes, type OutcomeKind, type RunId } from '../history/run.ts';
import { parseRunId } from '../history/run-id.ts';
import type { Announcer } from './announcer.ts';
import { alertView, recentRun, statisticsView } from './details.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { JobSchedule } from './job-schedule.ts';
import { readRunOutput, unknownRun } from './run-output.ts';
import type { Services } from './services.ts';
import { runView } from './show.ts';
import { triggersInWords } from './time-triggers.ts';
import type {
  AbsenceView,
  AlertView,
  JobDetails,
  JobEvent,
  Jobs,
  JobView,
  OutputRequest,
  OutputView,
  RecentRun,
  RunsFilter,
  RunsPage,
  RunView,
  UpcomingRun,
} from './views.ts';

export interface RequestsParts {
  readonly history: History;
  readonly dispatcher: Dispatcher;
  readonly schedule: JobSchedule;
  readonly services: Services;
  readonly pauses: Map<string, Pause>;
  readonly announcer: Announcer;
  readonly alerts: Alerts;
  configuration(): Configuration;
  /** After pauses have changed. */
  onPaused(job: Job, by: string): void;
  onResumed(job: Job): void;
}

/** What one page holds at most. */
const LARGEST_PAGE = 1_000;
/** What the details of a job tell. */
const NEXT_DUE_TIMES = 10;
const STATISTICS_RUNS = 100;
const YEAR_MS = 366 * 24 * 3_600_000;

/** Answers what is asked of the jobs of a running daemon. */
export class Requests implements Jobs {
  readonly #parts: RequestsParts;
  readonly #knownWords = new WeakMap<Job, { readonly zone: string; readonly words: string }>();

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  list(): readonly JobView[] {
    const { jobs } = this.#parts.configuration();
    return this.#viewsOf([...jobs.values()]);
  }

  #viewsOf(jobs: readonly Job[]): readonly JobView[] {
    const { timezone } = this.#parts.configuration();
    const last = this.#parts.history.latest(
      jobs.map(({ name }) => name),
      1,
      'ended',
    );
    return jobs.map((job): JobView => {
      const ended = last.get(job.name)?.[0];
      const { going, waiting } = this.#parts.dispatcher.runsOf(job.name);
      const pause = this.#parts.pauses.get(job.name);
      const due = this.#isHeld(job) ? undefined : this.#parts.schedule.nextDue(job.name);
      const state = this.#parts.services.stateInWords(job.name);
      const words = this.#words(job, timezone);
      return {
        name: job.name,
        description: job.description ?? null,
        tags: job.tags,
        kind: job.kind,
        enabled: job.enabled,
        notify: job.notify,
        paused: pause === undefined ? null : { by: pause.by, since: new Date(pause.since).toISOString() },
        schedule: state === undefined ? words : `${words} (${state})`,
        nextDue: due === undefined ? null : new Date(due).toISOString(),
        running: this.#views(going),
        queued: this.#views(waiting),
        last: ended === undefined ? null : runView(ended),
      };
    });
  }

  async run(name: string, words: readonly string[]): Promise<RunView> {
    const { dispatcher, services } = this.#parts;
    const job = this.#job(name);
    if (job.command.kind === 'action' && words.length > 0) throw wordsForAction(job.name);
    const trigger = { kind: 'person' } as const;
    const [claimed] = dispatcher.admit([
      { job: job.name, trigger, attempt: 1, words, delayMs: 0, skip: undefined },
    ]);
    if (claimed?.kind !== 'claimed') throw new Error('a run that a person wants was not claimed');
    services.startedByHand(job.name);
    await dispatcher.begun(claimed.run.id);
    return this.show(claimed.run.id);
  }

  async cancel(target: string): Promise<readonly RunView[]> {
    const { dispatcher, services, history } = this.#parts;
    const reason = 'cancelled by a person';
    const isJob = this.#parts.configuration().jobs.has(target) || dispatcher.has(target);
    if (isJob) {
      services.leaveDown(target, reason);
      return this.#views(await dispatcher.cancel((run) => run.job === target, reason));
    }
    const run = history.find(target);
    if (run === undefined)
      throw parseRunId(target) === undefined ? this.#unknownJob(target) : unknownRun(target);
    return this.#views(await dispatcher.cancel((one) => one.id === run.id, reason));
  }

  pause(name: string, by: string): readonly string[] {
    const jobs = this.#jobs(name).filter((job) => !this.#parts.pauses.has(job.name));
    const { history, pauses } = this.#parts;
    const since = Date.now();
    history.together(() => {
      for (const job of jobs) history.pause(job.name, by, since);
    });
    for (const job of jobs) pauses.set(job.name, { job: job.name, by, since });
    for (const job of jobs) this.#parts.onPaused(job, by);
    if (jobs.length > 0) this.#parts.announcer.jobsChanged();
    return jobs.map((job) => job.name);
  }

  resume(name: string): readonly string[] {
    const jobs = this.#jobs(name).filter((job) => this.#parts.pauses.has(job.name));
    const { history, pauses } = this.#parts;
    history.together(() => {
      for (const job of jobs) history.resume(job.name);
    });
    for (const job of jobs) pauses.delete(job.name);
    for (const job of jobs) this.#parts.onResumed(job);
    if (jobs.length > 0) this.#parts.announcer.jobsChanged();
    return jobs.map((job) => job.name);
  }

  page(
    { job, failed, since, until, outcome, text }: RunsFilter,
    cursor: string | null,
    limit: number,
  ): RunsPage {
    const { history } = this.#parts;
    // A job that the configuration has no more still has its past.
    const isConfigured = job === undefined || this.#parts.configuration().jobs.has(job);
    if (!isConfigured && !history.jobs().includes(job)) this.#job(job);
    const filter = {
      job,
      outcomes: outcomesWanted(failed, outcome),
      since: since === undefined ? undefined : pointInTime(since),
      until: until === undefined ? undefined : pointInTime(until),
      text,
    };
    const size = Math.min(LARGEST_PAGE, Math.max(1, Math.trunc(limit)));
    const { runs, next } = history.page(filter, cursor ?? undefined, size);
    return { runs: runs.map(runView), next: next ?? null };
  }

  show(id: string): RunView {
    const run = this.#parts.history.find(id);
    if (run === undefined) throw unknownRun(id);
    return 'files' in run.trigger ? { ...runView(run), files: run.trigger.files } : runView(run);
  }

  upcoming(until: string, limit: number, only?: string): readonly UpcomingRun[] {
    const { jobs } = this.#parts.configuration();
    if (only !== undefined) this.#job(only);
    const isWanted = (name: string): boolean => {
      const job = jobs.get(name);
      return job !== undefined && !this.#isHeld(job) && (only === undefined || name === only);
    };
    return this.#parts.schedule.upcoming(isWanted, pointInTime(until), limit);
  }

  details(name: string): JobDetails {
    const job = this.#job(name);
    const [view] = this.#viewsOf([job]);
    if (view === undefined) throw this.#unknownJob(name);
    const horizon = new Date(Date.now() + YEAR_MS).toISOString();
    return {
      job: view,
      settings: jobSettings(job),
      next: this.upcoming(horizon, NEXT_DUE_TIMES, name).map(({ due }) => due),
      statistics: statisticsView(this.#parts.history.statistics(name, STATISTICS_RUNS)),
    };
  }

  recent(
    names: readonly string[],
    limit: number,
  ): readonly { readonly job: string; readonly runs: readonly RecentRun[] }[] {
    const latest = this.#parts.history.latest(names, limit, 'ended');
    return names.flatMap((job) => {
      const runs = latest.get(job);
      return runs === undefined
        ? []
        : { job, runs: runs.toReversed().flatMap((run) => recentRun(run) ?? []) };
    });
  }

  output(request: OutputRequest): Promise<OutputView> {
    return readRunOutput(request, this.#parts.history, (listener) => this.subscribe(listener));
  }

  absences(from: string, until: string): readonly AbsenceView[] {
    const absences = this.#parts.history.absences(pointInTime(from), pointInTime(until));
    return absences.map((absence) => ({
      kind: absence.kind,
      from: new Date(absence.from).toISOString(),
      until: new Date(absence.until).toISOString(),
    }));
  }

  alerts(all: boolean): readonly AlertView[] {
    const { alerts } = this.#parts;
    return (all ? alerts.all() : alerts.standing()).map(alertView);
  }

  acknowledge(alert: string): void {
    const { alerts } = this.#parts;
    if (alert === 'all') alerts.acknowledge(undefined);
    else if (!alerts.acknowledge(alert)) throw unknownAlert(alert);
  }

  archive(): void {
    this.#parts.alerts.archive();
  }

  subscribe(listener: (event: JobEvent) => void): () => void {
    return this.#parts.announcer.subscribe(listener);
  }

  /** Putting a schedule in words takes longer than all else that a list needs. */
  #words(job: Job, zone: string): string {
    const known = this.#knownWords.get(job);
    if (known?.zone === zone) return known.words;
    const words = triggersInWords(job, zone);
    this.#knownWords.set(job, { zone, words });
    return words;
  }

  #isHeld(job: Job): boolean {
    return !job.enabled || this.#parts.pauses.has(job.name);
  }

  #views(runs: readonly RunId[]): readonly RunView[] {
    return runs.flatMap((id) => {
      const run = this.#parts.history.find(id);
      return run === undefined ? [] : [runView(run)];
    });
  }

  #jobs(name: string): readonly Job[] {
    return name === 'all' ? [...this.#parts.configuration().jobs.values()] : [this.#job(name)];
  }

  #job(name: string): Job {
    const job = this.#parts.configuration().jobs.get(name);
    if (job === undefined) throw this.#unknownJob(name);
    return job;
  }

  #unknownJob(name: string): SoloistError {
    const hint = hintForName(name, [...this.#parts.configuration().jobs.keys()], {
      none: 'The configuration has no jobs yet.',
      some: 'See the list of jobs for their names.',
    });
    return new SoloistError({ code: 'unknown-job', message: `There is no job "${name}".`, hint });
  }
}

function outcomesWanted(
  failed: boolean | undefined,
  outcome: OutcomeKind | undefined,
): readonly OutcomeKind[] | undefined {
  const wanted = outcome === undefined ? undefined : [outcome];
  if (failed !== true) return wanted;
  return failedOutcomes.filter((kind) => wanted?.includes(kind) ?? true);
}

function wordsForAction(job: string): SoloistError {
  return new SoloistError({
    code: 'no-words-for-action',
    message: `The job "${job}" runs a built-in action, which takes no words.`,
    hint: 'Run it without; what it does is set by "with" in the configuration.',
  });
}

function unknownAlert(id: string): SoloistError {
  return new SoloistError({
    code: 'unknown-alert',
    message: `There is no alert "${id}".`,
    hint: "See 'soloist alerts --all'; those that are over are kept for three months.",
  });
}

function pointInTime(text: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new SoloistError({
    code: 'bad-time',
    message: `"${text}" is not a point in time.`,
    hint: 'Write it as 2026-12-24T18:00:00Z.',
  });
}
