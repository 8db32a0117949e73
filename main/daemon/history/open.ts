import { accessSync, constants, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SoloistError, systemErrorCode } from '../errors.ts';
import { loadSqlite, type SqliteBinding } from '../sqlite/binding.ts';
import { Database, integer } from '../sqlite/database.ts';
import { type DatabaseWords, databaseFailure, meansDamage, newerDatabase } from '../sqlite/failure.ts';
import { keepLog } from '../sqlite/keep-log.ts';
import {
  ALL_FILES,
  BUSY_TIMEOUT_MS,
  type CheckedCondition,
  checkPages,
  clearSuspicion,
  inspectFiles,
  LOG_FILES,
  type Marks,
  type MovedAside,
  moveAside,
  suspectDamage,
} from './damage.ts';
import { APPLICATION_ID, type Migration, migrations as releasedMigrations } from './schema.ts';

export interface OpenOptions {
  /** Names what is moved aside. */
  readonly now: () => Date;
  readonly sqlite?: SqliteBinding;
  readonly migrations?: readonly Migration[];
}

export interface OpenedDatabase {
  readonly database: Database;
  /** Whether this is a new database: the first one, or the one after a damaged one was moved aside. */
  readonly created: boolean;
  /** What was found damaged; empty when all was well. */
  readonly movedAside: readonly MovedAside[];
}

/** How the history is spoken of. */
export const HISTORY: DatabaseWords = {
  code: 'history',
  what: 'The history',
  ifDamaged: 'Restart the daemon: it moves the damaged file aside and starts a new history.',
};

/**
 * Damaged log, damaged database, and then a new one: each attempt but the last moves something out of the
 * way.
 */
const MOST_ATTEMPTS = 4;

/**
 * WAL, so that readers never block the daemon. `synchronous = NORMAL`: each commit is in the kernel's hands
 * before the call returns, so a process that dies at any instant loses nothing; only a power cut could take
 * commits that were not yet written to disk, and `Flusher` has them written right after, off the main thread.
 * (FULL would block the scheduler for a disk's latency at each of a run's three commits, and on macOS does
 * not even reach the disk.) The log is folded in at calm moments (`History`); SQLite does it at 4,000 pages
 * if none came.
 */
const SETTINGS = `
  PRAGMA synchronous = NORMAL;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 16777216;
`;

/**
 * POSIX drops all of a process's locks on a file when the process closes any descriptor of it: open each
 * once.
 */
const openFiles = new Set<string>();

/**
 * Opens a database file, or makes a new one. A damaged one is moved aside with its log, never deleted, and
 * said so in the result. Throws a `SoloistError` for a database of a newer Soloist or of another program,
 * which are left alone, and for a file that cannot be opened, read or written to.
 */
export function openDatabase(path: string, options: OpenOptions): OpenedDatabase {
  const sqlite = options.sqlite ?? loadSqlite();
  const migrations = options.migrations ?? releasedMigrations;
  try {
    const file = realPath(path);
    if (openFiles.has(file)) throw new Error(`${file} is already open in this process`);
    const opened = openFile(file, sqlite, migrations, options.now);
    openFiles.add(file);
    return opened;
  } catch (error) {
    throw openFailure(error, path);
  }
}

/** Closes a database that `openDatabase` opened; its log is folded into it if nobody else has it open. */
export function closeDatabase(database: Database): void {
  database.close();
  openFiles.delete(database.file);
}

function openFile(
  file: string,
  sqlite: SqliteBinding,
  migrations: readonly Migration[],
  now: () => Date,
): OpenedDatabase {
  refuseReadOnly(file);
  const movedAside: MovedAside[] = [];
  for (let attempt = 1; ; attempt++) {
    const condition = examine(file, sqlite, movedAside.length > 0);
    if (condition.kind === 'damaged') {
      movedAside.push(moveAside(file, condition.suffixes, condition.reason, now()));
      continue;
    }
    if (condition.kind === 'missing') createPrivateFile(file);
    else refuseStranger(file, condition.marks, migrations);
    try {
      const database = connect(file, sqlite, migrations);
      return { database, created: condition.kind === 'missing', movedAside };
    } catch (error) {
      if (!meansDamage(error) || attempt >= MOST_ATTEMPTS) throw error;
      movedAside.push(moveAside(file, ALL_FILES, 'SQLite cannot read it', now()));
    }
  }
}

/** `thorough` after a damaged log was moved away: without it the database may be half of a checkpoint. */
function examine(file: string, sqlite: SqliteBinding, thorough: boolean): CheckedCondition {
  const found = inspectFiles(file);
  const condition =
    thorough && found.kind === 'sound' ? ({ kind: 'unchecked', check: 'integrity_check' } as const) : found;
  if (condition.kind !== 'unchecked') return condition;
  const checked = checkPages(file, sqlite, condition.check);
  if (checked.kind === 'sound') clearSuspicion(file);
  return checked;
}

