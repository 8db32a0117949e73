import type { Logger } from 'pino';
import { SoloistError } from '../daemon/errors.ts';
import type { HealthReport } from '../daemon/health/report.ts';
import type { JobView } from '../daemon/jobs/views.ts';
import type { DaemonHandlers } from './source/attached.ts';
import type { Alert } from './tray/state.ts';

/** A burst of events makes one look. */
const GATHER_MS = 100;
/** The daemon looks at everything when it is asked for its health: not more often, however much it tells, in milliseconds. */
const HEALTH_APART_MS = 5_000;

export interface OverviewOptions {
  readonly handlers: Pick<DaemonHandlers, 'jobs' | 'alerts' | 'health'>;
  readonly logger: Logger;
  readonly onChange: () => void;
}

/** What the daemon that is shown tells of itself, as of just now: what tray and notifications speak of. */
export class Overview {
  readonly #options: OverviewOptions;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #healthTimer: NodeJS.Timeout | undefined;
  #isHealthAsked = false;
  #isHealthWanted = false;
  #healthAskedMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  jobs: readonly JobView[] = [];
  /** Those that are not resolved, acknowledged ones included. */
  alerts: readonly Alert[] = [];
  /** Whether the daemon has told. One that does not run has nothing to tell, which is not that all is well. */
  isKnown = false;
  /** Undefined while the daemon does not tell: it does not run, or is of a version that does not know the call. */
  health: HealthReport | undefined;

  constructor(options: OverviewOptions) {
    this.#options = options;
  }

  /** Something may have changed: what the daemon has told of, or all. */
  look(event?: string): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#turn = this.#turn.then(() => this.#look());
    }, GATHER_MS);
    // A run by itself changes nothing of the health.
    if (event === 'run') return;
    // It may be another daemon.
    if (event === undefined || event === 'status') this.#healthAskedMs = Number.NEGATIVE_INFINITY;
    // What is told of the health while it is asked is what this look itself has found.
    if (event !== 'health' || !this.#isHealthAsked) this.#lookAtHealthSoon();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#healthTimer);
  }

  async #look(): Promise<void> {
    const { handlers, onChange } = this.#options;
    try {
      const [{ jobs }, { alerts }] = await Promise.all([handlers.jobs({}), handlers.alerts({ all: false })]);
      this.jobs = jobs;
      this.alerts = alerts;
      this.isKnown = true;
    } catch (error) {
      // A daemon that does not run, has no jobs, or is not attached to, says so in this way.
      this.#note(error, 'looking at the jobs failed');
      this.jobs = [];
      this.alerts = [];
      this.isKnown = false;
    }
    onChange();
  }

  #lookAtHealthSoon(): void {
    this.#isHealthWanted = true;
    if (this.#isHealthAsked || this.#isClosed) return;
    clearTimeout(this.#healthTimer);
    const wait = this.#healthAskedMs + HEALTH_APART_MS - performance.now();
    this.#healthTimer = setTimeout(() => void this.#lookAtHealth(), Math.max(GATHER_MS, wait));
  }

  async #lookAtHealth(): Promise<void> {
    const { handlers, onChange } = this.#options;
    this.#isHealthAsked = true;
    this.#isHealthWanted = false;
    try {
      this.health = await handlers.health({});
      this.#healthAskedMs = performance.now();
    } catch (error) {
      this.#note(error, 'looking at the health failed');
      this.health = undefined;
    }
    this.#isHealthAsked = false;
    if (this.#isClosed) return;
    onChange();
    if (this.#isHealthWanted) this.#lookAtHealthSoon();
  }

  #note(error: unknown, message: string): void {
    if (!(error instanceof SoloistError)) this.#options.logger.error({ err: error }, message);
  }
}
