import { DueHeap, type HeapEntry } from './due-heap.ts';
import { MINUTE_MS, SECOND_MS } from './zone.ts';

/** Where the timer gets its time from, so that a test can hold the clock. */
export interface TimerClock {
  /** The wall clock, epoch milliseconds. It may jump. */
  now(): number;
  /** A clock that never goes back, in milliseconds; it may or may not go on while the computer sleeps. */
  monotonic(): number;
  /**
   * Calls back once, after at least about that long; returns what prevents it. Never given more than a
   * minute.
   */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** One job's place in the timer. */
export interface TimerEntry {
  /** The job's name. */
  readonly name: string;
  /** When to fire (epoch milliseconds): the due time and the job's jitter. */
  readonly atMs: number;
  readonly dueMs: number;
}

/** How the wall clock has gone since the timer last looked at it. */
export type Passage =
  | { readonly kind: 'steady' }
  /**
   * Time that the daemon did not live through: the computer slept, the process was stopped or the clock set
   * forward.
   */
  | { readonly kind: 'gap'; readonly fromMs: number; readonly toMs: number }
  /** The clock was set back. */
  | { readonly kind: 'back'; readonly fromMs: number; readonly toMs: number };

export interface Firing {
  readonly nowMs: number;
  /**
   * What is due, in the order of time and then of names, with how late it is. May be empty unless the passage
   * is steady.
   */
  readonly due: readonly (TimerEntry & { readonly lateMs: number })[];
  readonly passage: Passage;
}

/** Tells of entries some time before they fire. */
export interface Ahead {
  /** How long before, in milliseconds. */
  readonly byMs: number;
  /** Told once of each entry, sooner ones first; of one that is set later than that as soon as may be. */
  tell(entries: readonly TimerEntry[]): void;
}

/**
 * The longest sleep: Node's timers do not go on while the computer sleeps and know nothing of the wall clock,
 * so the wall clock is looked at once a minute. Also keeps far below the 2^31 ms after which `setTimeout`
 * fires at once.
 */
export const LONGEST_SLEEP_MS = MINUTE_MS;

/**
 * Wall clock and monotonic clock that go apart by this much since the last look: the computer slept or a
 * clock was set.
 */
export const JUMP_MS = 5 * SECOND_MS;

/**
 * A timer this late, by a monotonic clock that goes on while the computer sleeps: it slept, or the process
 * was stopped.
 */
export const ASLEEP_MS = MINUTE_MS;

/**
 * The one timer for all jobs. It sleeps until the nearest entry, at most a minute at a time; without entries
 * it does not wake at all. It never fires early. Each entry fires once and is gone; whoever is told sets the
 * next.
 */
export class DueTimer {
  readonly #clock: TimerClock;
  readonly #onFire: (firing: Firing) => void;
  readonly #heap = new DueHeap<TimerEntry>();
  readonly #ahead: Ahead | undefined;
  /** Of each entry that was not told of ahead: when it is to be. */
  readonly #untold = new DueHeap<HeapEntry>();
  #armed: { readonly forMs: number; readonly dueMonotonic: number; readonly cancel: () => void } | undefined;
  #lastWall = 0;
  #lastMonotonic = 0;
  /** Whether the clock has been looked at since there were entries. */
  #watching = false;
  #firing = false;

  /**
   * `onFire` is called when entries are due and when the clock did not go steadily; never by `set` itself.
   */
  constructor(clock: TimerClock, onFire: (firing: Firing) => void, ahead?: Ahead) {
    this.#clock = clock;
    this.#onFire = onFire;
    this.#ahead = ahead;
  }

  get size(): number {
    return this.#heap.size;
  }

  /** The entry that fires next, or undefined. */
  next(): TimerEntry | undefined {
    return this.#heap.first();
  }

  /** The entry of this job, or undefined. */
  get(name: string): TimerEntry | undefined {
    return this.#heap.get(name);
  }

  /** Sets or replaces the entry of its job. One that is past fires as soon as the caller has returned. */
  set(entry: TimerEntry): void {
    this.#heap.set(entry);
    if (this.#ahead !== undefined)
      this.#untold.set({ name: entry.name, atMs: entry.atMs - this.#ahead.byMs });
    this.#arm();
  }

  /** Removes the entry of this job; false if there was none. */
  remove(name: string): boolean {
    const removed = this.#heap.remove(name);
    this.#untold.remove(name);
    this.#arm();
    return removed;
  }

  /** Looks at the clock now: to be called when the system says that it woke or that its clock was set. */
  wake(): void {
    this.#look();
  }

  /** Forgets all entries and the timer. */
  stop(): void {
    this.#heap.takeUntil(Number.POSITIVE_INFINITY);
    this.#untold.takeUntil(Number.POSITIVE_INFINITY);
    this.#arm();
  }

  #arm(): void {
    // While firing, entries come one by one; it arms once at the end.
    if (this.#firing) return;
    const first = this.#heap.first();
    if (first === undefined) {
      this.#armed?.cancel();
      this.#armed = undefined;
      this.#watching = false;
      return;
    }
    const forMs = Math.min(first.atMs, this.#untold.first()?.atMs ?? first.atMs);
    if (this.#armed?.forMs === forMs) return;
    const monotonic = this.#clock.monotonic();
    const wall = this.#clock.now();
    if (!this.#watching) {
      this.#remember(wall, monotonic);
      this.#watching = true;
    }
    this.#armed?.cancel();
    const delay = Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.ceil(forMs - wall)));
    const cancel = this.#clock.setTimer(delay, () => {
      this.#look();
    });
    this.#armed = { forMs, dueMonotonic: monotonic + delay, cancel };
  }

  #remember(wall: number, monotonic: number): void {
    this.#lastWall = wall;
    this.#lastMonotonic = monotonic;
  }

  #look(): void {
    if (this.#firing || this.#armed === undefined) return;
    const wall = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    const passage = this.#passage(wall, monotonic);
    this.#armed.cancel();
    this.#remember(wall, monotonic);
    const due = this.#heap.takeUntil(wall).map((entry) => ({ ...entry, lateMs: wall - entry.atMs }));
    this.#firing = true;
    try {
      if (due.length > 0 || passage.kind !== 'steady') this.#onFire({ nowMs: wall, due, passage });
      const near = this.#untold.takeUntil(wall).flatMap(({ name }) => this.#heap.get(name) ?? []);
      if (near.length > 0) this.#ahead?.tell(near);
    } finally {
      this.#firing = false;
      this.#armed = undefined;
      this.#arm();
    }
  }

  #passage(wall: number, monotonic: number): Passage {
    const jump = wall - this.#lastWall - (monotonic - this.#lastMonotonic);
    const late = monotonic - (this.#armed?.dueMonotonic ?? monotonic);
    if (jump <= -JUMP_MS) return { kind: 'back', fromMs: wall - jump, toMs: wall };
    if (jump >= JUMP_MS || late >= ASLEEP_MS) return { kind: 'gap', fromMs: this.#lastWall, toMs: wall };
    return { kind: 'steady' };
  }
}
