import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from './daemon/config/configuration.ts';
import type { Guards } from './daemon/health/guards/guards.ts';
import type { Health, JobsHealth } from './daemon/health/health.ts';
import { type HealthOf, summaryOf } from './daemon/health/report.ts';
import type { DaemonPart, PartContext } from './daemon/part.ts';
import { settleLater } from './settle.ts';

export interface HealthPart extends DaemonPart<Configuration> {
  /** How the daemon is; undefined while it does not run. */
  health(): HealthOf | undefined;
}

const TICK_MS = 60_000;
const STOP_MS = 1_000;
/** Soon after the start, when the first runs have begun. */
const FIRST_TICK_MS = 5_000;

/** The health as a part of the daemon, to be started after its jobs. */
export function healthPart(jobs: () => JobsHealth | undefined): HealthPart {
  let running: LoadedHealth | undefined;
  return {
    name: 'health',
    health: () => running?.calls,
    async start(context, configuration) {
      const loaded = new LoadedHealth(context, configuration, jobs);
      running = loaded;
      return {
        update: (next) => loaded.update(next),
        async stop() {
          running = undefined;
          await loaded.stop();
        },
      };
    },
  };
}

/** Loaded when it is first asked for, or when there are jobs: a daemon without any does not carry it for life. */
class LoadedHealth {
  readonly #context: PartContext;
  readonly #jobs: () => JobsHealth | undefined;
  #timer: NodeJS.Timeout;
  #configuration: Configuration;
  #loading: Promise<Health> | undefined;
  #guards: Guards | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #dueMs = performance.now() + FIRST_TICK_MS;
  readonly calls: HealthOf;

  constructor(context: PartContext, configuration: Configuration, jobs: () => JobsHealth | undefined) {
    this.#context = context;
    this.#configuration = configuration;
    this.#jobs = jobs;
    this.#timer = setTimeout(() => this.#round(), FIRST_TICK_MS).unref();
    const health = (): Promise<Health> => this.#load();
    this.calls = {
      look: async () => (await health()).look(),
      metrics: async () => (await health()).metrics(),
      guards: async (guard) => (await health()).guards(guard),
      endGuarded: async (guard, processes) => (await health()).endGuarded(guard, processes),
      strays: async () => (await health()).strays(),
      endStrays: async (processes) => (await health()).endStrays(processes),
    };
  }

  #round(): void {
    const sinceDueMs = performance.now() - this.#dueMs;
    this.#timer = setTimeout(() => this.#round(), TICK_MS).unref();
    this.#dueMs = performance.now() + TICK_MS;
    // One that is a whole round late was asleep with the computer.
    if (this.#jobs() !== undefined || this.#loading !== undefined)
      this.#tick(sinceDueMs < TICK_MS ? Math.max(0, sinceDueMs) : 0);
  }

  #tick(lateMs: number): void {
    const isFirst = this.#loading === undefined;
    this.#ticking = this.#load()
      .then((health) => health.tick(lateMs))
      // What was loaded for the first look has left more than all later ones.
      .then(() => (isFirst ? settleLater() : undefined))
      .catch((error: unknown) =>
        this.#context.logger.error({ err: error }, 'the health could not be looked at'),
      );
  }

  update(configuration: Configuration): void {
    this.#configuration = configuration;
    this.#guards?.configured(configuration.guards);
  }

  #load(): Promise<Health> {
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  async #begin(): Promise<Health> {
    const [{ Health }, { Guards }, { findStrays, straysCheck, endStrays }, { endProcesses }] =
      await Promise.all([
        import('./daemon/health/health.ts'),
        import('./daemon/health/guards/guards.ts'),
        import('./daemon/health/strays/strays.ts'),
        import('./daemon/process/end-processes.ts'),
      ]);
    const { home, owner, logger } = this.#context;
    const jobs = this.#jobs;
    const guards = new Guards({
      logger,
      // Without jobs or guards there is no history, and nothing to be told.
      alerts: {
        met: (raised) => jobs()?.met(raised),
        gone: (cause) => jobs()?.gone(cause),
        standing: () => jobs()?.standing() ?? [],
      },
    });
    guards.configured(this.#configuration.guards);
    this.#guards = guards;
    const of = { home, self: owner };
    return new Health({
      home,
      logger,
      vitals: () => this.#context.vitals(),
      jobs: this.#jobs,
      guards,
      onReport: (report, isOther) => this.#context.judged(summaryOf(report), isOther),
      strays: {
        views: () => findStrays(of),
        check: async () => straysCheck(await findStrays(of)),
        end: (processes) => endStrays(processes, of, endProcesses),
      },
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    // What it is about to end may be given its time, and a stop does not wait for that.
    await Promise.race([this.#ticking, sleep(STOP_MS, undefined, { ref: false })]);
    (await this.#loading)?.stop();
  }
}
