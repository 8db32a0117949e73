import { writeStarter } from '../../daemon/config/write-starter.ts';
import type { CommandContext, CommandResult } from '../command.ts';

/** `soloist init`: writes a first configuration, and the JSON schema that it names. Leaves an existing file alone. */
export function init(context: CommandContext): CommandResult {
  const { configuration, home } = context;
  const schema = writeStarter(configuration, home);
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
