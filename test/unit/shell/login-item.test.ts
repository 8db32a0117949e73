import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { autostartLoginItem, autostartPath, ownCommand } from '../../../main/shell/login-item/autostart.ts';
import {
  autostartEntry,
  execValue,
  execWords,
  isEnabled,
} from '../../../main/shell/login-item/desktop-entry.ts';
import { readSeldom } from '../../../main/shell/login-item/login-item.ts';
import { macLoginItem, windowsLoginItem } from '../../../main/shell/login-item/system.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A system that keeps what it is told; no Mac and no Windows can be had here. */
function system(answer: object) {
  const told: object[] = [];
  return {
    told,
    setLoginItemSettings: (settings: object) => void told.push(settings),
    getLoginItemSettings: (options?: object) => {
      told.push({ asked: options });
      return answer as never;
    },
  };
}

describe('macOS', () => {
  test.for([
    ['enabled', 'enabled'],
    ['requires-approval', 'needs-approval'],
    ['not-registered', 'disabled'],
    ['not-found', 'not-found'],
  ])('%s is %s', ([status, state]) => {
    const app = system({ status, openAtLogin: false });
    expect(macLoginItem(app, '15.1').read()).toEqual({ state });
    expect(app.told).toEqual([{ asked: { type: 'mainAppService' } }]);
  });

  test('sets the app itself as a service, and knows the pane of the settings', () => {
    const app = system({});
    const item = macLoginItem(app, '13.0');
    item.set(true);
    item.set(false);
    expect(app.told).toEqual([
      { openAtLogin: true, type: 'mainAppService' },
      { openAtLogin: false, type: 'mainAppService' },
    ]);
    expect(item.settingsUrl).toContain('LoginItems-Settings');
  });

  test('knows whether the start was the one at login', () => {
    expect(macLoginItem(system({ wasOpenedAtLogin: true }), '15').wasOpenedAtLogin()).toBe(true);
    expect(macLoginItem(system({ wasOpenedAtLogin: false }), '15').wasOpenedAtLogin()).toBe(false);
  });

  test('before version 13 says so', () => {
    const item = macLoginItem(system({}), '12.7');
    expect(item.read().state).toBe('unsupported');
    expect(() => item.set(true)).toThrow('macOS 13');
  });
});

describe('Windows', () => {
  test.for([
    [{ openAtLogin: true, executableWillLaunchAtLogin: true }, 'enabled'],
    [{ openAtLogin: true, executableWillLaunchAtLogin: false }, 'needs-approval'],
    [{ openAtLogin: false, executableWillLaunchAtLogin: false }, 'disabled'],
  ] as const)('%j is %s', ([answer, state]) => {
    expect(windowsLoginItem(system(answer)).read()).toEqual({ state });
  });

  test('asks and sets with the same arguments, hidden', () => {
    const app = system({ openAtLogin: true });
    const item = windowsLoginItem(app, ['--home', 'C:\\h']);
    item.read();
    item.set(true);
    const args = ['--home', 'C:\\h', '--hidden'];
    expect(app.told).toEqual([{ asked: { args } }, { openAtLogin: true, enabled: true, args }]);
  });
});

test('it is read seldom, and anew once it was set', () => {
  const app = system({ openAtLogin: true, executableWillLaunchAtLogin: true });
  let now = 0;
  const item = readSeldom(windowsLoginItem(app), () => now);
  for (now of [0, 1_000, 2_000]) expect(item.read()).toEqual({ state: 'enabled' });
  expect(app.told).toHaveLength(1);
  now = 2_001;
  item.read();
  item.set(false);
  item.read();
  expect(app.told).toHaveLength(4);
});