function connect(file: string, sqlite: SqliteBinding, migrations: readonly Migration[]): Database {
  const connection = new sqlite.DatabaseSync(file, { enableForeignKeyConstraints: false });
  const database = new Database(connection, file, HISTORY);
  database.onDamage = () => {
    try {
      suspectDamage(file);
    } catch {
      // On a full disk the mark cannot be left. The damage itself is thrown either way.
    }
  };
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    // Before the settings, which write to the file.
    refuseTablesOfOthers(database);
    keepLog(database, BUSY_TIMEOUT_MS);
    database.exec(SETTINGS);
    migrate(database, migrations);
    // After the migrations, since a step that rebuilds a table needs them off.
    database.exec('PRAGMA foreign_keys = ON');
    return database;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Takes the missing steps in one transaction, so that a crash leaves the old schema whole. */
function migrate(database: Database, migrations: readonly Migration[]): void {
  // Asks for the right to write even where nothing is missing, so that a read-only file shows now.
  database.transaction(() => {
    const version = pragma(database, 'user_version');
    const marks = { application: pragma(database, 'application_id'), version };
    refuseStranger(database.file, marks, migrations);
    const missing = migrations.filter((migration) => migration.version > version);
    for (const migration of missing) {
      database.exec(migration.sql);
      database.exec(`PRAGMA user_version = ${migration.version}`);
    }
    if (missing.length === 0) return;
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    if (database.all('PRAGMA foreign_key_check').length > 0) {
      throw new Error(
        `the migration of ${database.file} from version ${version} left rows without their parents`,
      );
    }
  });
}

function pragma(database: Database, name: 'user_version' | 'application_id'): number {
  const row = database.get(`PRAGMA ${name}`);
  if (row === undefined) throw new Error(`SQLite does not tell its ${name}`);
  return integer(row, name);
}

/** Throws if somebody has put tables into a database that has no version. */
function refuseTablesOfOthers(database: Database): void {
  // One statement, so that it sees one state while another process makes its tables.
  const sql = `SELECT 1 FROM pragma_user_version
    WHERE user_version = 0 AND EXISTS (SELECT 1 FROM sqlite_schema)`;
  if (database.get(sql) !== undefined) throw foreign(database.file);
}

/** Throws if the database is another program's, or of a Soloist newer than this one. */
function refuseStranger(file: string, marks: Marks, migrations: readonly Migration[]): void {
  const ours = marks.application === APPLICATION_ID || (marks.application === 0 && marks.version === 0);
  if (!ours) throw foreign(file);
  const newest = migrations.at(-1)?.version ?? 0;
  if (marks.version <= newest) return;
  throw newerDatabase(file, HISTORY, marks.version, newest);
}

function foreign(file: string): SoloistError {
  return new SoloistError({
    code: 'history-foreign',
    message: `${file} is a database of another program, not a history of Soloist.`,
    hint: 'Move it elsewhere, or choose another home. Nothing was changed.',
  });
}

/**
 * Throws if the file, its folder or its log may not be written to. SQLite would open it read-only instead,
 * and leave log files with the same rights, which stay in the way after the person has made the file
 * writable.
 */
function refuseReadOnly(file: string): void {
  for (const path of [dirname(file), file, ...LOG_FILES.map((suffix) => `${file}${suffix}`)]) {
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'ENOENT') continue;
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
      throw new SoloistError(
        {
          code: 'history-read-only',
          message: `The history ${file} cannot be written to: your user may not write to ${path}.`,
          hint: `Make ${path} writable for your user.`,
        },
        { cause: error },
      );
    }
  }
}

/**
 * What jobs ran and on which files is nobody else's business. SQLite gives its log the same mode. Appending, since
 * another process may have made its tables there since this one looked.
 */
function createPrivateFile(file: string): void {
  writeFileSync(file, '', { mode: 0o600, flag: 'a' });
}

/** The path without links, since SQLite keeps the log beside the file that a link leads to. */
function realPath(path: string): string {
  let file: string;
  try {
    file = realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    return join(realpathSync(dirname(path)), basename(path));
  }
  if (statSync(file).isFile()) return file;
  throw new SoloistError({
    code: 'history-unreadable',
    message: `The history ${path} is not a file.`,
    hint: 'Move what is there elsewhere. Nothing was changed.',
  });
}

/** Errors of the file system as errors of the history; others in their own form. */
function openFailure(error: unknown, path: string): unknown {
  const code = systemErrorCode(error);
  if (error instanceof SoloistError || !(error instanceof Error) || code === undefined) return error;
  if (code === 'ERR_SQLITE_ERROR') return databaseFailure(error, path, HISTORY);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new SoloistError(
    {
      code: full ? 'history-full' : 'history-unreadable',
      message: `The history ${path} could not be opened (${error.message}).`,
      hint: full
        ? 'Free some space. What was recorded before is safe.'
        : 'Check that its folder exists and that your user may read and write there.',
    },
    { cause: error },
  );
}
