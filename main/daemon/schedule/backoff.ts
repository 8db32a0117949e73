/** How long to wait before each further try: from `firstMs`, doubling, to `mostMs`. */
export interface BackoffRange {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** A number from 0 (included) to 1 (not included), as `Math.random` gives. */
export type Random = () => number;

/**
 * How far a wait may be from its nominal length, to either side, so that what failed together is not tried
 * together.
 */
const SPREAD = 0.25;

/**
 * The wait in whole milliseconds before a try again, after so many failures in a row (1 for the first).
 * Doubles with each failure and is spread by a quarter to either side, but never leaves the range. Throws a
 * `RangeError` for an empty range or a count below 1.
 */
export function backoffMs(range: BackoffRange, failures: number, random: Random): number {
  const { firstMs, mostMs } = range;
  if (!(firstMs > 0 && firstMs <= mostMs)) throw new RangeError(`no backoff from ${firstMs} to ${mostMs} ms`);
  if (!(failures >= 1)) throw new RangeError(`no backoff after ${failures} failures`);
  const nominal = Math.min(mostMs, firstMs * 2 ** (failures - 1));
  const least = Math.max(firstMs, nominal * (1 - SPREAD));
  const most = Math.min(mostMs, nominal * (1 + SPREAD));
  return Math.min(mostMs, Math.round(least + random() * (most - least)));
}

/** When a service that keeps ending is restarted, and when that is given up. All times in milliseconds. */
export interface RestartPolicy {
  readonly backoff: BackoffRange;
  /** A service that ran for this long is well: its failures before that no longer count. */
  readonly stableMs: number;
  /**
   * More ends than `most` within `windowMs`, none of them after a stable time, and the service is flapping.
   */
  readonly flapping: { readonly most: number; readonly windowMs: number };
}

/** What is remembered of a service between its ends. */
export interface RestartState {
  /** Failures in a row, since the service last ran for a stable time. */
  readonly failures: number;
  /** When they were, oldest first, as far as the window reaches. */
  readonly endedMs: readonly number[];
}

export const NO_FAILURES: RestartState = { failures: 0, endedMs: [] };

export type RestartDecision =
  | { readonly kind: 'restart'; readonly afterMs: number; readonly failures: number }
  /** Restarting is pointless for now: a person should know, and say when to try again. */
  | { readonly kind: 'give-up'; readonly ends: number; readonly windowMs: number };

/**
 * Decides what follows the end of a service, and what is to be remembered. `startedMs` and `endedMs` come
 * from one clock that does not go back and leaves out sleep, or a service that slept through the night would
 * count as stable.
 */
export function afterServiceEnd(
  state: RestartState,
  run: { readonly startedMs: number; readonly endedMs: number },
  policy: RestartPolicy,
  random: Random,
): { readonly state: RestartState; readonly decision: RestartDecision } {
  const { backoff, stableMs, flapping } = policy;
  const before = run.endedMs - run.startedMs >= stableMs ? NO_FAILURES : state;
  const failures = before.failures + 1;
  const endedMs = [...before.endedMs, run.endedMs].filter((ms) => run.endedMs - ms < flapping.windowMs);
  const next: RestartState = { failures, endedMs };
  if (endedMs.length > flapping.most) {
    return { state: next, decision: { kind: 'give-up', ends: endedMs.length, windowMs: flapping.windowMs } };
  }
  return {
    state: next,
    decision: { kind: 'restart', afterMs: backoffMs(backoff, failures, random), failures },
  };
}
