import type { Job } from '../config/configuration.ts';

export interface HeldFilesParts {
  job(name: string): Job | undefined;
  /** Whether the job has a run that goes on or waits. */
  has(job: string): boolean;
  /** Asks for a run for these files (absolute paths). */
  arrive(job: string, files: readonly string[]): void;
}

/**
 * A due time that is skipped for overlapping comes again; a file does not. So files that come while their job runs
 * wait for its end, and then make one run, also where overlapping runs are skipped.
 */
export class HeldFiles {
  readonly #parts: HeldFilesParts;
  readonly #held = new Map<string, Set<string>>();

  constructor(parts: HeldFilesParts) {
    this.#parts = parts;
  }

  /** Files of a job have come. */
  came(name: string, files: readonly string[]): void {
    const job = this.#parts.job(name);
    if (job?.kind !== 'triggered') return;
    if (job.overlap.kind !== 'skip' || !this.#parts.has(name)) {
      this.#parts.arrive(name, files);
      return;
    }
    const held = this.#held.get(name) ?? new Set();
    for (const file of files) held.add(file);
    this.#held.set(name, held);
  }

  /** A run of the job has ended. */
  ended(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined || this.#parts.has(name)) return;
    this.#held.delete(name);
    this.#parts.arrive(name, [...held].sort());
  }
}
