import * as z from 'zod/mini';
import type { ActionName } from '../actions/action.ts';
import { withValues } from './action-values.ts';
import { keyGroups } from './key-examples.ts';
import { defaultsSchema, fileSchema } from './schema.ts';

/** What the schema says of a key. */
export interface SchemaKey {
  /** Such as `jobs.NAME.watch.settle`. */
  readonly path: string;
  /** The action that the key is a setting of. */
  readonly use: ActionName | undefined;
  /** Sentences. */
  readonly description: string;
  /** What it holds, in the words that a problem says: `a duration from 0s to 1h`. */
  readonly type: string;
  /** What holds where it is left out, if it is said. */
  readonly otherwise: string | undefined;
  readonly isNeeded: boolean;
  /** Whether `defaults` may hold it for all jobs. */
  readonly isDefault: boolean;
}

export interface ReferenceKey extends SchemaKey {
  /** What is below the keys of its group: `watch.settle`. */
  readonly name: string;
  readonly group: string;
  readonly example: string;
}

/** Every key of soloist.yaml with all that there is to say of it, in the order of the reference. */
export function referenceKeys(): readonly ReferenceKey[] {
  const known = new Map(schemaKeys().map((key) => [idOf(key), key]));
  return keyGroups.flatMap(({ title, below, use, examples }) =>
    Object.entries(examples).flatMap(([name, example]) => {
      const key = known.get(idOf({ path: below + name, use }));
      return key === undefined ? [] : [{ ...key, name, group: title, example }];
    }),
  );
}

/** Tells keys apart: two actions may have settings of one name. */
export const idOf = ({ path, use }: Pick<SchemaKey, 'path' | 'use'>): string =>
  use === undefined ? path : `${use}: ${path}`;

/** The keys of this name or path, wherever they stand, with all below them: `settle`, `watch`, `jobs.NAME.watch`. */
export function keysNamed(name: string): readonly ReferenceKey[] {
  return referenceKeys().filter(({ path }) => `.${path}.`.includes(`.${name}.`));
}

/** A reference of these keys, in Markdown. */
export function referenceMarkdown(keys: readonly ReferenceKey[]): string {
  const groups = [...new Set(keys.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = keys.filter((key) => key.group === group).map(row);
      return [
        `## ${group}`,
        '',
        '| key | meaning | value | example |',
        '| --- | --- | --- | --- |',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

function row({ name, description, type, otherwise, isNeeded, isDefault, example }: ReferenceKey): string {
  const more = [
    ...(otherwise === undefined ? [] : [`default: ${otherwise}`]),
    ...(isNeeded ? ['needed'] : []),
    ...(isDefault ? ['also in `defaults`'] : []),
  ];
  const shown = example.split('\n').map((line) => `\`${line}\``);
  const cells = [`\`${name}\``, description, [type, ...more].join('; '), shown.join(', ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Every key that the schema has, in its order, without what is said of it elsewhere. */
export function schemaKeys(): readonly SchemaKey[] {
  const defaults = new Set(keysBelow(defaultsSchema, 'jobs.NAME.').map(({ path }) => path));
  // `defaults` holds keys of jobs, of which the jobs tell.
  const file = keysBelow(fileSchema, '').filter(({ path }) => !path.startsWith('defaults.'));
  const actions = Object.entries(withValues).flatMap(([use, schema]) =>
    keysBelow(schema, 'jobs.NAME.with.').map((key) => ({ ...key, use: use as ActionName })),
  );
  return [...file, ...actions].map((key) => ({ ...key, isDefault: defaults.has(key.path) }));
}

/** The parts of a schema that are looked at. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly innerType?: z.ZodMiniType;
  readonly valueType?: z.ZodMiniType;
  readonly element?: z.ZodMiniType;
  readonly in?: z.ZodMiniType;
  readonly options?: readonly z.ZodMiniType[];
  readonly error?: (issue: { readonly code: string }) => unknown;
}

const definitionOf = (schema: z.ZodMiniType): Definition => schema._zod.def as unknown as Definition;

function keysBelow(schema: z.ZodMiniType, above: string): SchemaKey[] {
  const { shape, innerType, valueType, element, options } = definitionOf(schema);
  if (shape !== undefined)
    return Object.entries(shape).flatMap(([name, one]) => [
      keyOf(one, above + name),
      ...keysBelow(one, `${above}${name}.`),
    ]);
  if (valueType !== undefined) return keysBelow(valueType, `${above}NAME.`);
  const inside = innerType ?? element;
  if (inside !== undefined) return keysBelow(inside, above);
  // A mapping and a list of such mappings are told of once.
  const keys = (options ?? []).flatMap((option) => keysBelow(option, above));
  return [...new Map(keys.map((key) => [key.path, key])).values()];
}

function keyOf(schema: z.ZodMiniType, path: string): SchemaKey {
  const said = z.globalRegistry.get(schema)?.description ?? '';
  const [sentence, otherwise] = /\s*Default: (.+?)\.(?= |$)/.exec(said) ?? [];
  return {
    path,
    use: undefined,
    description: sentence === undefined ? said : said.replace(sentence, ''),
    type: expected(schema),
    otherwise,
    isNeeded: definitionOf(schema).type !== 'optional',
    isDefault: false,
  };
}

/** What a value has to be, as the problem with a wrong one says. */
function expected(schema: z.ZodMiniType): string {
  const { error, innerType, in: input } = definitionOf(schema);
  const said = error?.({ code: 'invalid_type' });
  // Each key has an example of its own.
  if (typeof said === 'string') return said.replace(', such as 90s, 15m or 1h30m', '');
  const inside = innerType ?? input;
  return inside === undefined ? '' : expected(inside);
}
