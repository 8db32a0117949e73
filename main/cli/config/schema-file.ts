import { configurationJsonSchema } from '../../daemon/config/json-schema.ts';
import { schemaText } from '../../daemon/config/write-starter.ts';
import type { CommandResult } from '../command.ts';

/** `soloist config schema`: the JSON schema of the configuration. */
export function schema(): CommandResult {
  return { exitCode: 0, data: configurationJsonSchema(), text: schemaText() };
}
