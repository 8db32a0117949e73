import { expect, test } from 'vitest';
import { readMarkdown } from '../../../main/cli/help/markdown.ts';
import { topic } from '../../../main/cli/help/topics.ts';
import { buildProgram } from '../../../main/cli/program.ts';
import { contract } from '../../../main/control/contract.ts';
import type { ToolState } from '../../../main/tool/tool.ts';
import { installationOf } from '../../support/installation.ts';
import { scene } from './scene.ts';
import { leaves } from './synopsis.ts';

const markdown = topic('programs')?.markdown ?? '';
const tables = readMarkdown(markdown).flatMap((block) => (block.kind === 'table' ? [block] : []));
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, found]) => found ?? '');

test('every call over HTTP is told, with what it takes, and no other', () => {
  const told = (tables[1]?.rows ?? []).flatMap(([cell = '']) => {
    let method = '';
    const calls: { call: string; takes: string[] }[] = [];
    for (const text of quoted(cell)) {
      const [, named, path, query] = /^(?:(GET|POST) )?(\/v1\/[\w/]+)(?:\?(.*))?$/.exec(text) ?? [];
      const takes = query?.split('&').map((part) => part.replace('=', '')) ?? [];
      method = named ?? method;
      if (path !== undefined) calls.push({ call: `${method} ${path}`, takes });
      // What is posted stands behind the calls that take it.
      else
        for (const one of calls)
          if (one.call.startsWith('POST') && one.takes.length === 0)
            one.takes = [...text.matchAll(/\w+/g)].map(String);
    }
    return calls;
  });
  const known = Object.values(contract).map(({ method, path, input }) => ({
    call: `${method} ${path}`,
    takes: Object.keys((input as unknown as { _zod: { def: { shape?: object } } })._zod.def.shape ?? {}),
  }));
  const sorted = (calls: readonly { call: string; takes: string[] }[]) =>
    calls.map(({ call, takes }) => `${call} ${[...takes].sort().join(' ')}`).sort();
  expect(sorted(told)).toEqual(sorted(known));
});

test('what commands print as JSON has the fields that are told', { timeout: 120_000 }, async () => {
  const one = scene('written');
  try {
    await one.have('stopped');
    const commands = [
      ['up', ['up']],
      ['status', ['status']],
      ['jobs', ['jobs']],
      ['run', ['run', 'JOB', '--wait']],
      ['show', ['show', 'RUN']],
      ['cancel', ['cancel', 'JOB']],
      ['runs', ['runs']],
      ['next', ['next']],
      ['pause', ['pause', 'JOB']],
      ['resume', ['resume', 'JOB']],
      ['health', ['health']],
      ['alerts', ['alerts']],
      ['guard', ['guard']],
      ['doctor', ['doctor']],
      ['config check', ['config', 'check']],
      ['tool status', ['tool', 'status']],
      ['service status', ['service', 'status']],
      ['help', ['help', 'guards']],
      ['completion', ['completion', 'bash']],
      ['restart', ['restart']],
      ['logs', ['logs', 'JOB']],
      ['alerts archive', ['alerts', 'archive']],
      ['config path', ['config', 'path']],
      ['config show', ['config', 'show']],
      ['config schema', ['config', 'schema']],
      ['config edit', ['config', 'edit']],
      ['man', ['man']],
      ['guard end', ['guard', 'end', 'NAME']],
      ['screenshots import', ['screenshots', 'import', 'FOLDER']],
      ['service uninstall', ['service', 'uninstall']],
      ['down', ['down']],
    ] as const;
    const untold: string[] = [];
    for (const [name, words] of commands) {
      const { stdout } = await one.run([...words, '--json']);
      const { version, ok, command, data } = JSON.parse(stdout);
      expect({ version, ok, command }, stdout).toEqual({ version: 1, ok: true, command: name });
      const row = tables[0]?.rows.find(([cell = '']) => quoted(cell).includes(name));
      // The first word is a field of the data itself; those behind it are of what it holds, or its values.
      const [field = ''] = quoted(row?.[1] ?? '');
      expect(data, name).toHaveProperty(field);
      // Where it does not say that there is more, all fields are told.
      const told = row?.[1] ?? '';
      if (!/all else|and more/.test(told))
        untold.push(
          ...Object.keys(data).flatMap((one) => (quoted(told).includes(one) ? [] : `${name}: ${one}`)),
        );
    }
    expect(untold).toEqual([]);
  } finally {
    await one.end();
  }
});

test('every command has its JSON told, but those that speak with a person only', () => {
  const told = (tables[0]?.rows ?? []).flatMap(([cell = '']) => quoted(cell));
  // One row is of all formats, and a list of guards is what `guard` alone prints.
  const isTold = (name: string): boolean =>
    told.includes(name) || told.includes(name.replace(/^import .*$/, 'import').replace(/ list$/, ''));
  const untold = leaves().filter(({ name }) => !isTold(name));
  expect(untold.map(({ name }) => name)).toEqual(['links review']);
});

test('every state of the tool is told', () => {
  const states: Readonly<Record<ToolState['kind'], true>> = {
    none: true,
    installed: true,
    'not-on-path': true,
    stale: true,
    foreign: true,
    shadowed: true,
    unsupported: true,
  };
  const row = tables[0]?.rows.find(([cell = '']) => quoted(cell).includes('tool status'));
  for (const kind of Object.keys(states)) expect(quoted(row?.[1] ?? '')).toContain(kind);
});

test('what has its own JSON is a command', () => {
  const root = buildProgram(installationOf(''), () => {});
  for (const name of (tables[0]?.rows ?? []).flatMap(([cell = '']) => quoted(cell))) {
    const found = name
      .split(' ')
      .reduce<typeof root | undefined>(
        (command, word) => command?.commands.find((one) => one.name() === word),
        root,
      );
    expect(found, name).toBeDefined();
  }
});
