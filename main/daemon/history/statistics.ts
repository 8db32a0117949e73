import { type Database, integer, optionalInteger } from '../sqlite/database.ts';
import { outcomeFromRow } from './columns.ts';
import { type OutcomeKind, outcomeKinds } from './run.ts';

/** Durations in milliseconds of wall-clock time, sleep of the computer included. */
export interface Durations {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly longest: number;
}

/** What a job's last runs were like. */
export interface Statistics {
  /** How many ended runs were looked at. */
  readonly runs: number;
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  /**
   * Of those that ended by themselves (succeeded or failed after they had started); undefined if none did.
   */
  readonly durations: Durations | undefined;
}

const LAST_ENDED = `
  SELECT outcome, exit_code, signal, reason, started_at, ended_at FROM runs INDEXED BY runs_of_job
  WHERE job = ? AND ended_at IS NOT NULL ORDER BY id DESC LIMIT ?`;

/** The statistics of a job's last `last` ended runs; of none for a job without row. */
export function readStatistics(database: Database, job: number | undefined, last: number): Statistics {
  const rows = job === undefined ? [] : database.all(LAST_ENDED, [job, last]);
  const outcomes = Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as Record<OutcomeKind, number>;
  const durations: number[] = [];
  for (const row of rows) {
    const { kind } = database.decoded(row, outcomeFromRow);
    outcomes[kind]++;
    const startedAt = optionalInteger(row, 'started_at');
    if (startedAt === undefined || (kind !== 'succeeded' && kind !== 'failed')) continue;
    // A clock that was set back during the run must not make it negative.
    durations.push(Math.max(0, integer(row, 'ended_at') - startedAt));
  }
  return { runs: rows.length, outcomes, durations: summarise(durations) };
}

/** Nearest-rank percentiles; undefined of nothing. */
export function summarise(values: readonly number[]): Durations | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const longest = sorted.at(-1);
  if (longest === undefined) return undefined;
  const percentile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? longest;
  return { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), longest };
}
