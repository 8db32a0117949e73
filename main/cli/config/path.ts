import { existsSync } from 'node:fs';
import type { CommandContext, CommandResult } from '../command.ts';

/** `soloist config path`: where the configuration is, or would be. */
export function path({ configuration }: CommandContext): CommandResult {
  return {
    exitCode: 0,
    text: configuration,
    data: { path: configuration, exists: existsSync(configuration) },
  };
}
