/** How long a run has been awake, as far as was seen. */
export interface AwakeTime {
  readonly awakeMs: number;
  /** When that was seen, on the clock of `performance.now`. */
  readonly seenAt: number;
}

/** How late a timer may be without the computer having slept, in milliseconds. */
const LATENESS_MS = 5_000;

/**
 * Counts on to now. Where the clock goes on during sleep, a timer that comes much too late is how sleep
 * shows; what lies behind such a one is not counted at all, so that no run is ended early for having slept.
 *
 * @param now on the clock of `performance.now`
 * @param armedMs what the timer was set to; Infinity where the clock stops with the computer
 */
export function countAwake(before: AwakeTime, now: number, armedMs: number): AwakeTime {
  const step = Math.max(0, now - before.seenAt);
  const hasSlept = step > armedMs + LATENESS_MS;
  return { awakeMs: before.awakeMs + (hasSlept ? 0 : step), seenAt: now };
}

/**
 * Whether `performance.now`, and with it `process.hrtime`, stops while the computer sleeps. Both read libuv's
 * clock:
 * - Linux: CLOCK_MONOTONIC, which leaves suspend out (clock_gettime(2));
 * - macOS: mach_continuous_time, which goes on during sleep (libuv since 1.39, with every Node that is
 *   supported);
 * - Windows: QueryPerformanceCounter, which goes on as well.
 */
export function clockStopsInSleep(platform: NodeJS.Platform): boolean {
  return platform === 'linux';
}

/** Where the clock does not stop, a limited run is looked at this often: that bounds what a sleep can add. */
const TICK_MS = 10_000;

/** What `setTimeout` can wait at most. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Milliseconds to the next look at a run with a time limit, or 0 if it has reached the limit. */
export function nextLookMs(limitMs: number, awakeMs: number, isClockStopping: boolean): number {
  const left = Math.max(0, Math.ceil(limitMs - awakeMs));
  return Math.min(left, isClockStopping ? LONGEST_TIMER_MS : TICK_MS);
}

export interface LimitClock {
  now(): number;
  /** Calls back once after so many milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
  readonly stopsInSleep: boolean;
}

export const systemClock: LimitClock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  stopsInSleep: clockStopsInSleep(process.platform),
};

/**
 * Calls back once, when the computer has been awake for `limitMs` from now on. Returns the function that
 * calls it off.
 */
export function startTimeLimit(
  limitMs: number,
  onReached: () => void,
  clock: LimitClock = systemClock,
): () => void {
  let time: AwakeTime = { awakeMs: 0, seenAt: clock.now() };
  let callOff = (): void => {};
  const arm = (): void => {
    const wait = nextLookMs(limitMs, time.awakeMs, clock.stopsInSleep);
    if (wait === 0) onReached();
    else
      callOff = clock.after(wait, () => {
        time = countAwake(time, clock.now(), clock.stopsInSleep ? Number.POSITIVE_INFINITY : wait);
        arm();
      });
  };
  arm();
  return () => callOff();
}
