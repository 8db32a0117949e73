import { statSync } from 'node:fs';

/** However many files keep coming: those that are whole are reported after so many times the settling time. */
const LONGEST_BURST = 10;

interface Growing {
  readonly signature: string | undefined;
  readonly timer: NodeJS.Timeout;
}

/**
 * Collects files that change and reports them, together, when they have stopped: a file is whole when its size and
 * time were the same for `settle` milliseconds, and a burst is over when no other file is still growing.
 */
export class Settling {
  readonly #settle: number;
  readonly #report: (files: readonly string[]) => void;
  readonly #growing = new Map<string, Growing>();
  readonly #whole = new Set<string>();
  #wholeSince = 0;

  constructor(settle: number, report: (files: readonly string[]) => void) {
    this.#settle = settle;
    this.#report = report;
  }

  /** The file (absolute path) was added or changed just now. */
  changed(file: string): void {
    this.#whole.delete(file);
    this.#wait(file, signatureOf(file));
  }

  /** Forgets all files without reporting them. */
  clear(): void {
    for (const { timer } of this.#growing.values()) clearTimeout(timer);
    this.#growing.clear();
    this.#whole.clear();
  }

  #wait(file: string, signature: string | undefined): void {
    clearTimeout(this.#growing.get(file)?.timer);
    const timer = setTimeout(() => this.#look(file), this.#settle);
    this.#growing.set(file, { signature, timer });
  }

  #look(file: string): void {
    const before = this.#growing.get(file)?.signature;
    const now = signatureOf(file);
    // Events may come late or merged into one, so that the file itself is asked whether it still grows.
    if (now !== undefined && now !== before) {
      this.#wait(file, now);
      return;
    }
    this.#growing.delete(file);
    if (now !== undefined) {
      if (this.#whole.size === 0) this.#wholeSince = performance.now();
      this.#whole.add(file);
    }
    const isOver = this.#growing.size === 0;
    const isLong = performance.now() - this.#wholeSince > LONGEST_BURST * this.#settle;
    if (this.#whole.size > 0 && (isOver || isLong)) this.#tell();
  }

  #tell(): void {
    const files = [...this.#whole].sort();
    this.#whole.clear();
    this.#report(files);
  }
}

/** What changes with a file's content; undefined if there is none (any more) or it is no regular file. */
function signatureOf(file: string): string | undefined {
  try {
    const stats = statSync(file);
    return stats.isFile() ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : undefined;
  } catch {
    // Removed, or not to be read: there is nothing to report of it.
    return undefined;
  }
}
