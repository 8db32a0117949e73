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

/** A job needs one of these; every action has a setting without which it has nothing to work on. */
const NEEDED = [['run'], ['use', 'with']] as const;

/** The settings of actions, of which a job has those of the one that `use` names. */
function withSettings(schema: Json): Json {
  const settings = Object.values(withValues).map((one) => {
    const { $schema: _, ...rest } = toJSONSchema(one, { target: 'draft-7', io: 'input' });
    return rest;
  });
  const change = (_: string, value: unknown): unknown => {
    if (!isJob(value)) return value;
    const { properties } = value;
    const { description } = properties.with as Json;
    // Editors say what a key is for wherever it stands.
    const needed = NEEDED.map((keys) => ({
      type: 'object',
      properties: Object.fromEntries(
        keys.map((key) => [key, { description: (properties[key] as Json).description }]),
      ),
      required: keys,
    }));
    return {
      ...value,
      properties: { ...properties, with: { description, type: 'object', anyOf: settings } },
      anyOf: needed,
    };
  };
  return JSON.parse(JSON.stringify(schema, change));
}

/** What a job may hold. */
function isJob(value: unknown): value is Json & { readonly properties: Json } {
  const { properties } = (typeof value === 'object' && value !== null ? value : {}) as { properties?: Json };
  return NEEDED.flat().every((key) => properties !== undefined && Object.hasOwn(properties, key));
}
