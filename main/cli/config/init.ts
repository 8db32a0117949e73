import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { starterFile } from '../../daemon/config/starter.ts';
import { SoloistError, systemErrorCode } from '../../daemon/errors.ts';
import { reasonOf } from '../../daemon/home.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { writeSchema } from './schema-file.ts';

/** `soloist init`: writes a first configuration, and the JSON schema that it names. Leaves an existing file alone. */
export function init(context: CommandContext): CommandResult {
  const { configuration } = context;
  const schema = writeStarter(context);
  return {
    exitCode: 0,
    text: [
      `Wrote ${configuration}, with one harmless job.`,
      `Editors complete and check it by ${schema}.`,
      "Change it with 'soloist config edit', and start the daemon with 'soloist up'.",
    ].join('\n'),
    data: { path: configuration, schema },
  };
}

/**
 * Writes the first configuration, for its owner only (mode 0600), with the folders that it needs; returns the path of
 * the JSON schema that it names. Throws a `SoloistError` if there is a file already, or it cannot be written.
 */
export function writeStarter({ configuration: path, home }: CommandContext): string {
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
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
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
