import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { SoloistError } from '../../errors.ts';
import { reasonOf } from '../../home.ts';

const isPicture = (path: string): boolean =>
  /\.(?:png|jpe?g)$/i.test(path) && !basename(path).startsWith('.');

/**
 * The pictures among files and in folders (and the folders in them), by their names; but not those in `without`. Throws a
 * `SoloistError` for a folder that cannot be read.
 */
export function picturesIn(paths: readonly string[], without: string): string[] {
  const left = `${real(without)}${sep}`;
  return paths
    .flatMap((path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? inFolder(path) : [path]))
    .filter((path) => isPicture(path) && !`${real(dirname(path))}${sep}`.startsWith(left));
}

function inFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.split(sep).some((part) => part.startsWith('.')))
      .map((name) => join(folder, name));
  } catch (error) {
    throw new SoloistError({
      code: 'folder-unreadable',
      message: `The folder ${folder} cannot be read: ${reasonOf(error)}.`,
      hint: 'Mend its permissions, or name another.',
    });
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there (any more); then nothing is in it.
    return path;
  }
}
