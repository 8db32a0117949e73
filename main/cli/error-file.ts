import { fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFolder } from '../daemon/log/day-files.ts';

const LARGEST_ERROR_FILE = 1024 * 1024;

/**
 * Opens a file of the home's logs for what a program that is started in the background prints outside of its log: only what
 * its runtime itself has to say before it dies. `since` reads what came after the opening.
 */
export function openErrorFile(
  home: string,
  name: string,
): { readonly file: number | 'ignore'; readonly since: () => string } {
  try {
    mkdirSync(logFolder(home), { recursive: true, mode: 0o700 });
    const path = join(logFolder(home), name);
    const file = openSync(path, 'a', 0o600);
    if (fstatSync(file).size > LARGEST_ERROR_FILE) ftruncateSync(file);
    const { size } = fstatSync(file);
    return { file, since: () => readFileSync(path).subarray(size).toString('utf8').trim() };
  } catch {
    // A full disk, say. The program itself tells what it can and cannot do there.
    return { file: 'ignore', since: () => '' };
  }
}
