import type { Logger } from 'pino';
import { SoloistError } from '../daemon/errors.ts';
import type { JobView } from '../daemon/jobs/views.ts';
import type { DaemonHandlers } from './source/attached.ts';
import type { Alert } from './tray/state.ts';

/** A burst of events makes one look. */
const GATHER_MS = 100;

export interface OverviewOptions {
  readonly handlers: Pick<DaemonHandlers, 'jobs' | 'alerts'>;
  readonly logger: Logger;
  readonly onChange: () => void;
}

/** The jobs and the open alerts of the daemon that is shown, as of just now: what tray and notifications speak of. */
export class Overview {
  readonly #options: OverviewOptions;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  jobs: readonly JobView[] = [];
  /** Those that are not resolved, acknowledged ones included. */
  alerts: readonly Alert[] = [];
  /** Whether the daemon has told. One that does not run has nothing to tell, which is not that all is well. */
  isKnown = false;

  constructor(options: OverviewOptions) {
    this.#options = options;
  }

  /** Something may have changed. */
  look(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#turn = this.#turn.then(() => this.#look());
    }, GATHER_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { handlers, logger, onChange } = this.#options;
    try {
      const [{ jobs }, { alerts }] = await Promise.all([handlers.jobs({}), handlers.alerts({ all: false })]);
      this.jobs = jobs;
      this.alerts = alerts;
      this.isKnown = true;
    } catch (error) {
      // A daemon that does not run, has no jobs, or is not attached to, says so in this way.
      if (!(error instanceof SoloistError)) logger.error({ err: error }, 'looking at the jobs failed');
      this.jobs = [];
      this.alerts = [];
      this.isKnown = false;
    }
    onChange();
  }
}
