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
