import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SoloistError, systemErrorCode } from '../errors.ts';
import { makeFolders, writeWhole } from '../files.ts';
import { prepareHome, reasonOf, unusableHome } from '../home.ts';
import { configurationJsonSchema } from './json-schema.ts';
import { starterFile } from './starter.ts';

/**
 * Writes the first configuration, for its owner only (mode 0600), with the folders that it needs; returns the path of
 * the JSON schema that it names. Throws a `SoloistError` if there is a file already, or it cannot be written.
 */
export function writeStarter(path: string, home: string): string {
  const file = create(path);
  try {
    const schema = writeSchema(home);
    writeSync(file, starterFile(schema));
    return schema;
  } catch (error) {
    // Half of it would be a broken configuration.
    rmSync(path, { force: true });
    throw error instanceof SoloistError ? error : unwritable(path, error);
  } finally {
    closeSync(file);
  }
}

/** Creates the file, which keeps whatever is there already. */
function create(path: string): number {
  createFolder(path);
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw unwritable(path, error);
    throw new SoloistError({
      code: 'configuration-exists',
      message: `There is a configuration already: ${path}.`,
      hint: "Change it with 'soloist config edit', or move it away first.",
    });
  }
}

function createFolder(path: string): void {
  try {
    makeFolders(dirname(path));
  } catch (error) {
    const isFile = systemErrorCode(error) === 'EEXIST';
    throw unwritable(path, error, isFile ? `${dirname(path)} is not a folder` : reasonOf(error));
  }
}

function unwritable(path: string, cause: unknown, reason: string = reasonOf(cause)): SoloistError {
  return new SoloistError(
    {
      code: 'configuration-unwritable',
      message: `The configuration ${path} cannot be written: ${reason}.`,
      hint: 'Mend that, or name another file with --config.',
    },
    { cause },
  );
}

/** The JSON schema of the configuration, as it is written. */
export const schemaText = (): string => JSON.stringify(configurationJsonSchema(), null, 2);

/**
 * Writes the JSON schema of this version into the home, made if need be, and returns its path. It lies there rather
 * than in the program, whose place may be one that editors cannot read (an archive) or that the next version leaves.
 * Throws a `SoloistError` if the home cannot be used.
 */
export function writeSchema(home: string): string {
  const folder = prepareHome(home);
  const path = join(folder, 'soloist.schema.json');
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeWhole(path, temporary, `${schemaText()}\n`);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unusableHome(path, error);
  }
  return path;
}
