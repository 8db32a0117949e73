import type { Logger } from 'pino';

/** How long until things are taken in again that were refused, in milliseconds. */
const AGAIN_MS = 5_000;

/**
 * Gathers what comes in one turn, so that it is taken in together: two hundred due times are one transaction. What is
 * refused, because the disk is full or the history locked, is kept and tried again.
 */
export class Arrivals<Item> {
  readonly #take: (items: readonly Item[]) => void;
  readonly #logger: Logger;
  #arrived: Item[] = [];
  #isGathering = false;
  #again: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param take takes in all or, by throwing, nothing */
  constructor(take: (items: readonly Item[]) => void, logger: Logger) {
    this.#take = take;
    this.#logger = logger;
  }

  /** How many wait to be tried again. */
  get refused(): number {
    return this.#again === undefined ? 0 : this.#arrived.length;
  }

  add(items: readonly Item[]): void {
    if (this.#isStopped || items.length === 0) return;
    this.#arrived.push(...items);
    if (this.#isGathering || this.#again !== undefined) return;
    this.#isGathering = true;
    queueMicrotask(() => {
      this.#isGathering = false;
      this.#takeAll();
    });
  }

  /** Takes in nothing more. What is still there was never claimed, so that the next daemon finds it missed. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#again);
  }

  #takeAll(): void {
    if (this.#isStopped) return;
    const items = this.#arrived;
    this.#arrived = [];
    try {
      this.#take(items);
    } catch (error) {
      this.#logger.error({ err: error, runs: items.length }, 'runs that are due could not be claimed yet');
      this.#arrived = [...items, ...this.#arrived];
      this.#again = setTimeout(() => {
        this.#again = undefined;
        this.#takeAll();
      }, AGAIN_MS).unref();
    }
  }
}
