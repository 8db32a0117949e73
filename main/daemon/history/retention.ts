import { type Database, integer, optionalInteger, optionalText, type Row, text } from '../sqlite/database.ts';
import { WRONG_CLOCK_MS } from './jobs.ts';
import type { Time } from './run.ts';

/**
 * What is kept of a job; undefined means no limit. The newest ended run and its output stay in any case, so
 * that the last outcome is known and no id is given out twice.
 */
export interface RetentionPolicy {
  /** Counts those too that have not ended. */
  readonly runs?: number | undefined;
  readonly ageMs?: number | undefined;
  /** Of all outputs together. Beyond it the oldest outputs go, while their runs stay. */
  readonly outputBytes?: number | undefined;
}

export interface Pruned {
  readonly runs: number;
  /** Files to delete now. They stay on `releasedOutputs` until told that they are gone. */
  readonly outputFiles: readonly string[];
  /** Whether the limit of one call was reached, so that another one is needed. */
  readonly more: boolean;
}

/** One call blocks for some ten milliseconds. */
const MOST_AT_ONCE = 200;

const NEWEST = `
  SELECT id FROM runs INDEXED BY runs_of_job WHERE job = ? AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1`;

/** The newest of those that are too many; read from the index alone, however many are kept. */
const BEYOND_COUNT =
  'SELECT id FROM runs INDEXED BY runs_of_job WHERE job = ? ORDER BY id DESC LIMIT 1 OFFSET ?';

const OLDEST_UP_TO_ID = `
  SELECT id, due, output_file FROM runs INDEXED BY runs_of_job
  WHERE job = :job AND id <= :bound AND ended_at IS NOT NULL AND id != :newest ORDER BY id LIMIT :limit`;

const OLDEST_BEFORE = `
  SELECT id, due, output_file FROM runs INDEXED BY runs_by_job
  WHERE job = :job AND queued_at < :bound AND ended_at IS NOT NULL AND id != :newest
  ORDER BY queued_at, id LIMIT :limit`;

const WITH_OUTPUT = `
  SELECT id, output_bytes FROM runs INDEXED BY runs_with_output
  WHERE job = ? AND output_file IS NOT NULL AND ended_at IS NOT NULL ORDER BY id DESC`;

/** Removes what a job's policy no longer keeps, oldest first. For one transaction. */
export function pruneJob(database: Database, job: number, policy: RetentionPolicy, now: Time): Pruned {
  const newest = database.get(NEWEST, [job]);
  if (newest === undefined) return { runs: 0, outputFiles: [], more: false };
  const kept = { job, newest: integer(newest, 'id') };
  const tooMany = findTooMany(database, kept, policy.runs, MOST_AT_ONCE);
  removeRuns(database, job, tooMany, now);
  const tooOld = findTooOld(database, kept, policy.ageMs, now, MOST_AT_ONCE - tooMany.length);
  removeRuns(database, job, tooOld, now);
  const removed = [...tooMany, ...tooOld];
  const outputs = releaseExcess(database, job, policy.outputBytes, MOST_AT_ONCE - removed.length);

  const files = [...removed.map((row) => optionalText(row, 'output_file')), ...outputs];
  const outputFiles = files.filter((file) => file !== undefined);
  for (const file of outputFiles) {
    database.run('INSERT INTO released_outputs (file) VALUES (?) ON CONFLICT DO NOTHING', [file]);
  }
  return { runs: removed.length, outputFiles, more: removed.length + outputs.length === MOST_AT_ONCE };
}

/** Files of runs that let go of them and that nobody has reported deleted yet. */
export function releasedOutputs(database: Database): string[] {
  return database.all('SELECT file FROM released_outputs ORDER BY file').map((row) => text(row, 'file'));
}

/** The files are gone. For one transaction. */
export function outputsDeleted(database: Database, files: readonly string[]): void {
  for (const file of files) database.run('DELETE FROM released_outputs WHERE file = ?', [file]);
}

interface Kept {
  readonly job: number;
  /** The ended run that stays in any case. */
  readonly newest: number;
}

function findTooMany(database: Database, kept: Kept, runs: number | undefined, limit: number): Row[] {
  if (runs === undefined) return [];
  const row = database.get(BEYOND_COUNT, [kept.job, Math.max(0, runs)]);
  return row === undefined
    ? []
    : database.all(OLDEST_UP_TO_ID, { ...kept, bound: integer(row, 'id'), limit });
}

function findTooOld(
  database: Database,
  kept: Kept,
  ageMs: number | undefined,
  now: Time,
  limit: number,
): Row[] {
  return ageMs === undefined ? [] : database.all(OLDEST_BEFORE, { ...kept, bound: now - ageMs, limit });
}

function removeRuns(database: Database, job: number, runs: readonly Row[], now: Time): void {
  // What a wrong clock claimed further ahead says nothing about the times until then.
  const ahead = now + WRONG_CLOCK_MS;
  let forgotten: number | undefined;
  for (const row of runs) {
    database.run('DELETE FROM runs WHERE id = ?', [integer(row, 'id')]);
    const due = optionalInteger(row, 'due');
    if (due !== undefined && due <= ahead) forgotten = Math.max(forgotten ?? due, due);
  }
  if (forgotten === undefined) return;
  database.run(
    `UPDATE jobs SET forgotten_due = :due
     WHERE id = :job AND (forgotten_due IS NULL OR forgotten_due < :due OR forgotten_due > :ahead)`,
    { due: forgotten, job, ahead },
  );
}

/** Lets go of the oldest outputs of a job while all together are too large, and returns their files. */
function releaseExcess(database: Database, job: number, bytes: number | undefined, limit: number): string[] {
  if (bytes === undefined) return [];
  let total = 0;
  const excess = database.all(WITH_OUTPUT, [job]).filter((row, index) => {
    total += integer(row, 'output_bytes');
    return index > 0 && total > bytes;
  });
  return excess
    .toReversed()
    .slice(0, limit)
    .map((row) => {
      const id = integer(row, 'id');
      const file = database.get('SELECT output_file FROM runs WHERE id = ?', [id]);
      if (file === undefined) throw new Error(`run ${id} vanished while its output was released`);
      database.run('UPDATE runs SET output_file = NULL WHERE id = ?', [id]);
      return text(file, 'output_file');
    });
}
