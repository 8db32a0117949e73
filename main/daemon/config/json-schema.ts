import { toJSONSchema } from 'zod/mini';
import { fileSchema } from './schema.ts';

/**
 * The JSON schema of soloist.yaml, for editors: what may be written, with descriptions. Made from the schema that files
 * are checked against. Editors for YAML know draft 7. Not for the daemon, which has no use for it and would carry the
 * generator in memory: load this module only where the schema is asked for.
 */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = toJSONSchema(fileSchema, { target: 'draft-7', io: 'input' });
  return { ...schema, title: 'soloist.yaml', description: 'The jobs of Soloist.' };
}
