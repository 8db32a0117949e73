import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  LARGEST_FILE,
  type LoadResult,
  loadConfiguration,
  tooLargeProblem,
} from '../../daemon/config/load.ts';
import { checkPattern } from '../../daemon/config/pattern-check.ts';
import { surroundingsOf } from '../../daemon/config/surroundings.ts';
import { SoloistError, systemErrorCode } from '../../daemon/errors.ts';
import { reasonOf } from '../../daemon/home.ts';
import type { CommandContext } from '../command.ts';

/** A configuration file that was read, whatever it came to. */
export interface LoadedFile {
  /** As problems name it: as the person did. */
  readonly file: string;
  readonly result: LoadResult;
}

/**
 * Reads and checks the configuration in use, or another file. Throws a `SoloistError` if there is no such file, or it
 * cannot be read.
 */
export function loadFile({ configuration }: CommandContext, named: string | undefined): LoadedFile {
  const file = named ?? configuration;
  const path = resolve(file);
  const { size, content } = read(path);
  if (content === undefined) return { file, result: { ok: false, problems: [tooLargeProblem(file, size)] } };
  const result = loadConfiguration(content, { ...surroundingsOf(path), file, checkPattern });
  return { file, result };
}

/** The size and the content, which is undefined if it is larger than any configuration. */
function read(path: string): { size: number; content: Buffer | undefined } {
  try {
    const stats = statSync(path);
    // Reading a pipe would wait for ever.
    if (!stats.isFile()) throw unreadable(path, stats.isDirectory() ? 'it is a folder' : 'it is not a file');
    const isTooLarge = stats.size > LARGEST_FILE;
    return { size: stats.size, content: isTooLarge ? undefined : readFileSync(path) };
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    if (systemErrorCode(error) === 'ENOENT') throw missing(path);
    throw unreadable(path, reasonOf(error), error);
  }
}

function missing(path: string): SoloistError {
  return new SoloistError({
    code: 'no-configuration',
    message: `There is no configuration ${path}.`,
    hint: "'soloist init' writes a first one; --config names another file.",
  });
}

function unreadable(path: string, reason: string, cause?: unknown): SoloistError {
  return new SoloistError(
    {
      code: 'configuration-unreadable',
      message: `The configuration ${path} cannot be read: ${reason}.`,
      hint: 'Mend that, or name another file with --config.',
    },
    { cause },
  );
}
