import type { Job } from '../config/configuration.ts';
import type { History } from '../history/history.ts';
import type { Time } from '../history/run.ts';
import { DueHeap } from '../schedule/due-heap.ts';

/** Timers do not go on while the computer sleeps, so the clock is looked at this often, in milliseconds. */
const LONGEST_SLEEP_MS = 10 * 60_000;
/** After a time without a daemon, or asleep, jobs have this long to succeed before they are quiet for it, in milliseconds. */
const CHANCE_MS = 2 * 3_600_000;

interface Watched {
  readonly name: string;
  readonly atMs: number;
  readonly afterMs: number;
}

export interface QuietParts {
  readonly history: History;
  /** Epoch milliseconds. */
  now(): number;
  /** Whether a job is not to become due now: it is paused. */
  isHeld(job: string): boolean;
  onQuiet(job: string, afterMs: number): void;
}

/**
 * Tells of each job that has had no success for as long as its `quiet_after` says, or for as long as is unusual for it.
 * One timer; none without such jobs.
 */
export class Quiet {
  readonly #parts: QuietParts;
  readonly #watched = new DueHeap<Watched>();
  /** After how long each job that is followed is quiet. */
  readonly #after = new Map<string, number>();
  #awakeSinceMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: QuietParts) {
    this.#parts = parts;
    this.#awakeSinceMs = parts.now();
  }

  /** Looks at these jobs from now on. What is usual for a job has to be told by `expect`. */
  follow(jobs: ReadonlyMap<string, Job>): void {
    for (const name of [...this.#after.keys()]) if (!isFollowed(jobs.get(name))) this.#forget(name);
    for (const { name, ...job } of jobs.values())
      if (job.kind === 'triggered' && job.enabled && typeof job.quietAfter === 'number')
        this.#follow(name, job.quietAfter);
    this.#arm();
  }

  /** What is usual for this job is known now: it is quiet after so long (milliseconds), or never. */
  expect(job: Job, afterMs: number | undefined): void {
    if (afterMs === undefined || !isFollowed(job)) this.#forget(job.name);
    else this.#follow(job.name, afterMs);
    this.#arm();
  }

  succeeded(job: string): void {
    const afterMs = this.#after.get(job);
    if (afterMs === undefined) return;
    this.#watched.set({ name: job, atMs: this.#parts.now() + afterMs, afterMs });
    this.#arm();
  }

  /** The computer has woken. */
  woke(): void {
    this.#awakeSinceMs = this.#parts.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #follow(name: string, afterMs: number): void {
    if (this.#after.get(name) === afterMs) return;
    this.#after.set(name, afterMs);
    // One that never succeeded is not quiet before it had the time to.
    const since = this.#parts.history.lastSuccess(name) ?? this.#parts.now();
    this.#watched.set({ name, atMs: since + afterMs, afterMs });
  }

  #forget(name: string): void {
    this.#after.delete(name);
    this.#watched.remove(name);
  }

  #arm(): void {
    this.stop();
    const first = this.#watched.first();
    if (first === undefined) return;
    const delay = Math.min(LONGEST_SLEEP_MS, Math.max(0, first.atMs - this.#parts.now()));
    this.#timer = setTimeout(() => this.#look(), delay).unref();
  }

  #look(): void {
    const nowMs = this.#parts.now();
    for (const watched of this.#watched.takeUntil(nowMs)) {
      const { name, afterMs } = watched;
      const atMs = this.#quietAt(watched, nowMs);
      if (atMs <= nowMs) this.#parts.onQuiet(name, afterMs);
      else this.#watched.set({ name, afterMs, atMs });
    }
    this.#arm();
  }

  #quietAt({ name, atMs, afterMs }: Watched, nowMs: Time): Time {
    if (this.#parts.isHeld(name)) return nowMs + afterMs;
    return Math.max(atMs, this.#awakeSinceMs + Math.min(afterMs, CHANCE_MS));
  }
}

function isFollowed(job: Job | undefined): boolean {
  return job?.kind === 'triggered' && job.enabled && job.quietAfter !== undefined;
}
