import type { Logger } from 'pino';
import type { History } from '../history/history.ts';
import type { RunId } from '../history/run.ts';
import { runView } from './show.ts';
import type { JobEvent } from './views.ts';

/** Tells all listeners what happens to jobs and runs. */
export class Announcer {
  readonly #history: History;
  readonly #logger: Logger;
  readonly #listeners = new Set<(event: JobEvent) => void>();

  constructor(history: History, logger: Logger) {
    this.#history = history;
    this.#logger = logger;
  }

  /** Returns how to end the subscription. */
  subscribe(listener: (event: JobEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The run is another one than before, as the history has it. */
  runChanged(id: RunId): void {
    this.#tell(() => {
      const run = this.#history.find(id);
      return run === undefined ? undefined : { kind: 'run', run: runView(run) };
    });
  }

  jobsChanged(): void {
    this.#tell(() => ({ kind: 'jobs' }));
  }

  alertsChanged(): void {
    this.#tell(() => ({ kind: 'alerts' }));
  }

  /** What a listener throws must not keep a run from its end. */
  #tell(event: () => JobEvent | undefined): void {
    if (this.#listeners.size === 0) return;
    try {
      const told = event();
      if (told !== undefined) for (const listener of this.#listeners) listener(told);
    } catch (error) {
      this.#logger.error({ err: error }, 'what happened to a job could not be told');
    }
  }
}
