import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { distrustOf } from '../../../main/shell/sender.ts';
import { settingsFile } from '../../../main/shell/settings.ts';
import { wakefulness } from '../../../main/shell/wakefulness.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { job, noon, run } from './views.ts';

const inSeconds = (seconds: number): string => new Date(noon + seconds * 1_000).toISOString();

describe('the app must stay awake', () => {
  test.for([
    ['while a run is in progress', [job('a', { running: [run('a')] })], true, undefined],
    ['for what is due within the minute', [job('a', { nextDue: inSeconds(59) })], true, undefined],
    ['not for what is due later, until a minute before', [job('a', { nextDue: inSeconds(600) })], false, 540],
    [
      'for the soonest of several',
      [job('a', { nextDue: inSeconds(600) }), job('b', { nextDue: inSeconds(10) })],
      true,
      undefined,
    ],
    [
      'not for a service, which always runs',
      [job('s', { kind: 'service', running: [run('s')] })],
      false,
      undefined,
    ],
    ['not without jobs', [], false, undefined],
  ] as const)('%s', ([, jobs, isNeeded, seconds]) => {
    const until = seconds === undefined ? undefined : noon + seconds * 1_000;
    expect(wakefulness(jobs, noon)).toEqual({ isNeeded, until });
  });
});

describe('a sender', () => {
  const page = { url: 'soloist://app/main.html', origin: 'soloist://app' };
  test('is trusted if it is the main frame of a page of ours', () => {
    expect(distrustOf(page, () => page)).toBeUndefined();
  });
  test('is not: a frame within it, a page from elsewhere, what is gone', () => {
    expect(distrustOf({ ...page }, () => page)).toContain('a frame within a page');
    const elsewhere = { url: 'https://example.com/', origin: 'https://example.com' };
    expect(distrustOf(elsewhere, () => elsewhere)).toBe('https://example.com/');
    const alike = { url: 'soloist://app.example/main.html', origin: 'soloist://app.example' };
    expect(distrustOf(alike, () => alike)).toBeDefined();
    expect(distrustOf(null, () => page)).toBe('a frame that is gone');
    const destroyed = (): typeof page => {
      throw new Error('Render frame was disposed');
    };
    expect(distrustOf(page, destroyed)).toBe('a window that is gone');
  });
});

describe('the settings', () => {
  function logged() {
    const lines: string[] = [];
    return { lines, logger: pino({ base: null }, { write: (line: string) => void lines.push(line) }) };
  }
  const defaults = { theme: 'system', notifications: 'on', updates: 'on' };

  test('are kept', () => {
    const home = temporaryFolder();
    const { lines, logger } = logged();
    const settings = settingsFile(home, logger);
    expect(settings.value).toEqual(defaults);
    settings.set({ theme: 'dark', notifications: 'off', updates: 'off' });
    expect(settingsFile(home, logger).value).toEqual({ theme: 'dark', notifications: 'off', updates: 'off' });
    expect(readdirSync(home)).toEqual(['app.settings.json']);
    expect(lines).toEqual([]);
  });

  test.for(['', '{', 'null', '{"theme":"pink","notifications":"on"}', '[]', '{"theme":7}'])(
    'that are broken (%s) are the defaults, and logged; the file stays until it is set',
    (text) => {
      const home = temporaryFolder();
      const path = join(home, 'app.settings.json');
      writeFileSync(path, text);
      const { lines, logger } = logged();
      const settings = settingsFile(home, logger);
      expect(settings.value).toEqual(defaults);
      expect(lines.join()).toContain('app.settings.json');
      expect(readFileSync(path, 'utf8')).toBe(text);
      settings.set({ theme: 'light', notifications: 'on', updates: 'on' });
      expect(settingsFile(home, logger).value.theme).toBe('light');
    },
  );

  test('of an older version keep what they say, and get the rest by default', () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'app.settings.json'), '{"theme":"dark","notifications":"off"}');
    const { lines, logger } = logged();
    expect(settingsFile(home, logger).value).toEqual({ theme: 'dark', notifications: 'off', updates: 'on' });
    expect(lines).toEqual([]);
  });

  test('that cannot be written hold until the end, and are logged', () => {
    const home = join(temporaryFolder(), 'absent');
    const { lines, logger } = logged();
    const settings = settingsFile(home, logger);
    settings.set({ theme: 'dark', notifications: 'on', updates: 'on' });
    expect(settings.value.theme).toBe('dark');
    expect(lines.join()).toContain('could not be written');
    expect(existsSync(home)).toBe(false);
  });
});
