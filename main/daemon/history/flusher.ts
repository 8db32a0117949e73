import { type FileHandle, open } from 'node:fs/promises';
import { systemErrorCode } from '../errors.ts';

/** Commits of this long go to the disk together: a burst of starts must not compete with its own flushing. */
const DELAY_MS = 50;

/**
 * Has the system write a database's log to the disk soon after each commit, in the background, so that a
 * power cut takes at most the last moment. (A crash of the process takes nothing, flushed or not.) Nothing
 * runs while nothing is committed. The log may be opened a second time: SQLite's locks are on the other two
 * files.
 */
export class Flusher {
  readonly #log: string;
  readonly #onError: (error: Error) => void;
  readonly #onFlushed: () => void;
  #handle: FileHandle | undefined;
  #unflushed = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  /**
   * `onFlushed` is called after each flush, a calm moment; `onError` when the disk does not take it, or when
   * `onFlushed` throws. What is committed stays committed.
   */
  constructor(log: string, onFlushed: () => void, onError: (error: Error) => void) {
    this.#log = log;
    this.#onFlushed = onFlushed;
    this.#onError = onError;
  }

  /** To be called after each commit. */
  committed(): void {
    this.#unflushed = true;
    this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS).unref();
  }

  /** Resolves when everything committed before is on the disk, or `onError` was told why not. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = this.#running.then(() => this.#flushNow());
    return this.#running;
  }

  /** Flushes and lets go of the log. */
  async close(): Promise<void> {
    await this.flush();
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #flushNow(): Promise<void> {
    if (!this.#unflushed) return;
    this.#unflushed = false;
    try {
      // Writable, since Windows does not flush through a handle that only reads.
      this.#handle ??= await open(this.#log, 'r+');
      await this.#handle.datasync();
      this.#onFlushed();
    } catch (error) {
      // No log: where SQLite cannot keep one (some network file systems), it flushes at each commit itself.
      if (systemErrorCode(error) === 'ENOENT') return;
      this.#onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
