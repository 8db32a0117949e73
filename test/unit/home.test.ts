import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { chosenHome, defaultHome } from '../../main/daemon/home.ts';

test('the default home is the platform’s own place', () => {
  expect(defaultHome({}, 'darwin', '/Users/ann')).toBe('/Users/ann/Library/Application Support/Soloist');
  expect(defaultHome({}, 'linux', '/home/ann')).toBe('/home/ann/.local/state/soloist');
  expect(defaultHome({ XDG_STATE_HOME: '/var/ann' }, 'linux', '/home/ann')).toBe('/var/ann/soloist');
  expect(defaultHome({ XDG_STATE_HOME: 'relative' }, 'linux', '/home/ann')).toBe(
    '/home/ann/.local/state/soloist',
  );
  expect(defaultHome({ LOCALAPPDATA: 'L' }, 'win32', 'U')).toMatch(/^L.Soloist$/);
});

test('--home goes before SOLOIST_HOME, which goes before the default', () => {
  expect(chosenHome('/a', { SOLOIST_HOME: '/b' })).toBe('/a');
  expect(chosenHome(undefined, { SOLOIST_HOME: '/b' })).toBe('/b');
  expect(chosenHome(undefined, { SOLOIST_HOME: '', XDG_STATE_HOME: '/c' })).toBe(
    defaultHome({ XDG_STATE_HOME: '/c' }),
  );
});

// Node makes a whole path for ever where the system says that a folder is not there in which nothing can be made.
test.runIf(process.platform === 'linux')('a home where no folder can be made is refused', () => {
  const source = resolve(import.meta.dirname, '../../main/daemon/home.ts');
  const script = `import(${JSON.stringify(source)}).then(({ prepareHome }) => prepareHome('/proc/soloist/home'))`;
  const { status, stderr } = spawnSync(process.execPath, ['--eval', script], {
    timeout: 20_000,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('/proc/soloist/home cannot be used');
});
