import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { OutputPolicy } from '../config/configuration.ts';
import { systemErrorCode } from '../errors.ts';
import type { History } from '../history/history.ts';
import { removeOutput } from '../run/output-read.ts';

/** After so many ends of a job its history is looked through. */
const ENDS = 50;
/** How long after the start all jobs are looked through once, those that are configured no more too. */
const FIRST_MS = 10_000;

/** Removes what is no longer kept of jobs: after a number of ends of each, and once after the start. */
export class Housekeeping {
  readonly #history: History;
  readonly #keepOf: (job: string) => OutputPolicy['keep'];
  readonly #logger: Logger;
  readonly #ends = new Map<string, number>();
  readonly #wanted = new Set<string>();
  readonly #first: NodeJS.Timeout;
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(history: History, keepOf: (job: string) => OutputPolicy['keep'], logger: Logger) {
    this.#history = history;
    this.#keepOf = keepOf;
    this.#logger = logger;
    this.#first = setTimeout(() => this.#tidy(() => history.jobs()), FIRST_MS).unref();
  }

  /** To be called after each end of a run. */
  ended(job: string): void {
    const ends = (this.#ends.get(job) ?? 0) + 1;
    this.#ends.set(job, ends % ENDS);
    if (ends === ENDS) this.changed([job]);
  }

  /** To be called when something else may be kept of these jobs. */
  changed(jobs: readonly string[]): void {
    for (const job of jobs) this.#wanted.add(job);
    if (jobs.length > 0) this.#tidy(() => []);
  }

  /** @param jobs those to be looked through besides the wanted ones */
  #tidy(jobs: () => readonly string[]): void {
    if (this.#isStopped) return;
    this.#working ??= this.#work(jobs)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'old runs could not be removed'))
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #work(jobs: () => readonly string[]): Promise<void> {
    for (const job of jobs()) this.#wanted.add(job);
    // More may be wanted by the time that the files are gone.
    do {
      await this.#pruneWanted();
      await this.#removeReleased();
    } while (this.#wanted.size > 0 && !this.#isStopped);
  }

  async #pruneWanted(): Promise<void> {
    for (const job of this.#wanted) {
      for (let more = true; more && !this.#isStopped; ) {
        // One call of the history at a time, so that no run that is due waits for long.
        await nextTurn();
        const { runs, age: ageMs, size: outputBytes } = this.#keepOf(job);
        if (!this.#isStopped) ({ more } = this.#history.prune(job, { runs, ageMs, outputBytes }, Date.now()));
      }
      this.#wanted.delete(job);
    }
  }

  async #removeReleased(): Promise<void> {
    if (this.#isStopped) return;
    const files = this.#history.releasedOutputs();
    const deleted: string[] = [];
    for (const file of files) {
      if (this.#isStopped) break;
      await removeOutput(file);
      await removeEmptyFolder(dirname(file));
      deleted.push(file);
    }
    if (deleted.length > 0) this.#history.outputsDeleted(deleted);
  }

  /** Ends the work at the next step, and settles when it has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#first);
    await this.#working;
  }
}

async function removeEmptyFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}
