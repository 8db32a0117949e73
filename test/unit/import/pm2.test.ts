import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isProgramFile, loadPm2Module } from '../../../main/import/pm2/module.ts';
import { importPm2 } from '../../../main/import/pm2/pm2.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const FILE = '/home/ada/app/ecosystem.json';
const settingsOf = (app: object, isProgram?: (path: string) => boolean | undefined) =>
  importPm2(JSON.stringify({ apps: [app] }), {
    file: FILE,
    ...(isProgram === undefined ? {} : { isProgram }),
  }).jobs[0]?.settings;

describe('an ecosystem file in JavaScript', () => {
  const written = (name: string, text: string): string => {
    const file = join(temporaryFolder(), name);
    writeFileSync(file, text);
    return file;
  };

  test('is run with its own folder, modules and environment', () => {
    const file = written(
      'ecosystem.config.cjs',
      `const { join } = require('path');
       module.exports = { apps: [{ name: 'a', script: join(__dirname, 'a.js'), env: { WHO: process.env.PATH } }] };`,
    );
    const folder = file.slice(0, file.lastIndexOf('/'));
    const app = { name: 'a', script: join(folder, 'a.js'), env: { WHO: process.env.PATH } };
    expect(loadPm2Module(file)).toEqual({ apps: [app] });
  });
  test('is run again when it has changed', () => {
    const file = written('a.config.cjs', 'module.exports = { apps: [1] };');
    expect(loadPm2Module(file)).toEqual({ apps: [1] });
    writeFileSync(file, 'module.exports = { apps: [2] };');
    expect(loadPm2Module(file)).toEqual({ apps: [2] });
  });
  test.each([
    ["throw new Error('no token');", 'cannot be run: no token.'],
    ["require('no-such-package');", "cannot be run: Cannot find module 'no-such-package'."],
    ['module.exports = {', 'cannot be run: '],
    ['throw 7;', 'cannot be run: 7.'],
  ])('that does not work (%s) is refused in words', (text, message) => {
    const file = written('ecosystem.config.cjs', text);
    expect(() => loadPm2Module(file)).toThrow(expect.objectContaining({ name: 'SoloistError' }));
    expect(() => loadPm2Module(file)).toThrow(`${file} ${message}`);
  });
  test('is not run by the importer itself', () => {
    const text = 'module.exports = { apps: [] };';
    expect(() => importPm2(text, { file: '/x/ecosystem.config.js' })).toThrow(
      'is JavaScript, which has to be run',
    );
  });
  test('that exports something without end is refused in words', () => {
    const circle: { apps: unknown[] } = { apps: [] };
    circle.apps.push(circle);
    expect(() => importPm2('', { file: '/x/a.config.js', load: () => circle })).toThrow('cannot be read');
  });
});

describe('what is no file of pm2', () => {
  test.each([
    ['{', '/home/ada/app/ecosystem.json:1 cannot be read: '],
    ['', 'has no apps of pm2'],
    ['{}', 'has no apps of pm2'],
    ['[1, "two"]', 'has no apps of pm2'],
    ['{ "name": "no script" }', 'has no apps of pm2'],
  ])('%j is refused in words', (text, message) => {
    expect(() => importPm2(text, { file: FILE })).toThrow(message);
  });
});

describe('what runs a script', () => {
  test.each([
    [{ script: 'a.js' }, ['node', 'a.js']],
    [{ script: './a.sh', args: 'x "y z"' }, ['bash', './a.sh', 'x', 'y z']],
    [{ script: 'npm', args: ['start', 2] }, ['npm', 'start', '2']],
    [{ script: 'a.rb', interpreterArgs: '-w' }, ['ruby', '-w', 'a.rb']],
    [{ script: 'tool.bin', interpreter: 'none' }, ['./tool.bin']],
    [{ cmd: 'a.pl' }, ['perl', 'a.pl']],
  ])('%j', (app, run) => {
    expect(settingsOf(app)?.run).toEqual(run);
  });
  test('is found by a look into the file where its name does not say', () => {
    expect(settingsOf({ script: './server' }, () => true)?.run).toEqual(['./server']);
    expect(settingsOf({ script: '/usr/bin/tool' }, () => false)?.run).toEqual(['node', '/usr/bin/tool']);
  });
  test('a program has a NUL at its beginning, a script has none', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'program'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]));
    writeFileSync(join(folder, 'script'), '#!/usr/bin/env node\n');
    mkdirSync(join(folder, 'folder'));
    expect(
      ['program', 'script', 'folder', 'missing'].map((name) => isProgramFile(join(folder, name))),
    ).toEqual([true, false, undefined, undefined]);
  });
});
