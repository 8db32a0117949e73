import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { settingsFile } from '../../../main/shell/settings.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const logger = pino({ level: 'silent' });

function homeWith(settings: unknown): { readonly home: string; readonly path: string } {
  const home = temporaryFolder();
  const path = join(home, 'app.settings.json');
  writeFileSync(path, typeof settings === 'string' ? settings : JSON.stringify(settings));
  return { home, path };
}
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('settings of an older version hold, and what came later is as by default', () => {
  const { home } = homeWith({ theme: 'dark', notifications: 'off' });
  expect(settingsFile(home, logger).value).toMatchObject({
    theme: 'dark',
    notifications: 'off',
    updates: 'on',
  });
});

test('settings of a newer version hold as far as they are known, and none is lost when another one is changed', () => {
  const newer = { theme: 'sepia', notifications: 'off', updates: 'off', sounds: { start: 'bell' } };
  const { home, path } = homeWith(newer);
  const text = readFileSync(path, 'utf8');
  const settings = settingsFile(home, logger);
  expect(settings.value).toEqual({ theme: 'system', notifications: 'off', updates: 'off' });
  expect(readFileSync(path, 'utf8'), 'reading changes nothing').toBe(text);

  settings.set({ ...settings.value, notifications: 'on' });
  expect(read(path)).toEqual({ ...newer, notifications: 'on' });
  settings.set({ ...settings.value, theme: 'light' });
  expect(read(path)).toEqual({ ...newer, notifications: 'on', theme: 'light' });
});

test.each(['[1]', '"text"', 'null', '{', ''])('a file that holds %s is as none', (text) => {
  const { home, path } = homeWith(text);
  const settings = settingsFile(home, logger);
  expect(settings.value).toEqual({ theme: 'system', notifications: 'on', updates: 'on' });
  settings.set({ ...settings.value, theme: 'dark' });
  expect(read(path)).toEqual({ theme: 'dark', notifications: 'on', updates: 'on' });
});

test('nothing is written before something is changed', () => {
  const home = temporaryFolder();
  settingsFile(home, logger);
  expect(existsSync(join(home, 'app.settings.json'))).toBe(false);
});
