import type { RetentionPolicy } from './retention.ts';

/** What is kept of each job. A file of its own, since windows show it and load nothing else of the daemon. */
export const DEFAULT_RETENTION = {
  runs: 1_000,
  ageMs: 90 * 24 * 3_600_000,
  outputBytes: 100_000_000,
} as const satisfies RetentionPolicy;
