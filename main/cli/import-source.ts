import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { sizeText } from '../daemon/config/duration.ts';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import { reasonOf } from '../daemon/home.ts';

/** A file of another program, read. */
export interface ImportSource {
  /** As it is named to a person. */
  readonly name: string;
  /** Its path, absolute; undefined for what came from a program. */
  readonly file: string | undefined;
  readonly text: string;
}

/** Larger than any file that a person writes. */
const LARGEST_BYTES = 4_000_000;

/** Reads a file, or standard input for `-`. Throws a `SoloistError` if it cannot be read. */
export async function readSource(named: string): Promise<ImportSource> {
  if (named === '-') {
    const name = 'standard input';
    return { name, file: undefined, text: decoded(await standardInput(name), name) };
  }
  const file = resolve(named);
  try {
    const stats = statSync(file);
    // Reading a pipe may wait for ever.
    if (!stats.isFile()) throw unreadable(file, stats.isDirectory() ? 'it is a folder' : 'it is not a file');
    if (stats.size > LARGEST_BYTES) throw tooLarge(file);
    return { name: file, file, text: decoded(readFileSync(file), file) };
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    throw unreadable(
      file,
      systemErrorCode(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error),
      error,
    );
  }
}

async function standardInput(name: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part);
    size += part.length;
    if (size > LARGEST_BYTES) throw tooLarge(name);
  }
  return Buffer.concat(parts);
}

/** The text of a file. Binary property lists are no text, and whoever reads them says so better. */
function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = new TextDecoder('latin1').decode(bytes);
    if (text.startsWith('bplist')) return text;
    throw unreadable(name, 'it is not text in UTF-8');
  }
}

/** Reads the crontab of the person with crontab(1). Throws a `SoloistError` if there is none. */
export async function readOwnCrontab(): Promise<ImportSource> {
  try {
    const { stdout } = await promisify(execFile)('crontab', ['-l'], {
      encoding: 'buffer',
      maxBuffer: LARGEST_BYTES,
    });
    return { name: 'crontab -l', file: undefined, text: decoded(stdout, 'Your crontab') };
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    throw noCrontab(error);
  }
}

const NAME_A_FILE = 'A crontab that is in a file is named behind it: soloist import crontab FILE';

function noCrontab(cause: unknown): SoloistError {
  const code = systemErrorCode(cause);
  const said =
    typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : '';
  const message =
    code === 'ENOENT'
      ? 'There is no program "crontab" on this computer, so that there is no crontab of yours.'
      : /^no crontab|: no crontab/i.test(said)
        ? 'You have no crontab.'
        : `Your crontab cannot be read: ${said.split('\n')[0] || reasonOf(cause)}.`;
  return new SoloistError({ code: 'no-crontab', message, hint: NAME_A_FILE }, { cause });
}

const tooLarge = (name: string): SoloistError =>
  unreadable(name, `it is larger than ${sizeText(LARGEST_BYTES)}`);

function unreadable(name: string, reason: string, cause?: unknown): SoloistError {
  return new SoloistError(
    {
      code: 'import-unreadable',
      message: `${name} cannot be read: ${reason}.`,
      hint: 'Name the file that the other program reads.',
    },
    { cause },
  );
}
