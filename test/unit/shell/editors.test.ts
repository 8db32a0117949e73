import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editorCommand } from '../../../main/shell/editor/editors.ts';
import { findCommand } from '../../../main/tool/find-command.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const has =
  (...installed: readonly string[]) =>
  (command: string) =>
    installed.includes(command) ? `/bin/${command}` : undefined;
const words = (command: ReturnType<typeof editorCommand>): string | undefined =>
  command && [command.command, ...command.arguments].join(' ');
const at = (environment: NodeJS.ProcessEnv, ...installed: readonly string[]) =>
  words(editorCommand(environment, has(...installed), '/c/soloist.yaml', 12));

test.for([
  ['code', '/bin/code --goto /c/soloist.yaml:12'],
  ['cursor', '/bin/cursor --goto /c/soloist.yaml:12'],
  ['zed', '/bin/zed /c/soloist.yaml:12'],
  ['subl', '/bin/subl /c/soloist.yaml:12'],
  ['idea', '/bin/idea --line 12 /c/soloist.yaml'],
  ['gedit', '/bin/gedit +12 /c/soloist.yaml'],
  ['kate', '/bin/kate -l 12 /c/soloist.yaml'],
] as const)('%s opens at the line', ([command, expected]) => {
  expect(at({}, command)).toBe(expected);
});

test('the person’s own editor goes first, without waiting for it', () => {
  expect(at({ EDITOR: 'gedit' }, 'code', 'gedit')).toBe('/bin/gedit +12 /c/soloist.yaml');
  expect(at({ VISUAL: 'subl -n --wait', EDITOR: 'gedit' }, 'subl', 'gedit')).toBe(
    '/bin/subl -n /c/soloist.yaml:12',
  );
});

test('one without a window, or that is not there, is passed over', () => {
  expect(at({ VISUAL: 'vim', EDITOR: 'nano' }, 'vim', 'nano', 'code')).toContain('code');
  expect(at({ EDITOR: 'zed' }, 'code')).toContain('code');
  expect(at({ EDITOR: '' }, 'vim')).toBeUndefined();
});

test('a command is found as a shell finds it', () => {
  const folder = temporaryFolder();
  for (const name of ['tool', 'text']) writeFileSync(join(folder, name), '');
  chmodSync(join(folder, 'tool'), 0o755);
  mkdirSync(join(folder, 'folder'));
  const environment = { PATH: `relative:/nowhere:${folder}` };
  expect(findCommand('tool', environment)).toBe(join(folder, 'tool'));
  expect(findCommand(join(folder, 'tool'), {})).toBe(join(folder, 'tool'));
  for (const name of ['text', 'folder', 'absent']) expect(findCommand(name, environment)).toBeUndefined();
});
