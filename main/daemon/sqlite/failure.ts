import { SoloistError } from '../errors.ts';

/** How a database is spoken of to people. */
export interface DatabaseWords {
  /** What error codes begin with: `history` of `history-busy`. */
  readonly code: string;
  /** What stands before the path in a sentence about it, a singular: `The history`. */
  readonly what: string;
  /** What to do about damage: a sentence or two. */
  readonly ifDamaged: string;
}

/** What a person can mend, by the end of its error code. */
interface Failure {
  readonly kind: 'busy' | 'read-only' | 'unreadable' | 'damaged' | 'full';
  /** What follows the path. */
  readonly predicate: string;
  /** Undefined where the database says it. */
  readonly hint: string | undefined;
}

const busy: Failure = {
  kind: 'busy',
  predicate: 'is locked by another program',
  hint: 'Close other programs that have this file open, such as a database browser.',
};

const damaged: Failure = { kind: 'damaged', predicate: 'is damaged', hint: undefined };

/**
 * Extended codes that tell more than their primary one: a read past the file's end, a file system found
 * corrupt.
 */
const damagedExtended: ReadonlySet<number> = new Set([522, 8458]);

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that a person can mend. */
const failures: Readonly<Record<number, Failure>> = {
  5: busy,
  6: busy,
  8: {
    kind: 'read-only',
    predicate: 'cannot be written to',
    hint: 'Make the file and its folder writable for your user.',
  },
  10: {
    kind: 'unreadable',
    predicate: 'could not be read or written: the disk reported an error',
    hint: 'Check the disk and its connection. Nothing was changed.',
  },
  11: damaged,
  13: {
    kind: 'full',
    predicate: 'cannot grow: the disk is full',
    hint: 'Free some space. What was recorded before is safe.',
  },
  14: {
    kind: 'unreadable',
    predicate: 'could not be opened',
    hint: 'Check that its folder exists and that your user may read and write there.',
  },
  26: damaged,
};

/** SQLite's extended result code of an error that it threw, or undefined if another thing threw it. */
function sqliteResultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Whether the error says that what is in the file is no sound database. */
export function meansDamage(error: unknown): boolean {
  return failureOf(error) === damaged;
}

/** Whether another program's lock was in the way. */
export function meansBusy(error: unknown): boolean {
  return failureOf(error) === busy;
}

/** Whether it would have had to be written to. */
export function meansReadOnly(error: unknown): boolean {
  return failureOf(error)?.kind === 'read-only';
}

/** What SQLite threw as an error for people, if they can mend it; anything else comes back as it is. */
export function databaseFailure(error: unknown, file: string, words: DatabaseWords): unknown {
  const failure = failureOf(error);
  return failure === undefined ? error : inWords(failure, error, file, words);
}

/** An error for people about a row that says what no row can say. */
export function damagedRow(error: unknown, file: string, words: DatabaseWords): SoloistError {
  return inWords(damaged, error, file, words);
}

/** An error for people about a file of a later version than this Soloist knows. */
export function newerDatabase(
  file: string,
  { code, what }: DatabaseWords,
  found: number,
  newest: number,
): SoloistError {
  return new SoloistError({
    code: `${code}-newer`,
    message: `${what} ${file} was written by a newer Soloist (its version is ${found}, this one knows up to ${newest}).`,
    hint: 'Install the newer Soloist again, or move the file elsewhere to begin anew. Nothing was changed.',
  });
}

function inWords(
  { kind, predicate, hint }: Failure,
  error: unknown,
  file: string,
  { code, what, ifDamaged }: DatabaseWords,
): SoloistError {
  const detail = error instanceof Error ? error.message : String(error);
  return new SoloistError(
    {
      code: `${code}-${kind}`,
      message: `${what} ${file} ${predicate} (${detail}).`,
      hint: hint ?? ifDamaged,
    },
    { cause: error },
  );
}

function failureOf(error: unknown): Failure | undefined {
  // Also behind an error that was already put in words.
  const code = sqliteResultCode(error instanceof SoloistError ? error.cause : error);
  if (code === undefined) return undefined;
  return damagedExtended.has(code) ? damaged : failures[code & 0xff];
}
