import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { shortHash } from '../../private-folder.ts';

/** How the names of files end that are not whole yet; they begin with a dot. */
export const TEMPORARY = '.soloist-tmp';

/** The bytes of a file that stays open, so that what is written to it after it was replaced is seen. */
export interface Opened {
  readonly file: number;
  readonly bytes: Buffer;
  readonly stats: BigIntStats;
}

/** Undefined if there is no such file. */
export function openNote(path: string): Opened | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(file, { bigint: true });
    return { file, stats, bytes: readOpen(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** All bytes of an open file, from its beginning, however often. */
export function readOpen(file: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const part = Buffer.allocUnsafe(64 * 1024);
    const length = readSync(file, part, 0, part.length, at);
    if (length === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, length));
    at += length;
  }
}

/** Whether the file that was read still stands there, as far as its number, time and size tell. */
export function isSame(stats: BigIntStats, path: string): boolean {
  const now = statSync(path, { bigint: true, throwIfNoEntry: false });
  return (
    now !== undefined && now.ino === stats.ino && now.mtimeNs === stats.mtimeNs && now.size === stats.size
  );
}

/** Writes to a file of its own beside the note; undefined if the note is gone, of which it is a copy as to mode and attributes. */
export function stageBeside(path: string, bytes: Buffer, exists: boolean): string | undefined {
  const temporary = join(dirname(path), `.${shortHash(path).slice(0, 12)}-${process.pid}${TEMPORARY}`);
  try {
    if (exists) {
      // A note that its owner may not write would be replaced all the same.
      accessSync(path, constants.W_OK);
      copyFileSync(path, temporary, constants.COPYFILE_EXCL);
    }
    const file = openSync(temporary, exists ? 'r+' : 'wx', 0o644);
    try {
      ftruncateSync(file);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return temporary;
  } catch (error) {
    rmSync(temporary, { force: true });
    if (exists && systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Gives a new file its name, unless something has it: a link is refused then, where a rename would replace it. */
export function putNew(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    // File systems without hard links (exFAT, some of networks).
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'].includes(code)) throw error;
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
    renameSync(temporary, path);
  }
  flushFolder(dirname(path));
  return true;
}

/** The file to be changed: a link is kept, and what it leads to edited. Makes the folder of a note that is missing. */
export function whereItLeads(path: string, links = 0): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() && links < 40)
    return whereItLeads(resolve(dirname(path), readlinkSync(path)), links + 1);
  mkdirSync(dirname(path), { recursive: true });
  return join(realpathSync(dirname(path)), basename(path));
}

/** So that a name survives a power failure, where the file system has a way to see to that. */
export function flushFolder(folder: string): void {
  let file: number | undefined;
  try {
    file = openSync(folder, 'r');
    fsyncSync(file);
  } catch (error) {
    // Windows, file systems of networks, folders that may be written but not read.
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(systemErrorCode(error) ?? ''))
      throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
