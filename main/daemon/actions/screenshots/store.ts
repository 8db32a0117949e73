import { join } from 'node:path';
import { loadSqlite } from '../../sqlite/binding.ts';
import { Database, text } from '../../sqlite/database.ts';
import { type FilePlan, openFile, readFrom } from '../../sqlite/plain-file.ts';
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

const PLAN: FilePlan = {
  code: 'screenshots',
  what: 'The list of former screenshots',
  ifDamaged:
    "Run the job again ('soloist run'): the list begins anew, and what is in the vault is found there.",
  version: 1,
  // Of the first files, which had no version yet, some have these tables.
  tables: `
    CREATE TABLE IF NOT EXISTS pictures (hash TEXT PRIMARY KEY, entry TEXT) STRICT;
    CREATE TABLE IF NOT EXISTS waiting (path TEXT PRIMARY KEY) STRICT;
  `,
  // What makes a crash harmless is on the disk with each change.
  settings: 'PRAGMA synchronous = FULL',
  // Two processes may import at a time.
  busyMs: 20_000,
  isCopy: false,
};

const fileIn = (folder: string): string => join(folder, 'screenshots.db');

/**
 * Opens the store in a folder. One that is damaged is set aside and begun anew, of which `warn` is told: what is in the
 * vault is found there again by its content. Throws a `SoloistError` for one of a newer Soloist, and for what a person can mend.
 */
export function openStore(folder: string, warn: (line: string) => void): Store {
  return storeOf(openFile(fileIn(folder), PLAN, warn));
}

/** A store for a dry run: it knows what the one in the folder does, and changes nothing there. */
export function copyOfStore(folder: string): Store {
  const { DatabaseSync } = loadSqlite();
  const copy = new Database(new DatabaseSync(':memory:'), ':memory:', PLAN);
  copy.exec(PLAN.tables);
  const known = readFrom(fileIn(folder), PLAN, (database) => database.all('SELECT hash FROM pictures')) ?? [];
  for (const row of known)
    copy.run('INSERT INTO pictures (hash, entry) VALUES (?, NULL)', [text(row, 'hash')]);
  return storeOf(copy);
}

const INSERT =
  'INSERT INTO pictures (hash, entry) VALUES (?, ?) ON CONFLICT DO UPDATE SET entry = excluded.entry';

function storeOf(database: Database): Store {
  return {
    stateOf(hash) {
      const row = database.get('SELECT entry FROM pictures WHERE hash = ?', [hash]);
      if (row === undefined) return undefined;
      return row.entry === null ? 'done' : 'begun';
    },
    begin: ({ hash, entry }) => void database.run(INSERT, [hash, JSON.stringify(entry)]),
    // What the entry says is in the note by then, and need not be kept twice.
    finish: (hash) => void database.run(INSERT, [hash, null]),
    forget: (hash) => void database.run('DELETE FROM pictures WHERE hash = ?', [hash]),
    begun: () =>
      database
        .all('SELECT hash, entry FROM pictures WHERE entry IS NOT NULL ORDER BY rowid')
        .map((row) => ({ hash: text(row, 'hash'), entry: JSON.parse(text(row, 'entry')) as Entry })),
    addWaiting(paths) {
      database.transaction(() => {
        for (const path of paths)
          database.run('INSERT INTO waiting (path) VALUES (?) ON CONFLICT DO NOTHING', [path]);
      });
    },
    settle: (path) => void database.run('DELETE FROM waiting WHERE path = ?', [path]),
    waiting: () => database.all('SELECT path FROM waiting ORDER BY path').map((row) => text(row, 'path')),
    close: () => database.close(),
  };
}
