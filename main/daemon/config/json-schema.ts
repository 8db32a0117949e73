import { toJSONSchema } from 'zod/mini';
import { withValues } from './action-values.ts';
import { fileSchema } from './schema.ts';

/**
 * The JSON schema of soloist.yaml, for editors: what may be written, with descriptions. Made from the schema that files
 * are checked against. Editors for YAML know draft 7. Not for the daemon, which has no use for it and would carry the
 * generator in memory: load this module only where the schema is asked for.
 */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = toJSONSchema(fileSchema, { target: 'draft-7', io: 'input' });
  return { ...withSettings(schema), title: 'soloist.yaml', description: 'The jobs of Soloist.' };
}

type Json = Readonly<Record<string, unknown>>;

/** The settings of actions, of which a job has those of the one that `use` names. */
function withSettings(schema: Json): Json {
  const settings = Object.values(withValues).map((one) => {
    const { $schema: _, ...rest } = toJSONSchema(one, { target: 'draft-7', io: 'input' });
    return rest;
  });
  return replaced(schema, (key, value) =>
    key === 'with'
      ? { ...(value as Json), additionalProperties: undefined, propertyNames: undefined, anyOf: settings }
      : value,
  ) as Json;
}

function replaced(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => change(key, inner)));
}
