import type { TriggeredJob } from '../config/configuration.ts';
import type { JobsFacts } from '../health/facts.ts';
import { DueHeap } from '../schedule/due-heap.ts';
import { MISSED_REASONS, type SkippedDue, withoutLast } from '../schedule/missed.ts';
import { type OnAccount, type OnGap, Scheduler } from '../schedule/scheduler.ts';
import type { TimerClock, TimerEntry } from '../schedule/timer.ts';
import { nextDue, type TimeTrigger } from '../schedule/triggers.ts';
import type { FirstSeen } from './first-seen.ts';
import { timedTriggers } from './time-triggers.ts';
import type { UpcomingRun } from './views.ts';

/** What makes a job due at a time (epoch milliseconds). */
export interface DueTrigger {
  readonly kind: TimeTrigger['kind'];
  readonly due: number;
}

/** A due time that has come. */
export interface DueTime {
  readonly job: string;
  readonly trigger: DueTrigger;
  /** Why it is not to be run, or undefined if it is. */
  readonly skip: string | undefined;
  /**
   * What tells of the due times before it that it stands for too, should it be another trigger's as well and told of
   * already.
   */
  readonly before?: () => DueTime | undefined;
}

/** A due time that is about to come. */
export interface NearTime {
  readonly job: string;
  readonly trigger: DueTrigger;
  /** When a run for it is to begin (epoch milliseconds): later than the due time by the job's jitter. */
  readonly atMs: number;
}

export interface JobScheduleParts {
  readonly clock: TimerClock;
  readonly firstSeen: FirstSeen;
  onDue(times: readonly DueTime[]): void;
  /** How long before it is due `onNear` is told of a due time, in milliseconds. */
  readonly leadMs: number;
  onNear(times: readonly NearTime[]): void;
  readonly onGap?: OnGap;
}

/** One trigger of a job, as the scheduler knows it under its own name. */
interface Entry {
  readonly name: string;
  readonly job: string;
  readonly trigger: TimeTrigger;
}

/** Which jobs are due when: each of a job's triggers is one entry of the scheduler. */
export class JobSchedule {
  readonly #clock: TimerClock;
  readonly #firstSeen: FirstSeen;
  readonly #scheduler: Scheduler;
  readonly #entries = new Map<string, Entry>();
  readonly #entriesOfJobs = new Map<string, readonly Entry[]>();

  constructor({ clock, firstSeen, onDue, leadMs, onNear, onGap }: JobScheduleParts) {
    this.#clock = clock;
    this.#firstSeen = firstSeen;
    const onAccount: OnAccount = (scheduled, account) => {
      const entry = this.#entries.get(scheduled.name);
      if (entry === undefined) return;
      const { job, trigger } = entry;
      // In the order of time, as they would have come.
      const times = [
        ...account.skipped.map((skipped) => skippedTime(entry, skipped)),
        ...account.run.map(
          ({ dueMs }): DueTime => ({ job, trigger: { kind: trigger.kind, due: dueMs }, skip: undefined }),
        ),
      ].sort((one, other) => one.trigger.due - other.trigger.due);
      onDue(times);
    };
    const tell = (near: readonly TimerEntry[]): void =>
      onNear(
        near.flatMap(({ name, dueMs, atMs }) => {
          const entry = this.#entries.get(name);
          if (entry === undefined) return [];
          return { job: entry.job, trigger: { kind: entry.trigger.kind, due: dueMs }, atMs };
        }),
      );
    this.#scheduler = new Scheduler(clock, onAccount, { byMs: leadMs, tell }, onGap);
  }

