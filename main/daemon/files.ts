import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from './errors.ts';

/**
 * Makes a folder, for this user only, and those above it that are missing. Throws the system's error if that cannot be. One after
 * the other: where the system lets nobody make a folder (/proc), Node tries a whole path for ever.
 */
export function makeFolders(path: string): void {
  if (isFolder(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else was faster.
    if (systemErrorCode(error) !== 'EEXIST' || !isFolder(path)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Writes a file so that no reader and no crash ever sees half of it: temporary file, fsync, rename. */
export function writeWhole(path: string, temporary: string, text: string, mode?: number): void {
  stage(temporary, text, mode);
  renameSync(temporary, path);
}

/** Replaces a file, or makes it, as `writeWhole` does; where that fails, nothing is left beside it. */
export function replaceFile(path: string, text: string, mode?: number): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeWhole(path, temporary, text, mode);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The first half of `writeWhole`: the text is on the disk under its temporary name; for this user only, unless `mode` says otherwise. */
export function stage(temporary: string, text: string, mode = 0o600): void {
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', 0o600);
  try {
    // Whatever the umask is.
    if (mode !== 0o600) fchmodSync(file, mode);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A folder in a file's place may hold somebody's things: it is renamed (`.aside-SUFFIX`), never removed. */
export function setFolderAside(path: string, suffix: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) renameSync(path, `${path}.aside-${suffix}`);
}

/** Which file or folder stands at a path (a link itself, not what it leads to); undefined if nothing does. */
export function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
