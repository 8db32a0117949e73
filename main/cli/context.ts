import { configurationFile } from '../configuration-file.ts';
import { chosenHome } from '../daemon/home.ts';
import type { Installation } from '../installation.ts';
import type { CommandContext } from './command.ts';

/** The global options as they were given. */
export interface GlobalOptions {
  readonly home?: string | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly color?: boolean | undefined;
}

/** What the global options, the environment and the terminal come to. */
export function commandContext(options: GlobalOptions, installation: Installation): CommandContext {
  const { home, config, json = false, color = true } = options;
  return {
    home: chosenHome(home),
    configuration: configurationFile(config, home),
    json,
    color: color && !process.env.NO_COLOR && (process.stdout.isTTY ?? false),
    installation,
  };
}
