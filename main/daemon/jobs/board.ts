import type { QueuedRun, RunId, RunningRun } from '../history/run.ts';
import type { Execution } from './execution.ts';

/** A run that waits for its turn. */
export interface Waiting {
  readonly run: QueuedRun;
  /** What a person added to the command. */
  readonly words: readonly string[];
  /** On the clock of `performance.now`. */
  readonly sinceMs: number;
  /** Of a run that has to wait before it may take its turn. */
  delay: NodeJS.Timeout | undefined;
}

/** A run that has its place. */
export interface Going {
  readonly run: QueuedRun | RunningRun;
  readonly service: boolean;
  /** On the clock of `performance.now`. */
  readonly sinceMs: number;
  readonly execution: Execution;
  /** Settles when its end is recorded, and what follows from it has begun. */
  readonly over: Promise<void>;
}

interface Placed {
  readonly run: { readonly id: RunId; readonly job: string };
}

/** Things by the id of their run, in the order in which they came, with those of each job at hand. */
export class Board<Item extends Placed> {
  readonly #items = new Map<RunId, Item>();
  readonly #ofJobs = new Map<string, Set<RunId>>();

  get size(): number {
    return this.#items.size;
  }

  add(item: Item): void {
    const { id, job } = item.run;
    this.#items.set(id, item);
    const ids = this.#ofJobs.get(job);
    if (ids === undefined) this.#ofJobs.set(job, new Set([id]));
    else ids.add(id);
  }

  get(run: RunId): Item | undefined {
    return this.#items.get(run);
  }

  /** Removes and returns what has this run, if anything does. */
  take(run: RunId): Item | undefined {
    const item = this.#items.get(run);
    if (item === undefined) return undefined;
    this.#items.delete(run);
    const ids = this.#ofJobs.get(item.run.job);
    ids?.delete(run);
    if (ids?.size === 0) this.#ofJobs.delete(item.run.job);
    return item;
  }

  /** The ids of a job's runs, oldest first. */
  idsOf(job: string): readonly RunId[] {
    return [...(this.#ofJobs.get(job) ?? [])];
  }

  all(): readonly Item[] {
    return [...this.#items.values()];
  }
}
