import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { configurationJsonSchema } from '../../daemon/config/json-schema.ts';
import { writeWhole } from '../../daemon/files.ts';
import { prepareHome, unusableHome } from '../../daemon/home.ts';
import type { CommandResult } from '../command.ts';

/** `soloist config schema`: the JSON schema of the configuration. */
export function schema(): CommandResult {
  const data = configurationJsonSchema();
  return { exitCode: 0, data, text: JSON.stringify(data, null, 2) };
}

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
    writeWhole(path, temporary, `${schema().text}\n`);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unusableHome(path, error);
  }
  return path;
}
