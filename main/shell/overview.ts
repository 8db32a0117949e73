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
  alerts: readonly Alert[] = [];

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
    const { handlers } = this.#options;
    const [jobs, alerts] = await Promise.all([
      this.#orNone(handlers.jobs({}).then(({ jobs }) => jobs)),
      this.#orNone(handlers.alerts({ all: false }).then(({ alerts }) => alerts)),
    ]);
    this.jobs = jobs;
    this.alerts = alerts.filter(({ state }) => state === 'open');
    this.#options.onChange();
  }

  /** A daemon that does not run, or is not attached to, has none. */
  async #orNone<Item>(asked: Promise<readonly Item[]>): Promise<readonly Item[]> {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof SoloistError))
        this.#options.logger.error({ err: error }, 'looking at the jobs failed');
      return [];
    }
  }
}
