import { stringify } from 'yaml';
import { configurationError } from '../../daemon/config/problems.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { fileOf } from './file-of.ts';
import { loadFile } from './load-file.ts';

/** `soloist config show [FILE]`: the configuration with everything filled in, as a file that says the same. */
export function show(context: CommandContext, named: string | undefined): CommandResult {
  const { result } = loadFile(context, named);
  if (!result.ok) throw configurationError(result.problems);
  const data = fileOf(result.configuration);
  return {
    exitCode: 0,
    data,
    text: stringify(data, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(),
  };
}
