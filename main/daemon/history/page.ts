import { SoloistError } from '../errors.ts';
import { type Database, integer, type Row } from '../sqlite/database.ts';
import { RUN_COLUMNS, RUN_TABLES, runFromRow } from './columns.ts';
import type { Jobs } from './jobs.ts';
import type { OutcomeKind, Run, Time } from './run.ts';

/** Which runs are wanted. All conditions given must hold; none given means all runs. */
export interface PageFilter {
  readonly job?: string | undefined;
  /** Runs that ended in one of these ways. */
  readonly outcomes?: readonly OutcomeKind[] | undefined;
  /** Queued at or after this time. */
  readonly since?: Time | undefined;
  /** Queued before this time. */
  readonly until?: Time | undefined;
  /** Found in the job's name, the reason of the outcome or the names of the files, upper or lower case. */
  readonly text?: string | undefined;
}

/** Where a page goes on: opaque text from the page before. */
export type Cursor = string;

export interface Page {
  /** Newest first, by the time at which they were queued. */
  readonly runs: readonly Run[];
  /**
   * Continues after this page; undefined at the end. A search for text may return a short or empty page that
   * goes on, since each call looks through a limited number of runs.
   */
  readonly next: Cursor | undefined;
}

/** A place in the order of pages. */
export interface Position {
  readonly queuedAt: number;
  readonly id: number;
}

/** How many runs one call looks through for a text: some ten milliseconds. */
export const SEARCH_LIMIT = 2_000;
const SEARCH_STEP = 500;

/**
 * One page of runs. Its cost depends on `limit` alone, not on how many runs there are or how deep the page
 * is.
 */
export function readPage(
  database: Database,
  jobs: Jobs,
  filter: PageFilter,
  cursor: Cursor | undefined,
  limit: number,
): Page {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a page has 1 run at least, not ${limit}`);
  const job = filter.job === undefined ? undefined : jobs.find(filter.job);
  const nothing = (filter.job !== undefined && job === undefined) || filter.outcomes?.length === 0;
  if (nothing) return { runs: [], next: undefined };
  const matches = textMatcher(filter.text);
  const found: Row[] = [];
  let position = cursor === undefined ? undefined : parseCursor(cursor);
  for (let searched = 0; searched < SEARCH_LIMIT; ) {
    const wanted = matches === undefined ? limit - found.length : SEARCH_STEP;
    // One more than wanted tells whether anything follows.
    const rows = readWindow(database, job, filter, position, wanted + 1);
    for (const row of rows.slice(0, wanted)) {
      position = { queuedAt: integer(row, 'queued_at'), id: integer(row, 'id') };
      searched++;
      if (matches === undefined || database.decoded(row, matches)) found.push(row);
      if (found.length === limit) break;
    }
    const last = rows.at(-1);
    if (last === undefined || (rows.length <= wanted && integer(last, 'id') === position?.id)) {
      return { runs: decodeAll(database, found), next: undefined };
    }
    if (found.length === limit) break;
  }
  return {
    runs: decodeAll(database, found),
    next: position === undefined ? undefined : formatCursor(position),
  };
}

function decodeAll(database: Database, rows: readonly Row[]): Run[] {
  return rows.map((row) => database.decoded(row, runFromRow));
}

function readWindow(
  database: Database,
  job: number | undefined,
  filter: PageFilter,
  position: Position | undefined,
  limit: number,
): Row[] {
  const outcomes = filter.outcomes === undefined ? undefined : [...new Set(filter.outcomes)];
  const parameters: Record<string, number | string> = { limit };
  if (job !== undefined) parameters.job = job;
  if (filter.since !== undefined) parameters.since = filter.since;
  // Of two upper bounds the index can use one: only the lower of them is given.
  if (position !== undefined && (filter.until === undefined || position.queuedAt < filter.until)) {
    Object.assign(parameters, { queued_at: position.queuedAt, id: position.id });
  } else if (filter.until !== undefined) parameters.until = filter.until;
  outcomes?.forEach((outcome, index) => {
    parameters[`outcome${index}`] = outcome;
  });
  return database.all(windowQuery(new Set(Object.keys(parameters)), outcomes?.length), parameters);
}

/**
 * The query for the runs after a position, newest first. Each outcome is a branch of its own that reads its
 * index from the newest entry and stops at the limit: nothing is sorted but what is returned. `parameters`
 * names those that will be bound.
 */
export function windowQuery(parameters: ReadonlySet<string>, outcomes: number | undefined): string {
  const index = [
    ['runs_by_time', 'runs_by_job'],
    ['runs_by_outcome', 'runs_by_job_and_outcome'],
  ][outcomes === undefined ? 0 : 1]?.[parameters.has('job') ? 1 : 0];
  const conditions = [
    parameters.has('job') ? ['job = :job'] : [],
    parameters.has('since') ? ['queued_at >= :since'] : [],
    parameters.has('until') ? ['queued_at < :until'] : [],
    parameters.has('id') ? ['(queued_at, id) < (:queued_at, :id)'] : [],
  ].flat();
  const branch = (outcome: string[]): string => {
    const where = [...outcome, ...conditions];
    return `SELECT id FROM runs INDEXED BY ${index}
      ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
      ORDER BY queued_at DESC, id DESC LIMIT :limit`;
  };
  const branches =
    outcomes === undefined
      ? [branch([])]
      : Array.from({ length: outcomes }, (_, number) => branch([`outcome = :outcome${number}`]));
  return `SELECT ${RUN_COLUMNS} FROM ${RUN_TABLES}
    WHERE runs.id IN (${branches.map((sql) => `SELECT id FROM (${sql})`).join(' UNION ALL ')})
    ORDER BY runs.queued_at DESC, runs.id DESC LIMIT :limit`;
}

function textMatcher(wanted: string | undefined): ((row: Row) => boolean) | undefined {
  const needle = wanted?.toLowerCase() ?? '';
  if (needle === '') return undefined;
  return (row) => {
    // File names are stored as JSON, in which quotes and backslashes look different.
    const files = typeof row.files === 'string' ? (JSON.parse(row.files) as string[]) : [];
    return [row.job_name, row.reason, ...files].some(
      (value) => typeof value === 'string' && value.toLowerCase().includes(needle),
    );
  };
}

/** The text of a cursor. */
export function formatCursor({ queuedAt, id }: Position): Cursor {
  return `${queuedAt}.${id}`;
}

/** The position in a cursor. Throws a `SoloistError` for text that is none. */
export function parseCursor(cursor: Cursor): Position {
  const [, queuedAt, id] = /^(-?\d{1,15})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (queuedAt === undefined || id === undefined || !Number.isSafeInteger(Number(id))) {
    throw new SoloistError({
      code: 'invalid-cursor',
      message: `${JSON.stringify(cursor)} is not where a page of runs ended.`,
      hint: 'Start again from the first page.',
    });
  }
  return { queuedAt: Number(queuedAt), id: Number(id) };
}
