const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const MB = 1_000_000;

/** From where on something is not well. Durations in milliseconds, sizes in bytes. */
export const limits = {
  /** A timer that has not fired although it should have. */
  timerLateMs: 5 * SECOND_MS,
  loopDelay: { warningMs: SECOND_MS, errorMs: 10 * SECOND_MS },
  /** Free space where the home lies. */
  disk: { warning: 500 * MB, error: 50 * MB },
  /** Free places for files, of all that there are. */
  files: { warning: 0.02, error: 0.002 },
  historySize: 2_000 * MB,
  /** How long it is told that the clock was set. */
  clockJumpToldMs: 60 * MINUTE_MS,
  /** How long a run may wait for a place before it is overdue. */
  overdueMs: 5 * MINUTE_MS,
  /** A run is slow when it takes so many times what nine of ten take, and so much longer at least. */
  slow: { times: 3, leastMs: MINUTE_MS, fewestRuns: 5 },
  /** So many ends of a service in a row, each sooner than it would count as well. */
  flapping: 3,
  /** So many failures in a row make a job's warning an error. */
  failures: 3,
} as const;

export type Limits = typeof limits;
