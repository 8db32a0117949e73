import {
  type BigIntStats,
  closeSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SoloistError, systemErrorCode } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import { type KernelLock, tryKernelLock } from '../../lock/kernel.ts';
import { privateFolder, shortHash } from '../../private-folder.ts';
import {
  flushFolder,
  isSame,
  type Opened,
  openNote,
  putNew,
  readOpen,
  stageBeside,
  TEMPORARY,
  whereItLeads,
} from './note-file.ts';

/**
 * What a note is to become, given its bytes (undefined: there is none yet). Undefined leaves it as it is. It is asked
 * again whenever the note changed meanwhile, so it looks at nothing but what it is given.
 */
export type NoteChange = (bytes: Buffer | undefined) => Buffer | undefined;

export interface NoteEdit {
  /** Where the note lies, links followed. */
  readonly path: string;
  readonly written: boolean;
}

/** Another program that writes without a pause is waited for so long, and asked to be quiet for so long. */
const ATTEMPTS = 40;
const QUIET_MS = 30;
/** Who opened the former file just before it was replaced has written to it by then. */
const LATE_WRITE_MS = 25;
const LOCK_WAIT_MS = 60_000;
/** So many locks for all folders: a file for each would be litter. */
const LOCKS = 256;

/**
 * Changes a note, or creates it and its folder. The note is replaced in one step, on the disk before that; it keeps its
 * mode. What another program writes meanwhile is never overwritten: `change` is asked again about the new bytes. Other
 * processes of this user's that call this wait for each other. Throws a `SoloistError` if the note cannot be used.
 */
export async function editNote(path: string, change: NoteChange): Promise<NoteEdit> {
  const target = attempted(path, () => whereItLeads(path));
  return await attempted(target, () => inFolder(dirname(target), () => edit(target, change)));
}

/** Works in a folder of notes (which exists) while no other process of ours does, rid of what a crash left there. */
export async function inFolder<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  const lock = await lockFolder(realpathSync(folder));
  try {
    removeLeftOvers(folder);
    return await work();
  } finally {
    lock.release();
  }
}

async function edit(path: string, change: NoteChange): Promise<NoteEdit> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const former = openNote(path);
    try {
      // Likely in the middle of being written, by a program that empties the file first; not waited for for ever.
      if (former !== undefined && attempt < ATTEMPTS / 4 && justWritten(former)) {
        await sleep(QUIET_MS);
        continue;
      }
      const next = change(former?.bytes);
      if (next === undefined || former?.bytes.equals(next)) return { path, written: false };
      if (!replace(path, former, next)) continue;
      if (former !== undefined) await takeIn(path, former, next, change);
      return { path, written: true };
    } finally {
      if (former !== undefined) closeSync(former.file);
    }
  }
  throw new SoloistError({
    code: 'note-busy',
    message: `The note ${path} is changed again and again by another program.`,
    hint: 'It is left as it is; try again when that program is done.',
  });
}

/** Puts `next` in the place of the file that was read. False if another is there by now, or it was written to. */
function replace(path: string, former: Opened | undefined, next: Buffer): boolean {
  const temporary = stageBeside(path, next, former !== undefined);
  if (temporary === undefined) return false;
  try {
    const written = statSync(temporary, { bigint: true });
    if (former === undefined) {
      if (!putNew(temporary, path)) return false;
      own = written;
      return true;
    }
    // The times of files are coarse: two writes within 4 ms can have the same.
    if (!readOpen(former.file).equals(former.bytes) || !isSame(former.stats, path)) return false;
    renameSync(temporary, path);
    own = written;
    flushFolder(dirname(path));
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * What was written to the former file after the last look at it, by a program that had it open, is brought into the new one.
 */
async function takeIn(path: string, former: Opened, next: Buffer, change: NoteChange): Promise<void> {
  await sleep(LATE_WRITE_MS);
  let late = readOpen(former.file);
  if (late.equals(former.bytes)) return;
  for (let more = 0; more < ATTEMPTS; more++) {
    await sleep(QUIET_MS);
    const again = readOpen(former.file);
    if (again.equals(late)) break;
    late = again;
  }
  const merged = await edit(path, (now) => {
    if (now?.equals(next)) return change(late) ?? late;
    // Written to the new one too, so neither replaces the other; what was added to the end of the former one can follow.
    const added = late.subarray(0, former.bytes.length).equals(former.bytes);
    return now !== undefined && added ? Buffer.concat([now, late.subarray(former.bytes.length)]) : undefined;
  });
  if (!merged.written) keepBeside(path, late);
}

/** Two programs changed a note in ways that cannot be one note: the other version stands beside it. */
function keepBeside(path: string, bytes: Buffer): void {
  const extension = extname(path);
  const hash = shortHash(bytes.toString('base64')).slice(0, 8);
  const beside = join(dirname(path), `${basename(path, extension)} (conflict ${hash})${extension}`);
  const temporary = stageBeside(beside, bytes, false);
  if (temporary === undefined) return;
  putNew(temporary, beside);
  rmSync(temporary, { force: true });
}

/** What this process wrote last is whole: it need not be waited for. */
let own: BigIntStats | undefined;

function justWritten({ stats }: Opened): boolean {
  if (own !== undefined && own.ino === stats.ino && own.mtimeNs === stats.mtimeNs) return false;
  const age = Date.now() - Number(stats.mtimeMs);
  return age >= 0 && age < QUIET_MS;
}

/** Whoever holds the lock of a folder is the only one to write there: what lies there is of a crash. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith('.') && name.endsWith(TEMPORARY)) rmSync(join(folder, name), { force: true });
}

/** The locks lie outside of the vault, and are the same for every home of this user. */
async function lockFolder(folder: string): Promise<KernelLock> {
  const place = privateFolder();
  const name = `notes-${Number.parseInt(shortHash(folder).slice(0, 8), 16) % LOCKS}`;
  for (const begin = Date.now(); Date.now() - begin < LOCK_WAIT_MS; ) {
    const lock = tryKernelLock(place, name);
    if (lock !== undefined) return lock;
    await sleep(2 + Math.random() * 10);
  }
  throw new SoloistError({
    code: 'note-busy',
    message: `Another process of Soloist has been editing notes in ${folder} for a minute.`,
    hint: 'Try again; if it stays so, end that process.',
  });
}

function attempted<T>(path: string, work: () => T): T {
  const fail = (error: unknown): never => {
    if (error instanceof SoloistError || systemErrorCode(error) === undefined) throw error;
    throw new SoloistError(
      {
        code: 'note-unusable',
        message: `The note ${path} cannot be used: ${reasonOf(error)}.`,
        hint: 'Mend that; nothing of it was changed.',
      },
      { cause: error },
    );
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(fail) as T) : result;
  } catch (error) {
    return fail(error);
  }
}
