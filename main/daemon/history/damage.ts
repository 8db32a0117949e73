import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import type { SqliteBinding } from '../sqlite/binding.ts';
import { meansDamage } from '../sqlite/failure.ts';

/** What was found damaged and put out of the way before the history was opened. */
export interface MovedAside {
  /** A sentence without its full stop: what was moved aside, and why. */
  readonly reason: string;
  /** Where the files are now. */
  readonly files: readonly string[];
}

/** How long SQLite waits, blocking, for another program's lock. */
export const BUSY_TIMEOUT_MS = 2_000;

/** What a database says it is, by `PRAGMA application_id` and `PRAGMA user_version`. */
export interface Marks {
  readonly application: number;
  readonly version: number;
}

/**
 * What has SQLite look for damage: the quick one after a daemon that did not close its history, the one that
 * also compares the indexes with their tables after damage has shown.
 */
export type PageCheck = 'quick_check' | 'integrity_check';

/** The state of a history's files before they are opened. */
export type Condition =
  | { readonly kind: 'missing' }
  | { readonly kind: 'sound'; readonly marks: Marks }
  | { readonly kind: 'unchecked'; readonly check: PageCheck }
  | { readonly kind: 'damaged'; readonly reason: string; readonly suffixes: readonly string[] };

/** The state after the pages were checked too, where that was called for. */
export type CheckedCondition = Exclude<Condition, { kind: 'unchecked' }>;

/** The database and what SQLite keeps beside it, as suffixes, in the order in which they are moved. */
export const ALL_FILES = ['', '-wal', '-shm', '-journal'];
export const LOG_FILES = ['-wal', '-shm'];
const LOG_HEADER_LENGTH = 32;

/**
 * A file beside the database saying that damage showed while it was in use, so that the next start checks it.
 */
const SUSPICION = '-check';

/** Has the next start check every page of this database. */
export function suspectDamage(file: string): void {
  writeFileSync(`${file}${SUSPICION}`, '');
}

/** Forgets a suspicion after the check. */
export function clearSuspicion(file: string): void {
  rmSync(`${file}${SUSPICION}`, { force: true });
}

/**
 * Judges the files by their headers (https://www.sqlite.org/fileformat.html, sections 1.3 and 4.1) without
 * SQLite, which would silently delete or ignore a write-ahead log that does not fit. Nothing is changed. Must
 * not be called while this process has the database open: closing a file drops all of the process's locks on
 * it.
 */
export function inspectFiles(file: string): Condition {
  const log = readHeader(`${file}-wal`, LOG_HEADER_LENGTH + 1);
  const hasLog = log.length > 0;
  const database = readHeader(file, 100);
  if (database.length === 0) {
    if (!hasLog) return { kind: 'missing' };
    return damaged('its write-ahead log was left without its database', ALL_FILES);
  }
  if (database.length < 100 || database.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    return damaged('it is not an SQLite database', ALL_FILES);
  }
  // A log that is no longer than its header holds nothing that could be lost.
  if (log.length > LOG_HEADER_LENGTH && !isLogHeader(log)) {
    return damaged('its write-ahead log is not one of SQLite', LOG_FILES);
  }
  if (existsSync(`${file}${SUSPICION}`)) return { kind: 'unchecked', check: 'integrity_check' };
  if (hasLog || existsSync(`${file}-journal`)) return { kind: 'unchecked', check: 'quick_check' };
  const expected = expectedSize(database);
  const size = statSync(file).size;
  if (expected !== undefined && size < expected) {
    return damaged(`it has been cut off at ${size} of ${expected} bytes`, ALL_FILES);
  }
  return {
    kind: 'sound',
    marks: { application: database.readUInt32BE(68), version: database.readUInt32BE(60) },
  };
}

/**
 * Has SQLite check every page and read the marks, read-only, so that files found damaged are moved as they were found; where a
 * crash has left a journal, what it undoes is undone first. Throws what SQLite throws for anything but damage.
 */
export function checkPages(file: string, sqlite: SqliteBinding, check: PageCheck): CheckedCondition {
  try {
    const database = new sqlite.DatabaseSync(file, { readOnly: !existsSync(`${file}-journal`) });
    try {
      // In one transaction, so that both marks are of one state while another process makes its tables.
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; BEGIN`);
      const found = database.prepare(`PRAGMA ${check}(1)`).get()?.[check];
      if (found !== 'ok') return damaged(`the check of its pages found: ${found}`, ALL_FILES);
      const application = Number(database.prepare('PRAGMA application_id').get()?.application_id);
      const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
      return { kind: 'sound', marks: { application, version } };
    } finally {
      database.close();
    }
  } catch (error) {
    if (!meansDamage(error)) throw error;
    return damaged(`SQLite cannot read it: ${error instanceof Error ? error.message : error}`, ALL_FILES);
  }
}

/**
 * Renames the files so that they stay together under a new name with the time (UTC) in it, and says where.
 */
export function moveAside(file: string, suffixes: readonly string[], reason: string, now: Date): MovedAside {
  const stamp = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
  let target = `${file}.damaged-${stamp}`;
  for (let other = 2; ALL_FILES.some((suffix) => existsSync(`${target}${suffix}`)); other++) {
    target = `${file}.damaged-${stamp}-${other}`;
  }
  const files: string[] = [];
  for (const suffix of suffixes) {
    if (!existsSync(`${file}${suffix}`)) continue;
    renameSync(`${file}${suffix}`, `${target}${suffix}`);
    files.push(`${target}${suffix}`);
  }
  clearSuspicion(file);
  return { reason: `${basename(file)} was moved aside because ${reason}`, files };
}

function damaged(reason: string, suffixes: readonly string[]): CheckedCondition {
  return { kind: 'damaged', reason, suffixes };
}

/** The first bytes of a file; fewer where it is shorter, none where it does not exist. */
function readHeader(file: string, length: number): Buffer {
  if (!existsSync(file)) return Buffer.alloc(0);
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Magic number, and the checksum that SQLite itself goes by. */
function isLogHeader(header: Buffer): boolean {
  const magic = header.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return false;
  let [first, second] = [0, 0];
  for (let offset = 0; offset < 24; offset += 8) {
    const word = (at: number): number => (magic & 1 ? header.readUInt32BE(at) : header.readUInt32LE(at));
    first = (first + word(offset) + second) >>> 0;
    second = (second + word(offset + 4) + first) >>> 0;
  }
  return header.readUInt32BE(24) === first && header.readUInt32BE(28) === second;
}

/** How many bytes the header says the file has, or undefined where it does not say. */
function expectedSize(header: Buffer): number | undefined {
  const rawPageSize = header.readUInt16BE(16);
  const pageSize = rawPageSize === 1 ? 65_536 : rawPageSize;
  // The count of pages only holds if it was written together with the change counter.
  if (header.readUInt32BE(24) !== header.readUInt32BE(92)) return undefined;
  return pageSize * header.readUInt32BE(28);
}
