import { RecentWorst } from '../health/recent-worst.ts';
import { accountForDue, type DueAccount, type MissedPolicy } from './missed.ts';
import { type Ahead, DueTimer, type Firing, type TimerClock, type TimerEntry } from './timer.ts';
import { jitterMs, nextDue, stands, type TimeTrigger } from './triggers.ts';

/** A job as the scheduler knows it: when it is due, and what is done about due times that were missed. */
export interface ScheduledJob {
  readonly name: string;
  readonly trigger: TimeTrigger;
  readonly missed: MissedPolicy;
  /** How late a missed run may still be made up for; undefined for however late. */
  readonly missedGraceMs: number | undefined;
  /** A run starts up to this much after its due time. */
  readonly jitterMs: number;
  /**
   * When the job was first seen with this trigger, or resumed: nothing before it was ever missed (epoch ms).
   */
  readonly firstSeenMs: number;
  /** The due time that was accounted for last, from the history; undefined if none ever was. */
  readonly lastDueMs: number | undefined;
}

/** Told what becomes of due times of a job: which are to be run now, and which were skipped and why. */
export type OnAccount = (job: ScheduledJob, account: DueAccount, nowMs: number) => void;

/** Told of a time that the daemon did not live through (epoch milliseconds). */
export type OnGap = (fromMs: number, toMs: number) => void;

/**
 * Keeps all jobs that are due by the clock, and accounts for each of their due times once: run now, run late
 * to make up for a missed one, or skipped with a reason. Whether a run overlaps another, and when there is
 * room for it, is decided by whoever is told.
 */
export class Scheduler {
  readonly #clock: TimerClock;
  readonly #onAccount: OnAccount;
  readonly #onGap: OnGap;
  readonly #timer: DueTimer;
  readonly #late = new RecentWorst();
  /** Each job with the last due time that this scheduler has accounted for. */
  readonly #jobs = new Map<string, ScheduledJob>();

  constructor(clock: TimerClock, onAccount: OnAccount, ahead?: Ahead, onGap: OnGap = () => {}) {
    this.#clock = clock;
    this.#onAccount = onAccount;
    this.#onGap = onGap;
    this.#timer = new DueTimer(clock, (firing) => this.#fired(firing), ahead);
  }

  /** Adds or replaces a job, accounting at once for what it missed since its last due time. */
  set(job: ScheduledJob): void {
    const nowMs = this.#clock.now();
    const started = startedOver(job, nowMs);
    const account = this.#accountFor(started, nowMs);
    this.#keep(started, account, nowMs);
  }

  /** Forgets a job; false if it was not known. */
  remove(name: string): boolean {
    this.#timer.remove(name);
    return this.#jobs.delete(name);
  }

  /** When this job fires next, or undefined if it never does or is not known. */
  nextOf(name: string): TimerEntry | undefined {
    return this.#timer.get(name);
  }

  /** To be called when the system says that it woke or that its clock was set. */
  wake(): void {
    this.#timer.wake();
  }

  /** When the next job fires; undefined if none is to. */
  next(): TimerEntry | undefined {
    return this.#timer.next();
  }

  /** How much too late a job was told of within the last minute, in milliseconds. */
  worstLateMs(): number {
    return this.#late.worst(this.#clock.monotonic());
  }

  /** Forgets all jobs and the timer. */
  stop(): void {
    this.#jobs.clear();
    this.#timer.stop();
  }

  #accountFor(job: ScheduledJob, nowMs: number): DueAccount {
    return accountForDue({
      trigger: job.trigger,
      firstSeenMs: job.firstSeenMs,
      lastDueMs: job.lastDueMs,
      nowMs,
      policy: job.missed,
      graceMs: job.missedGraceMs,
      jitterAt: (dueMs) => jitterMs(job.name, dueMs, job.jitterMs),
    });
  }

  /**
   * Remembers how far the job is accounted for, sets its next entry, and only then tells, so that telling may
   * change it.
   */
  #keep(job: ScheduledJob, account: DueAccount, nowMs: number): void {
    const kept = account.lastDueMs === undefined ? job : { ...job, lastDueMs: account.lastDueMs };
    this.#jobs.set(job.name, kept);
    this.#setNext(kept);
    if (account.lastDueMs !== undefined) this.#onAccount(kept, account, nowMs);
  }

  #setNext(job: ScheduledJob): void {
    const { name, trigger, lastDueMs, firstSeenMs } = job;
    const dueMs = nextDue(trigger, lastDueMs ?? firstSeenMs, lastDueMs);
    if (dueMs === undefined) this.#timer.remove(name);
    else this.#timer.set({ name, dueMs, atMs: dueMs + jitterMs(name, dueMs, job.jitterMs) });
  }

  #fired({ nowMs, due, passage }: Firing): void {
    if (passage.kind === 'gap') this.#onGap(passage.fromMs, passage.toMs);
    if (passage.kind === 'back') {
      for (const job of this.#jobs.values()) {
        const started = startedOver(job, nowMs);
        if (started === job) continue;
        this.#jobs.set(job.name, started);
        this.#setNext(started);
      }
    }
    if (passage.kind === 'steady')
      for (const { lateMs } of due) this.#late.note(lateMs, this.#clock.monotonic());
    const errors: unknown[] = [];
    const fired = due.map((entry) => ({ dueMs: entry.dueMs, job: this.#jobs.get(entry.name) }));
    for (const { dueMs, job } of fired) {
      // Told of one job, somebody may have removed or replaced another that was due as well.
      if (job === undefined || this.#jobs.get(job.name) !== job) continue;
      const account: DueAccount =
        passage.kind === 'gap'
          ? this.#accountFor(job, nowMs)
          : { run: [{ dueMs, missed: false }], skipped: [], lastDueMs: dueMs };
      try {
        this.#keep(job, account, nowMs);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'telling about due jobs failed');
  }
}

/**
 * The job as it is, or, if what it reached lies far ahead since the clock has been corrected, as if first
 * seen now: it would wait for that time otherwise.
 */
function startedOver(job: ScheduledJob, nowMs: number): ScheduledJob {
  if (stands(job.lastDueMs ?? job.firstSeenMs, nowMs)) return job;
  return { ...job, firstSeenMs: nowMs, lastDueMs: undefined };
}
