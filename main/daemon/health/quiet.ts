import type { Job } from '../config/configuration.ts';
import type { History } from '../history/history.ts';
import type { Time } from '../history/run.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import { quietAt } from './verdicts.ts';

/** Timers do not go on while the computer sleeps, so the clock is looked at this often, in milliseconds. */
const LONGEST_SLEEP_MS = 10 * 60_000;

interface Watched {
  readonly name: string;
  readonly atMs: number;
  readonly afterMs: number;
}

/** Tells of each job that has had no success for as long as its `quiet_after` says. One timer; none without such jobs. */
export class Quiet {
  readonly #history: History;
  readonly #onQuiet: (job: string, afterMs: number) => void;
  readonly #now: () => Time;
  readonly #watched = new DueHeap<Watched>();
  /** The `quiet_after` with which each job is followed. */
  readonly #followed = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(history: History, onQuiet: (job: string, afterMs: number) => void, now: () => Time) {
    this.#history = history;
    this.#onQuiet = onQuiet;
    this.#now = now;
  }

  /** Looks at these jobs from now on (epoch milliseconds). */
  follow(jobs: ReadonlyMap<string, Job>, nowMs: Time): void {
    for (const name of [...this.#watched.names()]) if (!jobs.has(name)) this.#watched.remove(name);
    for (const name of [...this.#followed.keys()]) if (!jobs.has(name)) this.#followed.delete(name);
    for (const job of jobs.values()) this.#watch(job, nowMs);
    this.#arm(nowMs);
  }

  succeeded(job: Job, nowMs: Time): void {
    const atMs = quietAt(job, nowMs, nowMs);
    if (atMs === undefined || job.kind !== 'triggered') return;
    if (job.quietAfter === undefined || job.quietAfter === 'usual') return;
    this.#watched.set({ name: job.name, atMs, afterMs: job.quietAfter });
    this.#arm(nowMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #watch(job: Job, nowMs: Time): void {
    const afterMs =
      job.kind === 'triggered' && job.enabled && job.quietAfter !== 'usual' ? job.quietAfter : undefined;
    if (afterMs === undefined) {
      this.#watched.remove(job.name);
      this.#followed.delete(job.name);
      return;
    }
    if (this.#followed.get(job.name) === afterMs) return;
    this.#followed.set(job.name, afterMs);
    const atMs = quietAt(job, this.#history.lastSuccess(job.name), nowMs);
    if (atMs !== undefined) this.#watched.set({ name: job.name, atMs, afterMs });
  }

  #arm(nowMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const first = this.#watched.first();
    if (first === undefined) return;
    const delay = Math.min(LONGEST_SLEEP_MS, Math.max(0, first.atMs - nowMs));
    this.#timer = setTimeout(() => this.#look(this.#now()), delay).unref();
  }

  #look(nowMs: number): void {
    for (const { name, afterMs } of this.#watched.takeUntil(nowMs)) this.#onQuiet(name, afterMs);
    this.#arm(nowMs);
  }
}
