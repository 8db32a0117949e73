import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { fileOf } from '../../../main/cli/config/file-of.ts';
import { type KeyGroup, keyGroups } from '../../../main/daemon/config/key-examples.ts';
import { loadConfiguration } from '../../../main/daemon/config/load.ts';
import { idOf, keysNamed, referenceKeys, schemaKeys } from '../../../main/daemon/config/reference.ts';
import { parseCronPattern } from '../../../main/daemon/schedule/pattern.ts';

test('every key has a description, a type and an example, and nothing else has', () => {
  const keys = schemaKeys();
  expect(keys.filter(({ description }) => !/^[A-Z].*\.$/.test(description)).map(idOf)).toEqual([]);
  expect(keys.filter(({ type }) => type === '').map(idOf)).toEqual([]);
  const shown = keyGroups.flatMap(({ below, use, examples }) =>
    Object.keys(examples).map((name) => idOf({ path: below + name, use })),
  );
  expect([...shown].sort()).toEqual(keys.map(idOf).sort());
  expect(referenceKeys()).toHaveLength(keys.length);
});

interface Written {
  readonly [key: string]: Written;
}

/** A whole file in which an example stands where it belongs, and the part of it that the example is of. */
function fileWith({ below, use }: KeyGroup, name: string, example: string): { file: unknown; part: Written } {
  const part = parse(example) as Written;
  const job = use === undefined && below.startsWith('jobs.') ? part : {};
  const command = 'use' in job || 'with' in job ? { use: 'screenshots', with: { vault: 'x' } } : { run: 'x' };
  switch (below) {
    case '':
      return { file: part, part };
    case 'jobs.NAME.':
      return { file: { jobs: { example: { ...command, ...part }, backup: { run: 'x' } } }, part };
    case 'jobs.NAME.with.':
      return { file: { jobs: { example: { use, with: { vault: 'x', ...part } } } }, part };
    case 'guards.NAME.':
      return { file: { guards: { example: { match: 'x', ...part } } }, part };
    case 'on_alert.':
      return { file: { on_alert: { run: 'x', ...part } }, part };
    case 'log.':
      return { file: { log: part }, part };
  }
  throw new Error(`${name} stands nowhere`);
}

const examples = keyGroups.flatMap((group) =>
  Object.entries(group.examples).map(([name, example]) => ({ group, name, example, title: group.title })),
);

const surroundings = {
  file: 'soloist.yaml',
  userFolder: '/home/me',
  fileFolder: '/home/me',
  timezone: 'UTC',
  platform: 'linux' as const,
  checkPattern: (pattern: string) => {
    parseCronPattern(pattern);
    return undefined;
  },
};

/** What is said of these in words of its own, as `soloist config show` writes it. */
const IN_WORDS: Readonly<Record<string, unknown>> = {
  timezone: 'UTC',
  'jobs.NAME.timezone': 'UTC',
  'jobs.NAME.cwd': '/home/me',
  'jobs.NAME.retry': { attempts: 1, backoff: '30s..10m' },
  'jobs.NAME.success_codes': [0],
  'on_alert.shell': '/bin/sh',
};
/** What a file that leaves nothing out does not have at all. */
const NOTHING = [
  'jobs.NAME.stdin',
  'jobs.NAME.on_start',
  'jobs.NAME.watch.patterns',
  'links: jobs.NAME.with.embeddings.url',
];

const withDefault = referenceKeys().filter(({ otherwise }) => otherwise !== undefined);

test.for(withDefault)('the default of $path is what holds where it is left out', (key) => {
  const { path, use, otherwise = '' } = key;
  const command = use === undefined ? { run: 'x' } : { use, with: { vault: 'x' } };
  const trigger = path.includes('.watch')
    ? { watch: { path: 'x' } }
    : path.includes('.keep_alive')
      ? { keep_alive: true }
      : { schedule: '@daily' };
  const result = loadConfiguration(
    stringify({
      jobs: { NAME: { ...command, ...trigger } },
      guards: { NAME: { match: 'x' } },
      on_alert: { run: 'x' },
    }),
    surroundings,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const held = path
    .split('.')
    .reduce<unknown>(
      (value, name) => Object(Array.isArray(value) ? value[0] : value)[name],
      fileOf(result.configuration),
    );
  const id = idOf(key);
  if (NOTHING.includes(id)) expect(held).toBeUndefined();
  else if (id in IN_WORDS) expect(held).toEqual(IN_WORDS[id]);
  else expect(otherwise.split(/, | \(/)[0]).toBe(String(held));
});

test('there are defaults at all', () => {
  expect(withDefault.length).toBeGreaterThan(30);
});

test.for(examples)('$title: the example of $name is valid, and shows it', ({ group, name, example }) => {
  const { file, part } = fileWith(group, name, example);
  const result = loadConfiguration(stringify(file), surroundings);
  expect(result).toMatchObject({ ok: true, warnings: [] });
  const found = name.split('.').reduce<unknown>((value, key) => Object(value)[key], part);
  expect(found, 'the example does not hold its key').toBeDefined();
});

test('a key is found by its last words, wherever it stands, with what is below it', () => {
  const paths = (name: string): string[] => keysNamed(name).map(({ path }) => path);
  expect(paths('settle')).toEqual(['jobs.NAME.watch.settle']);
  expect(paths('retry')).toEqual(['jobs.NAME.retry', 'jobs.NAME.retry.attempts', 'jobs.NAME.retry.backoff']);
  expect(paths('jobs.NAME.keep_alive.restart')).toEqual(['jobs.NAME.keep_alive.restart']);
  expect(paths('vault')).toHaveLength(2);
  expect(paths('tle')).toEqual([]);
});

test('what is said of defaults is taken from the description', () => {
  expect(keysNamed('missed_grace')).toMatchObject([{ otherwise: 'none, however late', isDefault: true }]);
  expect(keysNamed('attachments')).toMatchObject([
    { otherwise: 'Media/Screenshots', description: 'The folder for pictures, below the vault.' },
  ]);
});
