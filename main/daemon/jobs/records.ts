import type { Logger } from 'pino';
import { SoloistError } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { End, Start } from '../history/life.ts';
import type { RunId, RunProcess } from '../history/run.ts';

/** How long until an end is recorded again that the disk did not take, in milliseconds. */
const AGAIN_MS = 5_000;

export interface EndOfRun {
  readonly run: RunId;
  readonly end: End;
}

interface StartOfRun {
  readonly run: RunId;
  readonly start: Start;
  recorded(): void;
  refused(error: unknown): void;
}

/**
 * Records the starts and the ends of runs. Starts that come in one turn are one transaction; ends that the history does
 * not take, because the disk is full, are kept until it does.
 */
export class Records {
  readonly #history: History;
  readonly #logger: Logger;
  readonly #onRecorded: (run: RunId) => void;
  #starts: StartOfRun[] = [];
  #pending: EndOfRun[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(history: History, logger: Logger, onRecorded: (run: RunId) => void) {
    this.#history = history;
    this.#logger = logger;
    this.#onRecorded = onRecorded;
  }

  /** How many ends the history has not taken yet. */
  get unrecorded(): number {
    return this.#pending.length;
  }

  /** Records who the processes of a queued run are. Rejects if the history does not take it. */
  started(run: RunId, start: Start): Promise<void> {
    return new Promise((recorded, refused) => {
      this.#starts.push({ run, start, recorded, refused });
      if (this.#starts.length > 1) return;
      queueMicrotask(() => {
        const starts = this.#starts;
        this.#starts = [];
        this.#writeStarts(starts);
      });
    });
  }

  #writeStarts(starts: readonly StartOfRun[]): void {
    try {
      this.#history.together(() => {
        for (const { run, start } of starts) this.#history.started(run, start);
      });
    } catch (error) {
      // A fault with one of them must not keep the others from starting; a full disk does.
      if (starts.length === 1 || error instanceof SoloistError)
        for (const { refused } of starts) refused(error);
      else for (const one of starts) this.#writeStarts([one]);
      return;
    }
    for (const { recorded } of starts) recorded();
  }

  /** Records processes of a running run that have left its group. Does not throw. */
  moved(run: RunId, processes: readonly RunProcess[]): void {
    try {
      this.#history.moved(run, processes);
    } catch (error) {
      this.#logger.error(
        { err: error, run, processes },
        'processes of a run that moved away could not be recorded',
      );
    }
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
