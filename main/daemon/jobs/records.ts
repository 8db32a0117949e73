import type { Logger } from 'pino';
import type { History } from '../history/history.ts';
import type { End } from '../history/life.ts';
import type { RunId } from '../history/run.ts';

/** How long until an end is recorded again that the disk did not take, in milliseconds. */
const AGAIN_MS = 5_000;

export interface EndOfRun {
  readonly run: RunId;
  readonly end: End;
}

/** Records the ends of runs; those that the history does not take, because the disk is full, are kept until it does. */
export class Records {
  readonly #history: History;
  readonly #logger: Logger;
  readonly #onRecorded: (run: RunId) => void;
  #pending: EndOfRun[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(history: History, logger: Logger, onRecorded: (run: RunId) => void) {
    this.#history = history;
    this.#logger = logger;
    this.#onRecorded = onRecorded;
  }

  /** Records these ends in one transaction. Does not throw. */
  ended(ends: readonly EndOfRun[]): void {
    this.#pending.push(...ends);
    // What failed a moment ago is left to the timer: a busy daemon must not try with each run.
    if (this.#timer === undefined) this.#write();
  }

  /** Tries a last time. */
  close(): void {
    clearTimeout(this.#timer);
    this.#write();
    clearTimeout(this.#timer);
    const runs = this.#pending.map(({ run }) => run);
    if (runs.length > 0) this.#logger.error({ runs }, 'the ends of these runs could not be recorded');
  }

  #write(): void {
    this.#timer = undefined;
    const ends = this.#pending;
    if (ends.length === 0) return;
    try {
      this.#history.together(() => {
        for (const { run, end } of ends) this.#history.ended(run, end);
      });
    } catch (error) {
      this.#logger.error({ err: error, runs: ends.length }, 'the ends of runs could not be recorded yet');
      this.#timer = setTimeout(() => this.#write(), AGAIN_MS).unref();
      return;
    }
    this.#pending = [];
    for (const { run } of ends) this.#onRecorded(run);
  }
}
