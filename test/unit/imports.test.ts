import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary.ts';

const root = resolve(import.meta.dirname, '../..');

/** What the linter, with this repository's rules, says of a file with this text at this path. */
function lint(path: string, text: string): string {
  const folder = temporaryFolder();
  const { $schema: _, vcs: __, ...rules } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(rules));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout, stderr } = spawnSync(biome, ['lint', path], { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

test.for(['electron', '../shell/tray.ts', '../control/contract.ts', '../../control/calls.ts'])(
  'the linter refuses %s in the daemon',
  (module) => {
    expect(lint('main/daemon/example.ts', `import '${module}';\n`)).toContain('imports point downwards only');
    expect(lint('main/daemon/lock/example.ts', `import '${module}';\n`)).toContain(
      'imports point downwards only',
    );
  },
);

test('the linter refuses Electron in the control folder', () => {
  expect(lint('main/control/example.ts', "import 'electron';\n")).toContain('Imports point downwards only');
});

test('the linter refuses the shell in the control folder, and allows what points downwards', () => {
  expect(lint('main/control/example.ts', "import '../shell/tray.ts';\n")).toContain(
    'Imports point downwards only',
  );
  expect(lint('main/control/example.ts', "import '../daemon/errors.ts';\n")).toContain('No fixes applied');
});

test.for(['electron', '../main/daemon/errors.ts', '../../main/shell/app.ts', 'node:fs'])(
  'the linter refuses %s in the renderer',
  (module) => {
    expect(lint('renderer/popover/example.ts', `import '${module}';\n`)).toContain(
      'The renderer is untrusted',
    );
  },
);

test('the linter allows the contract in the renderer', () => {
  const text = "import { views } from '../../main/control/app-calls.ts';\nconsole.info(views);\n";
  expect(lint('renderer/popover/example.ts', text)).toContain('No fixes applied');
});

test('the linter refuses ipcMain outside of the one file for it', () => {
  const text = "import { ipcMain } from 'electron';\nconsole.info(ipcMain);\n";
  expect(lint('main/shell/example.ts', text)).toContain('Messages of pages arrive in');
  expect(lint('main/shell/ipc.ts', text)).toContain('No fixes applied');
});
