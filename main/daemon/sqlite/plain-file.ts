import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite } from './binding.ts';
import { Database, integer } from './database.ts';
import { type DatabaseWords, databaseFailure, meansDamage, meansReadOnly, newerDatabase } from './failure.ts';
import { keepLog } from './keep-log.ts';

/** What a file is, and how its tables are made. */
export interface FilePlan extends DatabaseWords {
  /** In the file as `PRAGMA user_version`. Raised when the tables change, with a step from the former ones unless it is a copy. */
  readonly version: number;
  readonly tables: string;
  /** Pragmas about how safely and how fast. */
  readonly settings: string;
  /** How long this thread waits while another process writes, in milliseconds. */
  readonly busyMs: number;
  /** Whether what is in it can be made anew: then one that is damaged, or of another version, is simply removed. */
  readonly isCopy: boolean;
}

/** The least that opening waits for another process, in milliseconds. */
const OPEN_MS = 5_000;

/**
 * Opens a file that need not be as safe as the history, or makes it. A damaged one is moved aside, or removed if it is a copy,
 * and `warn` is told. Throws a `SoloistError` for one of a newer Soloist, which is left as it is, and for what a person can mend.
 */
export function openFile(file: string, plan: FilePlan, warn: (line: string) => void): Database {
  try {
    return connect(file, plan);
  } catch (error) {
    const isOther = error instanceof OtherVersion;
    if (!isOther && !meansDamage(error)) throw error;
    if (isOther && !plan.isCopy) throw newerDatabase(file, plan, error.found, plan.version);
    setAside(file, plan, isOther, warn);
    return connect(file, plan);
  }
}

/**
 * Reads from a file without changing anything; undefined if there is none. Throws a `SoloistError` for one of a newer Soloist,
 * and for what a person can mend.
 */
export function readFrom<T>(file: string, plan: FilePlan, read: (database: Database) => T): T | undefined {
  try {
    return readOnly(file, plan, read);
  } catch (error) {
    throw error instanceof OtherVersion ? newerDatabase(file, plan, error.found, plan.version) : error;
  }
}

class OtherVersion extends Error {
  readonly found: number;

  constructor(found: number) {
    super(`version ${found}`);
    this.found = found;
  }
}

function readOnly<T>(file: string, plan: FilePlan, read: (database: Database) => T): T | undefined {
  if (!existsSync(file)) return undefined;
  const database = new Database(opened(file, plan, true), file, plan);
  try {
    database.exec(`PRAGMA busy_timeout = ${Math.max(plan.busyMs, OPEN_MS)}`);
    const found = versionOf(database);
    if (found > plan.version) throw new OtherVersion(found);
    return read(database);
  } finally {
    database.close();
  }
}

function connect(file: string, plan: FilePlan): Database {
  refuseNewer(file, plan);
  const database = new Database(opened(file, plan, false), file, plan);
  try {
    const waitMs = Math.max(plan.busyMs, OPEN_MS);
    database.exec(`PRAGMA busy_timeout = ${waitMs}`);
    keepLog(database, waitMs);
    database.exec(`PRAGMA trusted_schema = OFF; ${plan.settings}`);
    database.transaction(() => {
      const found = versionOf(database);
      if (found === plan.version) return;
      if (found !== 0) throw new OtherVersion(found);
      database.exec(plan.tables);
      database.exec(`PRAGMA user_version = ${plan.version}`);
    });
    database.exec(`PRAGMA busy_timeout = ${plan.busyMs}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Before it is open for writing, since whoever closes it then takes its log in: also one that is not ours to touch. */
function refuseNewer(file: string, plan: FilePlan): void {
  try {
    readOnly(file, plan, () => undefined);
  } catch (error) {
    // Killed while it was made, it must be rolled back before it can be read.
    if (!meansReadOnly(error)) throw error;
  }
}

function opened(file: string, plan: FilePlan, readOnly: boolean): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  try {
    return new DatabaseSync(file, { readOnly });
  } catch (error) {
    throw databaseFailure(error, file, plan);
  }
}

function versionOf(database: Database): number {
  const row = database.get('PRAGMA user_version');
  return row === undefined ? 0 : integer(row, 'user_version');
}

function setAside(
  file: string,
  { what, isCopy }: FilePlan,
  isOther: boolean,
  warn: (line: string) => void,
): void {
  const aside = `${file}.damaged-${Date.now()}`;
  if (isCopy) rmSync(file, { force: true });
  else renameSync(file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  if (isOther) return;
  warn(
    isCopy
      ? `${what} ${file} was damaged; it is made anew.`
      : `${what} ${file} was damaged; it was moved to ${aside}, and begins anew.`,
  );
}