  /**
   * Adds a job, or puts its triggers in place of those it had. What it missed is told at once.
   *
   * @param lastDueMs the last due time of the job that the history knows (epoch milliseconds)
   */
  set(job: TriggeredJob, lastDueMs: number | undefined): void {
    this.#forgetEntries(job.name);
    const timed = timedTriggers(job);
    const keys = timed.map(({ key }) => key);
    const seen = this.#firstSeen.see(job.name, keys, this.#clock.now());
    if (timed.length === 0) return;
    const entries = timed.map(({ key, build }) => {
      const firstSeenMs = seen.get(key) ?? this.#clock.now();
      const name = `${job.name}\n${key}`;
      return { name, job: job.name, trigger: build(firstSeenMs), firstSeenMs };
    });
    this.#entriesOfJobs.set(job.name, entries);
    for (const entry of entries) {
      this.#entries.set(entry.name, entry);
      this.#scheduler.set({
        name: entry.name,
        trigger: entry.trigger,
        missed: job.missed,
        missedGraceMs: job.missedGrace,
        jitterMs: job.jitter,
        // The history knows the last due time of a job, not which of its triggers it was of: an interval must
        // not take its phase from another trigger's due time.
        firstSeenMs: Math.max(entry.firstSeenMs, lastDueMs ?? entry.firstSeenMs),
        lastDueMs: undefined,
      });
    }
  }

  /** The job is due no more; if it is ever set again, it begins afresh. */
  remove(job: string): void {
    this.#firstSeen.forget(job);
    this.#forgetEntries(job);
  }

  /** When the job is due next (epoch milliseconds), or undefined. */
  nextDue(job: string): number | undefined {
    const times = (this.#entriesOfJobs.get(job) ?? []).flatMap(
      ({ name }) => this.#scheduler.nextOf(name)?.dueMs ?? [],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The due times up to this one (epoch milliseconds) of the jobs that are wanted, soonest first. */
  upcoming(isWanted: (job: string) => boolean, untilMs: number, limit: number): readonly UpcomingRun[] {
    const heap = new DueHeap<Entry & { atMs: number }>();
    for (const entry of this.#entries.values()) {
      const atMs = this.#scheduler.nextOf(entry.name)?.dueMs;
      if (atMs !== undefined && atMs <= untilMs && isWanted(entry.job)) heap.set({ ...entry, atMs });
    }
    const found: UpcomingRun[] = [];
    for (let first = heap.first(); first !== undefined && found.length < limit; first = heap.first()) {
      const due = new Date(first.atMs).toISOString();
      // Two triggers of a job that name the same moment make one run.
      if (!found.some((one) => one.job === first?.job && one.due === due))
        found.push({ job: first.job, due });
      const atMs = nextDue(first.trigger, first.atMs, first.atMs);
      if (atMs === undefined || atMs > untilMs) heap.remove(first.name);
      else heap.set({ ...first, atMs });
    }
    return found;
  }

  /** When the next job of all is to begin, and how late the worst was of the last minute. */
  facts(): JobsFacts['scheduler'] {
    return { nextAtMs: this.#scheduler.next()?.atMs, worstLateMs: this.#scheduler.worstLateMs() };
  }

  /** The next due times of a job (epoch milliseconds), soonest first. */
  nextDueTimes(job: string, limit: number): readonly number[] {
    const times: number[] = [];
    for (const { name, trigger } of this.#entriesOfJobs.get(job) ?? []) {
      let dueMs = this.#scheduler.nextOf(name)?.dueMs;
      for (let count = 0; dueMs !== undefined && count < limit; count++) {
        times.push(dueMs);
        dueMs = nextDue(trigger, dueMs, dueMs);
      }
    }
    return [...new Set(times)].sort((one, other) => one - other).slice(0, limit);
  }

  /** To be called when the system says that it woke or that its clock was set. */
  wake(): void {
    this.#scheduler.wake();
  }

  stop(): void {
    this.#scheduler.stop();
  }

  #forgetEntries(job: string): void {
    for (const { name } of this.#entriesOfJobs.get(job) ?? []) {
      this.#scheduler.remove(name);
      this.#entries.delete(name);
    }
    this.#entriesOfJobs.delete(job);
  }
}

/** Neighbouring due times that are skipped: the last stands for all. */
function skippedTime(entry: Entry, skipped: SkippedDue): DueTime {
  const { job, trigger } = entry;
  return {
    job,
    trigger: { kind: trigger.kind, due: skipped.lastMs },
    skip: skippedInWords(skipped),
    before() {
      const rest = withoutLast(trigger, skipped);
      return rest === undefined ? undefined : skippedTime(entry, rest);
    },
  };
}

function skippedInWords({ reason, count, exact, firstMs }: SkippedDue): string {
  const why = MISSED_REASONS[reason];
  if (count === 1) return why;
  const many = exact ? `${count}` : `more than ${count}`;
  return `${why} (${many} due times since ${new Date(firstMs).toISOString()})`;
}
