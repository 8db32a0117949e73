const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const MB = 1_000_000;

/** From where on something is not well. Durations in milliseconds, sizes in bytes. */
export interface Limits {
  /** A timer that has not fired although it should have. */
  readonly timerLateMs: number;
  readonly loopDelay: { readonly warningMs: number; readonly errorMs: number };
  /** Free space where the home lies. */
  readonly disk: { readonly warning: number; readonly error: number };
  /** Free places for files, of all that there are. */
  readonly files: { readonly warning: number; readonly error: number };
  readonly historySize: number;
  /** How long it is told that the clock was set. */
  readonly clockJumpToldMs: number;
  /** How long a run may wait for a place before it is overdue. */
  readonly overdueMs: number;
  /** A run is slow when it takes so many times what nine of ten take, and so much longer at least. */
  readonly slow: { readonly times: number; readonly leastMs: number; readonly fewestRuns: number };
  /** So many ends of a service in a row, each sooner than it would count as well. */
  readonly flapping: number;
  /** So many failures in a row make a job's warning an error. */
  readonly failures: number;
}

/** The limits in force. */
export const limits: Limits = {
  timerLateMs: 5 * SECOND_MS,
  loopDelay: { warningMs: SECOND_MS, errorMs: 10 * SECOND_MS },
  disk: { warning: 500 * MB, error: 50 * MB },
  files: { warning: 0.02, error: 0.002 },
  historySize: 2_000 * MB,
  clockJumpToldMs: 60 * MINUTE_MS,
  overdueMs: 5 * MINUTE_MS,
  slow: { times: 3, leastMs: MINUTE_MS, fewestRuns: 5 },
  flapping: 3,
  failures: 3,
};
