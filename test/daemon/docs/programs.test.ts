import { expect, test } from 'vitest';
import { readMarkdown } from '../../../main/cli/help/markdown.ts';
import { topic } from '../../../main/cli/help/topics.ts';
import { buildProgram } from '../../../main/cli/program.ts';
import { contract } from '../../../main/control/contract.ts';
import { installationOf } from '../../support/installation.ts';
import { scene } from './scene.ts';

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
      ['down', ['down']],
    ] as const;
    for (const [name, words] of commands) {
      const { stdout } = await one.run([...words, '--json']);
      const { version, ok, command, data } = JSON.parse(stdout);
      expect({ version, ok, command }, stdout).toEqual({ version: 1, ok: true, command: name });
      const row = tables[0]?.rows.find(([cell = '']) => quoted(cell).includes(name));
      // The first word is a field of the data itself; those behind it are of what it holds, or its values.
      const [field = ''] = quoted(row?.[1] ?? '');
      expect(data, name).toHaveProperty(field);
    }
  } finally {
    await one.end();
  }
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
