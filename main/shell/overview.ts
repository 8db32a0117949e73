import type { Logger } from 'pino';
import { SoloistError } from '../daemon/errors.ts';
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
  /** Whether the daemon runs and has not looked at its health yet. */
  readonly isHealthUnknown: () => boolean;
  readonly onChange: () => void;
}

/** The jobs and the open alerts of the daemon that is shown, as of just now: what tray and notifications speak of. */
export class Overview {
  readonly #options: OverviewOptions;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #healthTimer: NodeJS.Timeout | undefined;
  #healthAskedMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  jobs: readonly JobView[] = [];
  /** Those that are not resolved, acknowledged ones included. */
  alerts: readonly Alert[] = [];
  /** Whether the daemon has told. One that does not run has nothing to tell, which is not that all is well. */
  isKnown = false;

  constructor(options: OverviewOptions) {
    this.#options = options;
  }

  /** Something may have changed: what the daemon has told of, or all. */
  look(event?: string): void {
    // That comes with the status.
    if (event === 'health') return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#turn = this.#turn.then(() => this.#look());
    }, GATHER_MS);
    if (event === 'alerts' || this.#options.isHealthUnknown()) this.#haveHealthLookedAt();
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

  /** The daemon looks by itself now and then, which would be late for what an alert tells already. */
  #haveHealthLookedAt(): void {
    if (this.#healthTimer !== undefined || this.#isClosed) return;
    const wait = this.#healthAskedMs + HEALTH_APART_MS - performance.now();
    this.#healthTimer = setTimeout(() => void this.#askHealth(), Math.max(GATHER_MS, wait));
  }

  /** What it finds comes with the status. */
  async #askHealth(): Promise<void> {
    try {
      await this.#options.handlers.health({});
    } catch (error) {
      // An older daemon does not know the call.
      this.#note(error, 'looking at the health failed');
    }
    this.#healthAskedMs = performance.now();
    this.#healthTimer = undefined;
    if (!this.#isClosed) this.#options.onChange();
  }

  #note(error: unknown, message: string): void {
    if (!(error instanceof SoloistError)) this.#options.logger.error({ err: error }, message);
  }
}