describe('Linux', () => {
  const command = ['/opt/My Apps/so"lo$`\\ist', '/a%b/app'];
  const item = (config: string) =>
    autostartLoginItem({
      command,
      icon: '/i.png',
      environment: { XDG_CONFIG_HOME: config },
      user: '/nobody',
    });

  test('is written, read back and removed', () => {
    const config = join(temporaryFolder(), 'new');
    expect(item(config).read()).toEqual({ state: 'disabled' });
    item(config).set(true);
    expect(item(config).read()).toEqual({ state: 'enabled' });
    const text = readFileSync(join(config, 'autostart/soloist.desktop'), 'utf8');
    expect(text).toMatch(/^\[Desktop Entry\]\nType=Application\n/);
    expect(text).toContain('--hidden\n');
    item(config).set(false);
    item(config).set(false);
    expect(existsSync(join(config, 'autostart/soloist.desktop'))).toBe(false);
  });

  test.for(['Hidden=true', 'X-GNOME-Autostart-enabled=false', 'Hidden = true '])(
    'one that the desktop switched off by %s is read back so',
    (line) => {
      const config = temporaryFolder();
      mkdirSync(join(config, 'autostart'));
      writeFileSync(join(config, 'autostart/soloist.desktop'), `[Desktop Entry]\nExec=/x\n${line}\n`);
      expect(item(config).read()).toEqual({ state: 'disabled' });
      item(config).set(true);
      expect(item(config).read()).toEqual({ state: 'enabled' });
    },
  );

  test('what stands in other groups or is no entry means nothing', () => {
    expect(isEnabled('[Desktop Entry]\nExec=x\n[Desktop Action a]\nHidden=true\n')).toBe(true);
    expect(isEnabled('')).toBe(false);
    expect(isEnabled('[Other]\nExec=x\n')).toBe(false);
  });

  test('a folder in the way is an error that says what to do', () => {
    const config = temporaryFolder();
    writeFileSync(join(config, 'autostart'), '');
    expect(() => item(config).set(true)).toThrow(/autostart.*cannot be written/);
    expect(item(config).read()).toEqual({ state: 'disabled' });
  });

  test('lies where the XDG specification says', () => {
    expect(autostartPath({}, '/u')).toBe('/u/.config/autostart/soloist.desktop');
    expect(autostartPath({ XDG_CONFIG_HOME: 'relative' }, '/u')).toBe('/u/.config/autostart/soloist.desktop');
    expect(autostartPath({ XDG_CONFIG_HOME: '/c' }, '/u')).toBe('/c/autostart/soloist.desktop');
  });

  test('starts what it is: an AppImage, a package, or Electron with a folder', () => {
    const at = { execPath: '/e', appPath: '/a', isPackaged: false };
    expect(ownCommand({}, at)).toEqual(['/e', '/a']);
    expect(ownCommand({}, { ...at, isPackaged: true })).toEqual(['/e']);
    const inside = { execPath: '/mounted/soloist-app', appPath: '/a', isPackaged: true };
    const environment = { APPIMAGE: '/s.AppImage', APPDIR: '/mounted' };
    expect(ownCommand(environment, inside)).toEqual(['/s.AppImage']);
    // Typed in a terminal of an editor that is an AppImage, which must be neither started nor replaced.
    expect(ownCommand(environment, { ...inside, execPath: '/opt/Soloist/soloist-app' })).toEqual([
      '/opt/Soloist/soloist-app',
    ]);
    expect(ownCommand({ ...environment, APPDIR: '/mount' }, inside)).toEqual(['/mounted/soloist-app']);
    expect(ownCommand({ APPIMAGE: '/s.AppImage' }, inside)).toEqual(['/mounted/soloist-app']);
  });

  test('quotes by the specification of desktop entries', () => {
    expect(execValue(['/usr/bin/soloist', '--hidden'])).toBe('/usr/bin/soloist --hidden');
    expect(execValue(['/My Apps/x'])).toBe('"/My Apps/x"');
    expect(execValue(['a"b'])).toBe('"a\\\\"b"');
    expect(execValue(['a$b'])).toBe('"a\\\\$b"');
    expect(execValue(['a\\b'])).toBe('"a\\\\\\\\b"');
    expect(execValue(['50%'])).toBe('50%%');
  });

  const gio = spawnSync('gio', ['version']).status === 0;
  test.skipIf(!gio)('a desktop starts exactly these words', async () => {
    const folder = temporaryFolder();
    const program = join(folder, 'my "pro$gram` \\ ');
    const told = join(folder, 'told');
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '%s\\n' "$0" "$@" > '${told}.new' && mv '${told}.new' '${told}'\n`,
    );
    chmodSync(program, 0o755);
    const path = join(folder, 'soloist.desktop');
    writeFileSync(path, autostartEntry([program, "it's", 'a b', '5%', '--hidden'], '/i.png'));
    expect(spawnSync('gio', ['launch', path], { encoding: 'utf8' }).stderr).toBe('');
    await expect.poll(() => existsSync(told), { timeout: 10_000 }).toBe(true);
    expect(readFileSync(told, 'utf8')).toBe([program, "it's", 'a b', '5%', '--hidden', ''].join('\n'));
  });
});

test('the words of an entry are read as they were written', () => {
  for (const words of [
    ['/opt/soloist', '--hidden'],
    ['/a b/it"s', '$x`y', '100%', 'back\\slash', 'tab\there'],
  ])
    expect(execWords(autostartEntry(words, '/icon.png'))).toEqual(words);
  expect(execWords('[Desktop Entry]\nType=Application\n')).toBeUndefined();
});
