import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import type { LockPaths } from '../../lock/paths.ts';
import type { Entry } from './scene.ts';

/** More files than this are not looked at one by one: the output of runs may be many. */
const MOST_ENTRIES = 5_000;

/** What stands at a path, or undefined if nothing does or nobody may look. */
export function entryAt(path: string): Entry | undefined {
  try {
    const stats = lstatSync(path);
    return {
      path,
      kind: stats.isFile()
        ? 'file'
        : stats.isDirectory()
          ? 'folder'
          : stats.isSymbolicLink()
            ? 'link'
            : stats.isSocket()
              ? 'socket'
              : 'other',
      mode: stats.mode & 0o7777,
      user: stats.uid,
      bytes: stats.size,
      modifiedMs: stats.mtimeMs,
    };
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The last bytes of a file as text; undefined if it is no file that can be read. A pipe is not waited for. */
export function readEnd(path: string, most: number): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return undefined;
    const buffer = Buffer.alloc(Math.min(most, stats.size));
    const length = readSync(file, buffer, 0, buffer.length, stats.size - buffer.length);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

/** What of a home is Soloist's: a home may be a folder in which a person has other things too. */
const OURS = /^(?:daemon|app)\.|^soloist\.|^(?:history|runs|logs)$/;

/** Soloist's files and folders in a home, and what is in these; without what Chromium keeps. */
export function entriesOf(home: string): readonly Entry[] {
  const entries: Entry[] = [];
  const visit = (path: string): void => {
    if (entries.length >= MOST_ENTRIES) return;
    const entry = entryAt(path);
    if (entry === undefined) return;
    entries.push(entry);
    if (entry.kind === 'folder') for (const name of namesIn(path)) visit(join(path, name));
  };
  for (const name of namesIn(home)) if (OURS.test(name)) visit(join(home, name));
  return entries;
}

/** The names in a folder, sorted; none if it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // What cannot be read is found by looking whether it can.
    return [];
  }
}

/** What was written under a temporary name by this computer, to be renamed, and never was. */
export function stagedAmong(entries: readonly Entry[], paths: LockPaths, hostId: string): readonly Entry[] {
  const staged = new Set([paths.claim, `${paths.pid}.${hostId}`, paths.pid.replace(/\.pid$/, '.new')]);
  const isSchema = /^soloist\.schema\.json\.\d+\.new$/;
  return entries.filter(({ path }) => staged.has(path) || isSchema.test(basename(path)));
}

/** Those of these that this user may not write to (or look into), with the reason. */
export function unwritableAmong(
  entries: readonly Entry[],
): readonly { readonly path: string; readonly reason: string }[] {
  return entries.flatMap(({ path, kind }) => {
    if (kind !== 'file' && kind !== 'folder') return [];
    try {
      accessSync(
        path,
        constants.W_OK | (kind === 'folder' ? constants.X_OK | constants.R_OK : constants.R_OK),
      );
      return [];
    } catch (error) {
      return systemErrorCode(error) === 'ENOENT' ? [] : [{ path, reason: reasonOf(error) }];
    }
  });
}
