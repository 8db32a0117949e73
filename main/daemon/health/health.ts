import { statfs } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { Logger } from 'pino';
import { namedTimeZone } from '../config/local-time-zone.ts';
import { systemErrorCode } from '../errors.ts';
import type { Alert, Cause, Raised } from '../history/alerts.ts';
import type { Statistics } from '../history/statistics.ts';
import { reasonOf } from '../home.ts';
import type { JobView } from '../jobs/views.ts';
import { checkDaemon } from './checks.ts';
import { type Clocks, ClockWatch } from './clock-watch.ts';
import type { DiskFacts, JobsFacts, TroubledJob, Vitals } from './facts.ts';
import { checkJobs, jobStates, lookedForKinds } from './job-checks.ts';
import { type Limits, limits } from './limits.ts';
import { LoopDelay } from './loop-delay.ts';
import {
  type Check,
  type EndedView,
  type GuardView,
  type HealthOf,
  type HealthReport,
  type Shown,
  type StrayView,
  worst,
} from './report.ts';

/** What the jobs of a daemon give to its health. */
export interface JobsHealth {
  /** `probe`: also asks the file system about each watched path, which may take some time. */
  facts(probe: boolean): Promise<JobsFacts>;
  statistics(job: string): Statistics;
  /** The alerts that stand. */
  standing(): readonly Alert[];
  met(raised: Raised): void;
  gone(cause: Cause): void;
  /** What is done now and then, such as learning what is usual for each job. */
  tend(): Promise<void>;
  views(): readonly JobView[];
}

export interface GuardsOf {
  count(): Promise<readonly Check[]>;
  views(guard?: string): Promise<readonly GuardView[]>;
  end(guard: string, processes: readonly Shown[]): Promise<EndedView>;
}

export interface StraysOf {
  check(): Promise<readonly Check[]>;
  views(): Promise<readonly StrayView[]>;
  end(processes: readonly Shown[]): Promise<EndedView>;
}

export interface HealthParts {
  /** The home's real path. */
  readonly home: string;
  readonly logger: Logger;
  vitals(): Vitals;
  /** Undefined while there are no jobs and never were. */
  jobs(): JobsHealth | undefined;
  readonly guards: GuardsOf;
  readonly strays: StraysOf;
  readonly limits?: Limits;
  /** Told of each report, and whether something else is not well than before. */
  onReport(report: HealthReport, isOther: boolean): void;
}

/** One look in so many asks the file system and the process list too. */
const THOROUGH_EVERY = 3;

/** Looks at how the daemon is, now and then and when asked, and raises alerts for what is not well. */
export class Health implements HealthOf {
  readonly #parts: HealthParts;
  readonly #loop: LoopDelay;
  readonly #clock = new ClockWatch(systemClocks());
  #looks = 0;
  #disk: DiskFacts = { kind: 'unknown', reason: 'it was not looked at yet' };
  #processes: readonly Check[] = [];
  #looking: Promise<HealthReport> | undefined;
  #shown = '[]';

  constructor(parts: HealthParts) {
    this.#parts = parts;
    this.#loop = new LoopDelay((parts.limits ?? limits).loopDelay.warningMs);
  }

  /** To be called once a minute; `lateMs` is how much later this is than it was to be. Does not reject. */
  async tick(lateMs: number): Promise<void> {
    this.#loop.late(lateMs);
    const isThorough = this.#looks++ % THOROUGH_EVERY === 0;
    try {
      await (isThorough ? this.look() : this.#report(false));
      if (isThorough) await this.#parts.jobs()?.tend();
    } catch (error) {
      this.#parts.logger.error({ err: error }, 'the health could not be looked at');
    }
  }

  look(): Promise<HealthReport> {
    this.#looking ??= this.#lookThoroughly().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookThoroughly(): Promise<HealthReport> {
    const { home, strays, guards } = this.#parts;
    const [disk, ...processes] = await Promise.all([
      diskFacts(home),
      this.#checked('strays', strays.check()),
      this.#checked('guards', guards.count()),
    ]);
    this.#disk = disk;
    this.#processes = processes.flat();
    return this.#report(true);
  }

  /** What cannot be looked at is a finding too. */
  async #checked(name: string, checking: Promise<readonly Check[]>): Promise<readonly Check[]> {
    try {
      return await checking;
    } catch (error) {
      this.#parts.logger.warn({ err: error, check: name }, 'a check could not be made');
      const sentence = `The processes of this computer could not be looked at: ${reasonOf(error)}.`;
      return [{ name, group: 'processes', subject: null, verdict: 'warning', sentence, remedy: null }];
    }
  }

