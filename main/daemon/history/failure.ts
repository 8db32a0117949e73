import { SoloistError } from '../errors.ts';

interface Failure {
  readonly code: string;
  /** What follows `The history <file> `. */
  readonly predicate: string;
  readonly hint: string;
}

const busy: Failure = {
  code: 'history-busy',
  predicate: 'is locked by another program',
  hint: 'Close other programs that have this file open, such as a database browser.',
};

const damaged: Failure = {
  code: 'history-damaged',
  predicate: 'is damaged',
  hint: 'Restart the daemon: it moves the damaged file aside and starts a new history.',
};

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
    code: 'history-read-only',
    predicate: 'cannot be written to',
    hint: 'Make the file and its folder writable for your user.',
  },
  10: {
    code: 'history-unreadable',
    predicate: 'could not be read or written: the disk reported an error',
    hint: 'Check the disk and its connection. Nothing was changed.',
  },
  11: damaged,
  13: {
    code: 'history-full',
    predicate: 'cannot grow: the disk is full',
    hint: 'Free some space. What was recorded before is safe.',
  },
  14: {
    code: 'history-unreadable',
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

/** What SQLite threw as an error for people, if they can mend it; anything else comes back as it is. */
export function historyFailure(error: unknown, file: string): unknown {
  const failure = failureOf(error);
  if (failure === undefined) return error;
  return inWords(failure, error, file);
}

/** An error for people about a row that says what no row can say. */
export function damagedRow(error: unknown, file: string): SoloistError {
  return inWords(damaged, error, file);
}

function inWords({ code, predicate, hint }: Failure, error: unknown, file: string): SoloistError {
  const detail = error instanceof Error ? error.message : String(error);
  return new SoloistError(
    { code, message: `The history ${file} ${predicate} (${detail}).`, hint },
    { cause: error },
  );
}

function failureOf(error: unknown): Failure | undefined {
  // Also behind an error that was already put in words.
  const code = sqliteResultCode(error instanceof SoloistError ? error.cause : error);
  if (code === undefined) return undefined;
  return damagedExtended.has(code) ? damaged : failures[code & 0xff];
}
