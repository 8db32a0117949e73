import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { SoloistError } from '../../errors.ts';
import { loadSqlite } from '../../history/binding.ts';
import { reasonOf } from '../../home.ts';
import type { Entry } from './entry.ts';

/** A picture whose way into the vault was begun. */
export interface Begun {
  /** SHA-256 of its content. */
  readonly hash: string;
  /** Its entry, with its name. */
  readonly entry: Entry;
}

/**
 * What is known of pictures: by content, which are in the vault or were; by path, which files are still to be looked at.
 * Each call is on the disk when it returns.
 */
export interface Store {
  /** Undefined for a picture that was never seen. */
  stateOf(hash: string): 'begun' | 'done' | undefined;
  begin(picture: Begun): void;
  finish(hash: string): void;
  forget(hash: string): void;
  /** Those that a crash left unfinished, the oldest first. */
  begun(): Begun[];
  /** Files to be looked at again, until they are `settled`. */
  addWaiting(paths: readonly string[]): void;
  settle(path: string): void;
  waiting(): string[];
  close(): void;
}

/** Raised when the tables change; in the file as `PRAGMA user_version`, 0 in those of before there was one. */
const VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS pictures (hash TEXT PRIMARY KEY, entry TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS waiting (path TEXT PRIMARY KEY) STRICT;
`;

/**
 * Opens the store in a folder. One that is damaged is set aside and begun anew, of which `warn` is told: what is in the
 * vault is found there again by its content.
 */
export function openStore(folder: string, warn: (line: string) => void): Store {
  const file = join(folder, 'screenshots.db');
  try {
    return storeOf(open(file));
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    if (!isDamage(error)) {
      throw new SoloistError(
        {
          code: 'state-unusable',
          message: `What is known of former screenshots (${file}) cannot be used: ${reasonOf(error)}.`,
          hint: 'Mend that (a full disk, or permissions?); without it pictures could come twice.',
        },
        { cause: error },
      );
    }
    renameSync(file, `${file}.damaged-${Date.now()}`);
    for (const more of ['-wal', '-shm']) rmSync(file + more, { force: true });
    warn(`What was known of former screenshots (${file}) was damaged; it is set aside and begun anew.`);
    return storeOf(open(file));
  }
}

/** A store for a dry run: it knows what the one in the folder does, and changes nothing there. */
export function copyOfStore(folder: string): Store {
  const file = join(folder, 'screenshots.db');
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  if (existsSync(file)) {
    const known = new DatabaseSync(file, { readOnly: true });
    refuseNewer(known, file);
    const insert = database.prepare('INSERT INTO pictures (hash, entry) VALUES (?, NULL)');
    for (const { hash } of known.prepare('SELECT hash FROM pictures').all()) insert.run(String(hash));
    known.close();
  }
  return storeOf(database);
}

function open(file: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 20000');
    // Before anything that writes to the file.
    refuseNewer(database, file);
    // Two processes may import at a time. The journal is what makes a crash harmless; it is flushed with each change.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA} PRAGMA user_version = ${VERSION}`,
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseNewer(database: DatabaseSync, file: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (found <= VERSION) return;
  throw new SoloistError({
    code: 'state-newer',
    message: `What is known of former screenshots (${file}) was written by a newer Soloist (its version is ${found}, this one knows up to ${VERSION}).`,
    hint: 'Install the newer Soloist again, or move the file elsewhere; without it pictures could come twice. Nothing was changed.',
  });
}

function isDamage(error: unknown): boolean {
  const code =
    typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  // SQLITE_CORRUPT, SQLITE_NOTADB.
  return code === 11 || code === 26;
}

function storeOf(database: DatabaseSync): Store {
  const statement = (sql: string) => database.prepare(sql);
  const byHash = statement('SELECT entry FROM pictures WHERE hash = ?');
  const insert = statement(
    'INSERT INTO pictures (hash, entry) VALUES (?, ?) ON CONFLICT DO UPDATE SET entry = excluded.entry',
  );
  // What the entry says is in the note by then, and need not be kept twice.
  const finish = statement(
    'INSERT INTO pictures (hash, entry) VALUES (?, NULL) ON CONFLICT DO UPDATE SET entry = NULL',
  );
  const forget = statement('DELETE FROM pictures WHERE hash = ?');
  const unfinished = statement('SELECT hash, entry FROM pictures WHERE entry IS NOT NULL ORDER BY rowid');
  const wait = statement('INSERT INTO waiting (path) VALUES (?) ON CONFLICT DO NOTHING');
  const settle = statement('DELETE FROM waiting WHERE path = ?');
  const waiting = statement('SELECT path FROM waiting ORDER BY path');
  return {
    stateOf(hash) {
      const row = byHash.get(hash);
      if (row === undefined) return undefined;
      return row.entry === null ? 'done' : 'begun';
    },
    begin: ({ hash, entry }) => void insert.run(hash, JSON.stringify(entry)),
    finish: (hash) => void finish.run(hash),
    forget: (hash) => void forget.run(hash),
    begun: () =>
      unfinished
        .all()
        .map(({ hash, entry }) => ({ hash: String(hash), entry: JSON.parse(String(entry)) as Entry })),
    addWaiting(paths) {
      database.exec('BEGIN IMMEDIATE');
      for (const path of paths) wait.run(path);
      database.exec('COMMIT');
    },
    settle: (path) => void settle.run(path),
    waiting: () => waiting.all().map(({ path }) => String(path)),
    close: () => database.close(),
  };
}
