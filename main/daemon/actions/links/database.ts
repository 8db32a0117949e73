import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { SoloistError } from '../../errors.ts';
import { loadSqlite } from '../../history/binding.ts';
import { meansDamage } from '../../history/failure.ts';

export type Row = Record<string, SQLOutputValue>;
type Values = readonly SQLInputValue[];

/** How long one process waits until the other has written, in milliseconds. */
const BUSY_MS = 5_000;

/** What a file of this folder is, and how its tables are made. */
export interface Plan {
  /** In words, such as `The index of the notes`. */
  readonly what: string;
  /** Raised when the tables change. */
  readonly version: number;
  readonly tables: string;
  /** Whether what is in it can be made anew from the notes: then a damaged or older file is simply removed. */
  readonly isCopy: boolean;
}

/** SQLite as the suggestions need it: prepared statements, transactions, and errors in words. All calls block. */
export class LinksDatabase {
  readonly #sqlite: DatabaseSync;
  readonly #file: string;
  readonly #what: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(sqlite: DatabaseSync, file: string, what: string) {
    this.#sqlite = sqlite;
    this.#file = file;
    this.#what = what;
  }

  exec(sql: string): void {
    this.#guarded(() => this.#sqlite.exec(sql));
  }

  /** Changes rows; returns how many, and the id of the last that is new. */
  run(sql: string, ...values: Values): { readonly changes: number; readonly id: number } {
    const { changes, lastInsertRowid } = this.#guarded(() => this.#statement(sql).run(...values));
    return { changes: Number(changes), id: Number(lastInsertRowid) };
  }

  get(sql: string, ...values: Values): Row | undefined {
    return this.#guarded(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: Values): Row[] {
    return this.#guarded(() => this.#statement(sql).all(...values));
  }

  /** All that `action` changes, or nothing of it if it throws. */
  transaction<T>(action: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  rollBack(): void {
    try {
      this.#sqlite.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does after some errors, and says that no transaction is active.
    }
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw inWords(error, this.#file, this.#what);
    }
  }
}

/**
 * Opens a file of suggestions, or makes it. A damaged one that is no copy is moved aside; `warn` is told. Throws a
 * `SoloistError` for one of a newer Soloist and for what a person can mend.
 */
export function openLinksDatabase(file: string, plan: Plan, warn: (line: string) => void): LinksDatabase {
  try {
    return connect(file, plan);
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    const isOld = error instanceof OtherVersion;
    if (!isOld && !meansDamage(reason)) throw error;
    if (isOld && !plan.isCopy) throw otherVersion(file, plan, error.found);
    setAside(file, plan, isOld, warn);
    return connect(file, plan);
  }
}

class OtherVersion extends Error {
  readonly found: number;

  constructor(found: number) {
    super(`version ${found}`);
    this.found = found;
  }
}

function connect(file: string, { what, version, tables }: Plan): LinksDatabase {
  const { DatabaseSync } = loadSqlite();
  let sqlite: DatabaseSync;
  try {
    sqlite = new DatabaseSync(file);
  } catch (error) {
    throw inWords(error, file, what);
  }
  const database = new LinksDatabase(sqlite, file, what);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA trusted_schema = OFF`);
    const versionFound = (): number => {
      const found = Number(database.get('PRAGMA user_version')?.user_version ?? 0);
      if (found !== version && found !== 0) throw new OtherVersion(found);
      return found;
    };
    // Before anything that writes to the file.
    versionFound();
    database.exec('PRAGMA journal_mode = WAL');
    database.transaction(() => {
      if (versionFound() === version) return;
      database.exec(tables);
      database.exec(`PRAGMA user_version = ${version}`);
    });
    return database;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function setAside(file: string, { what, isCopy }: Plan, isOld: boolean, warn: (line: string) => void): void {
  const aside = `${file}.damaged-${Date.now()}`;
  if (isCopy) rmSync(file, { force: true });
  else renameSync(file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  if (isOld) return;
  warn(
    isCopy
      ? `${what} ${file} was damaged; it is made anew.`
      : `${what} ${file} were damaged; they were moved to ${aside}, and begin anew.`,
  );
}

const otherVersion = (file: string, { what, version }: Plan, found: number): SoloistError =>
  new SoloistError({
    code: 'links-newer',
    message: `${what} ${file} are of another version of Soloist (they have version ${found}, this one knows ${version}).`,
    hint: 'Install the newer Soloist again, or move the file elsewhere to begin anew. Nothing was changed.',
  });

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that a person can mend. */
const mendable: Readonly<Record<number, readonly [code: string, reason: string, hint: string]>> = {
  5: ['links-busy', 'is in use by another program', 'Close what has it open, or try again.'],
  8: ['links-read-only', 'cannot be written to', 'Make the file and its folder writable for your user.'],
  10: ['links-unreadable', 'could not be read or written', 'Check the disk and its connection.'],
  11: ['links-damaged', 'is damaged', "Run the job again ('soloist run'): it begins anew."],
  13: ['links-full', 'cannot grow: the disk is full', 'Free some space. What was recorded before is safe.'],
  14: [
    'links-unreadable',
    'could not be opened',
    'Check that its folder exists and that your user may write there.',
  ],
  26: ['links-damaged', 'is no database', "Run the job again ('soloist run'): it begins anew."],
};

function inWords(error: unknown, file: string, what: string): unknown {
  const result =
    typeof error === 'object' && error !== null && 'errcode' in error
      ? Number(error.errcode) & 0xff
      : undefined;
  const found = result === undefined ? undefined : mendable[result];
  if (found === undefined) return error;
  const [code, reason, hint] = found;
  const detail = error instanceof Error ? error.message : String(error);
  return new SoloistError(
    { code, message: `${what} ${file} ${reason} (${detail}).`, hint },
    { cause: error },
  );
}