  async #report(probe: boolean): Promise<HealthReport> {
    const { vitals, jobs: jobsNow } = this.#parts;
    const jobs = jobsNow();
    const facts = await jobs?.facts(probe);
    const nowMs = Date.now();
    const daemon = checkDaemon(
      {
        ...vitals(),
        nowMs,
        loopDelayMs: this.#loop.worstMs(),
        clock: this.#clock.look(systemClocks()),
        disk: this.#disk,
        jobs: facts,
      },
      this.#parts.limits,
    );
    let ofJobs: readonly Check[] = [];
    if (jobs !== undefined && facts !== undefined) {
      this.#alert(jobs, facts, daemon);
      ofJobs = checkJobs(facts.jobs, troubledJobs(jobs), this.#parts.limits);
    }
    const checks = [...daemon, ...this.#processes, ...ofJobs];
    const report: HealthReport = {
      verdict: worst(checks.map(({ verdict }) => verdict)),
      at: new Date(nowMs).toISOString(),
      checks,
    };
    const shown = JSON.stringify(checks.filter(({ verdict }) => verdict !== 'ok'));
    this.#parts.onReport(report, shown !== this.#shown);
    this.#shown = shown;
    return report;
  }

  /** Raises what is not well, and resolves what is well again. */
  #alert(jobs: JobsHealth, facts: JobsFacts, daemon: readonly Check[]): void {
    const met: readonly Raised[] = [
      ...jobStates(facts, (job) => jobs.statistics(job), this.#parts.limits),
      ...[...daemon, ...this.#processes].flatMap((check) => checkAlert(check) ?? []),
    ];
    for (const raised of met) jobs.met(raised);
    for (const { kind, job, detail } of jobs.standing()) {
      const isLookedFor = lookedForKinds.some((one) => one === kind);
      const isMet = met.some((one) => one.kind === kind && one.job === job && one.detail === detail);
      if (isLookedFor && !isMet) jobs.gone({ kind, job, detail });
    }
  }

  async metrics(): Promise<string> {
    const { metricsText } = await import('./metrics.ts');
    const report = await this.look();
    const jobs = this.#parts.jobs();
    const guards = await this.#parts.guards.views();
    return metricsText({
      report,
      guards,
      jobs: jobs?.views() ?? [],
      statisticsOf: (job) => jobs?.statistics(job),
    });
  }

  guards(guard?: string): Promise<readonly GuardView[]> {
    return this.#parts.guards.views(guard);
  }

  async endGuarded(guard: string, processes: readonly Shown[]): Promise<EndedView> {
    const ended = await this.#parts.guards.end(guard, processes);
    await this.look();
    return ended;
  }

  strays(): Promise<readonly StrayView[]> {
    return this.#parts.strays.views();
  }

  async endStrays(processes: readonly Shown[]): Promise<EndedView> {
    const ended = await this.#parts.strays.end(processes);
    await this.look();
    return ended;
  }

  stop(): void {
    this.#loop.stop();
  }
}

/** Missing folders have alerts of their own, for each job that watches them; guards raise theirs when they count. */
const ALERTED_OTHERWISE: readonly string[] = ['watchers', 'guard'];

function checkAlert({ name, verdict, sentence, remedy }: Check): Raised | undefined {
  if (verdict === 'ok' || ALERTED_OTHERWISE.includes(name)) return undefined;
  const hint =
    remedy?.kind === 'restart'
      ? `'${remedy.command}' mends that.`
      : `'${remedy?.command ?? 'soloist doctor'}' says more.`;
  const cause: Cause =
    name === 'strays' ? { kind: 'strays', job: undefined } : { kind: 'check', job: undefined, detail: name };
  return { ...cause, run: undefined, message: sentence, hint };
}

function troubledJobs(jobs: JobsHealth): readonly TroubledJob[] {
  const alertsOf = new Map<string, Alert[]>();
  for (const alert of jobs.standing()) {
    // What a guard counts may have the name of a job, and is none.
    if (alert.job === undefined || alert.kind === 'guard') continue;
    alertsOf.set(alert.job, [...(alertsOf.get(alert.job) ?? []), alert]);
  }
  return [...alertsOf].map(([job, alerts]) => ({
    job,
    alerts,
    statistics: jobs.statistics(job),
    failuresInRow: alerts.find(({ kind }) => kind === 'failing')?.count ?? 0,
  }));
}

function systemClocks(): Clocks {
  return { wallMs: Date.now(), uptimeMs: uptime() * 1_000, zone: namedTimeZone() };
}

/** A file system that does not answer, such as that of a network folder, must not hold up the rest. */
const DISK_MS = 2_000;

async function diskFacts(home: string): Promise<DiskFacts> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<DiskFacts>((resolve) => {
    timer = setTimeout(resolve, DISK_MS, { kind: 'unknown', reason: 'its file system does not answer' });
  });
  const asked = statfs(home).then(
    ({ bavail, bsize, blocks, ffree, files }): DiskFacts => ({
      kind: 'known',
      free: bavail * bsize,
      size: blocks * bsize,
      filesFree: files === 0 ? undefined : ffree / files,
    }),
    (error: unknown): DiskFacts => ({ kind: 'unknown', reason: systemErrorCode(error) ?? reasonOf(error) }),
  );
  const facts = await Promise.race([asked, tooLong]);
  clearTimeout(timer);
  return facts;
}
