import type { Configuration } from './daemon/config/configuration.ts';
import type { DaemonPart, PartContext } from './daemon/daemon.ts';
import type { Health, JobsHealth } from './daemon/health/health.ts';
import { type HealthOf, summaryOf } from './daemon/health/report.ts';

export interface HealthPart extends DaemonPart<Configuration> {
  /** How the daemon is; undefined while it does not run. */
  health(): HealthOf | undefined;
}

const TICK_MS = 60_000;
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
    this.#ticking = this.#load()
      .then((health) => health.tick(lateMs))
      .catch((error: unknown) =>
        this.#context.logger.error({ err: error }, 'the health could not be looked at'),
      );
  }

  update(configuration: Configuration): void {
    this.#configuration = configuration;
  }

  #load(): Promise<Health> {
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  async #begin(): Promise<Health> {
    const { Health } = await import('./daemon/health/health.ts');
    const { home, logger } = this.#context;
    void this.#configuration;
    return new Health({
      home,
      logger,
      vitals: () => this.#context.vitals(),
      jobs: this.#jobs,
      guards: { count: async () => [], views: async () => [], end: async () => ({ ended: [], left: [] }) },
      onReport: (report, isOther) => this.#context.judged(summaryOf(report), isOther),
      strays: { check: async () => [], views: async () => [], end: async () => ({ ended: [], left: [] }) },
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#ticking;
    (await this.#loading)?.stop();
  }
}
