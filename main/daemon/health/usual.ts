/** So many times its usual interval without a success, and a job is quiet. */
const TIMES = 3;
/** A job that is due each minute is not quiet after three. */
const LEAST_QUIET_MS = 10 * 60_000;
/** From fewer successes nothing usual can be told. */
const FEWEST_SUCCESSES = 5;

/** How often a job succeeds, as far as it can be told. */
export interface Habit {
  /** The due times that come next (epoch milliseconds); empty if the clock does not make it due. */
  readonly nextDue: readonly number[];
  /** When it last succeeded without a person having started it, newest first (epoch milliseconds). */
  readonly successes: readonly number[];
  /** How long most of its runs take; undefined if that is not known. */
  readonly durationMs: number | undefined;
}

/**
 * After how long without a success a job is quiet if it does not say itself (milliseconds): three times the longest pause
 * between its due times or, if the clock does not make it due, between its last successes. Undefined if there is nothing
 * to tell it by.
 */
export function usualQuietMs({ nextDue, successes, durationMs = 0 }: Habit): number | undefined {
  const interval =
    longestGap(nextDue) ?? (successes.length >= FEWEST_SUCCESSES ? longestGap(successes) : undefined);
  return interval === undefined
    ? undefined
    : Math.max(LEAST_QUIET_MS, TIMES * Math.max(interval, durationMs));
}

function longestGap(times: readonly number[]): number | undefined {
  if (times.length < 2) return undefined;
  return Math.max(...times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time))));
}
