import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import { replaceFile } from '../daemon/files.ts';
import { reasonOf } from '../daemon/home.ts';
import { SERVICE_MARK } from './service.ts';

/** The text of a file; undefined if there is none. Throws a `SoloistError` if it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusable(path, 'read', error);
  }
}

export const fileIsOurs = (text: string): boolean => text.includes(SERVICE_MARK);

/** Writes the file of a service. Throws a `SoloistError` if it is somebody else's, or cannot be written. */
export function writeFile(path: string, text: string, isForeign: boolean): void {
  if (isForeign) throw foreignService(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text, 0o644);
  } catch (error) {
    throw unusable(path, 'written', error);
  }
}

/** Removes a file if it is there. Throws a `SoloistError` if it cannot be removed. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw unusable(path, 'removed', error);
  }
}

/** The refusal to touch a file that Soloist did not write. */
export const foreignService = (path: string): SoloistError =>
  new SoloistError({
    code: 'service-foreign',
    message: `${path} is there already, and Soloist did not write it.`,
    hint: 'It was left as it is. Remove or rename it, if you want the service of Soloist in its place.',
  });

const unusable = (path: string, what: string, error: unknown): SoloistError =>
  new SoloistError(
    {
      code: 'service-unusable',
      message: `${path} cannot be ${what}: ${reasonOf(error)}.`,
      hint: 'Mend the permissions of that folder.',
    },
    { cause: error },
  );
