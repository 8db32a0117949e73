import { type FSWatcher, watch } from 'node:fs';

/** Where the file system does not tell of changes, it is looked this often. */
const LOOK_EVERY_MS = 1_000;
/** A job that writes line after line is read in portions. */
const PORTION_MS = 50;

/** Waits for changes of the files of an output, which may not be there yet. */
export class Changes {
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | undefined;
  #isDue = false;
  #wake = (): void => {};

  /** @param prefix of the names, in the folder, of the files that count */
  constructor(folder: string, prefix: string) {
    const notice = (): void => this.notice();
    this.#timer = setInterval(notice, LOOK_EVERY_MS);
    try {
      this.#watcher = watch(folder, (_, name) => {
        if (name === null || name.startsWith(prefix)) notice();
      });
      this.#watcher.on('error', () => {});
    } catch {
      // No folder yet, or no more watches to be had: the timer does it.
    }
  }

  /** Ends the waiting, also one that has not begun. */
  notice(): void {
    this.#isDue = true;
    this.#wake();
  }

  async wait(): Promise<void> {
    if (!this.#isDue) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await new Promise((resolve) => setTimeout(resolve, PORTION_MS));
    }
    this.#isDue = false;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
  }
}
