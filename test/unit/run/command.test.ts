import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Command,
  type CommandPlace,
  checkCommand,
  commandWords,
  findProgram,
} from '../../../main/daemon/run/command.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'soloist-command-'));
  for (const name of ['first', 'second', 'second/folder']) mkdirSync(join(folder, name));
  for (const name of ['first/plain', 'second/plain', 'second/run', 'second/only-plain', 'local'])
    writeFileSync(join(folder, name), '#!/bin/sh\n');
  for (const name of ['second/plain', 'second/run', 'local']) chmodSync(join(folder, name), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(...words: [string, ...string[]]): Command {
  const [program, ...rest] = words;
  return { kind: 'program', program, arguments: rest };
}

describe('commandWords', () => {
  it('gives a text to its shell, with its arguments', () => {
    const command = { kind: 'shell', text: 'echo "$1"', shell: '/bin/zsh', arguments: ['a b'] } as const;
    expect(commandWords(command)).toEqual(['/bin/zsh', '-c', 'echo "$1"', 'soloist', 'a b']);
  });

  it('leaves the words of a program as they are', () => {
    expect(commandWords(program('restic', 'backup', '$HOME', ''))).toEqual(['restic', 'backup', '$HOME', '']);
  });
});

describe('findProgram', () => {
  it('takes the first that may be executed, as execvp(3) does', () => {
    const path = `${folder}/first:${folder}/second`;
    expect(findProgram('plain', path, '/')).toEqual({ kind: 'found', path: `${folder}/second/plain` });
    expect(findProgram('run', path, '/')).toEqual({ kind: 'found', path: `${folder}/second/run` });
  });

  it('tells what is there but may not be executed from what is not there', () => {
    const path = `${folder}/first:${folder}/second`;
    expect(findProgram('only-plain', path, '/')).toEqual({
      kind: 'not-executable',
      path: `${folder}/second/only-plain`,
    });
    expect(findProgram('folder', path, '/')).toEqual({
      kind: 'not-executable',
      path: `${folder}/second/folder`,
    });
    expect(findProgram('none', path, '/')).toEqual({ kind: 'missing' });
    expect(findProgram('', path, '/')).toEqual({ kind: 'missing' });
  });

  it('takes a name with a slash, and an empty folder of PATH, from the folder of the run', () => {
    expect(findProgram('./local', '/nowhere', folder)).toEqual({
      kind: 'found',
      path: `${folder}/local`,
    });
    expect(findProgram('local', '/nowhere', folder)).toEqual({ kind: 'missing' });
    expect(findProgram('local', '/nowhere:', folder)).toEqual({
      kind: 'found',
      path: `${folder}/local`,
    });
  });

  it('looks where the system does if there is no PATH', () => {
    expect(findProgram('sh', undefined, folder)).toMatchObject({ kind: 'found' });
  });
});

function refusalOf(command: Command, place: CommandPlace): unknown {
  try {
    checkCommand(command, place);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('checkCommand', () => {
  it('accepts what can start', () => {
    const place = { cwd: folder, searchPath: process.env.PATH };
    checkCommand(program('./local'), place);
    checkCommand({ kind: 'shell', text: 'exit 1', shell: '/bin/sh', arguments: [] }, place);
  });

  const place = (): { cwd: string; searchPath: string } => ({ cwd: folder, searchPath: `${folder}/first` });

  it.each([
    ['program_missing', program('no-such-program'), "The program 'no-such-program' was not found"],
    ['program_missing', program('./no-such-program'), 'The program ./no-such-program does not exist'],
    ['program_not_executable', program('plain'), '/first/plain may not be executed'],
    [
      'program_missing',
      { kind: 'shell', text: 'true', shell: '/bin/no-such-shell', arguments: [] },
      'The shell /bin/no-such-shell does not exist',
    ],
  ] as const)('names the reason: %s', (code, command, sentence) => {
    expect(refusalOf(command, place())).toMatchObject({
      code,
      message: expect.stringContaining(sentence),
      hint: expect.any(String),
    });
  });

  it('names a folder that is missing or is none', () => {
    const there = program('/bin/sh');
    const missing = { cwd: join(folder, 'none'), searchPath: '' };
    expect(refusalOf(there, missing)).toMatchObject({ code: 'folder_missing' });
    const file = { cwd: join(folder, 'local'), searchPath: '' };
    expect(refusalOf(there, file)).toMatchObject({ code: 'folder_missing' });
  });
});
