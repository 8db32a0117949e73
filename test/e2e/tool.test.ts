import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOwner } from '../../main/daemon/lock/owner.ts';
import { eventually, isRunning, ownerOf, processesNaming, run, soloist } from '../support/command-line.ts';
import { OtherVersion } from '../support/other-version.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { electronPath } from './runtime.ts';
import { App, emptyHome, homeWith, inspect, ROOT, sandbox, tabTo } from './support.ts';

const isLinux = process.platform === 'linux';

describe.runIf(isLinux)('Settings > Install command-line tool', () => {
  let user: string;
  let app: App;
  let window: Page;
  const tool = () => join(user, '.local/bin/soloist');
  const group = () => window.getByRole('region', { name: 'Command-line tool' });
  const button = (name: string) => group().getByRole('button', { name });
  const says = (text: string | RegExp) => group().getByRole('status').getByText(text).waitFor();
  const isFocused = (name: string) =>
    eventually(`${name} has the focus`, () =>
      window.evaluate((name) => document.activeElement?.textContent === name, name),
    );
  const person = () => ({ HOME: user, SHELL: '/bin/sh', ENV: '' });
  const searches = (path: string): void => writeFileSync(join(user, '.profile'), `export PATH="${path}"\n`);

  beforeEach(async () => {
    user = temporaryFolder();
    searches('$HOME/.local/bin:/usr/bin:/bin');
    app = await App.launch({ environment: person() });
    await app.popover();
    window = await app.window('settings');
  });

  test('by mouse: it is installed, works in a terminal, and is removed', async () => {
    await says('It is not installed.');
    await group().scrollIntoViewIfNeeded();
    await inspect(app, window, 'settings-tool-none');
    await button('Install command-line tool').click();
    await says(`It is at ${tool()}`);
    await inspect(app, window, 'settings-tool-installed');
    const { stdout, exitCode } = await run('/bin/sh', ['-lc', 'soloist status'], {
      environment: { ...person(), SOLOIST_HOME: app.home, SOLOIST_CONFIG: '' },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`PID            ${app.pid} (menu-bar app`);
    await button('Uninstall').click();
    await says('It is not installed.');
    expect(existsSync(tool())).toBe(false);
  });

  test('by keyboard: says what the shell has to be told, and sees it when it is done', async () => {
    searches('/usr/bin:/bin');
    await says('It is not installed.');
    await tabTo(window, /^Install command-line tool$/);
    await window.keyboard.press('Enter');
    await says(/Your terminals do not look where it is/);
    const line = await group().getByRole('status').locator('code.example').innerText();
    await isFocused('Look again');
    await group().scrollIntoViewIfNeeded();
    await inspect(app, window, 'settings-tool-path');
    // What is advised puts it right.
    expect(spawnSync('/bin/sh', ['-c', line], { env: { ...process.env, HOME: user } }).status).toBe(0);
    await window.keyboard.press('Space');
    await says(`It is at ${tool()}`);
    await isFocused('Uninstall');
  });

  test('another version’s manual and completions become this version’s when it starts', async () => {
    await button('Install command-line tool').click();
    await says(`It is at ${tool()}`);
    const extras = ['man/man1/soloist.1', 'bash-completion/completions/soloist'].map((name) =>
      join(user, '.local/share', name),
    );
    const now = extras.map((path) => readFileSync(path, 'utf8'));
    const [manual = '', completions = ''] = extras;
    writeFileSync(manual, now[0]?.replace(/"Soloist [^"]+"/, '"Soloist 0.1.0"') ?? '');
    writeFileSync(completions, `${now[1]?.split('\n')[0]}\ncomplete -W old soloist\n`);
    await App.launch({ environment: person() });
    await eventually('they are renewed', () =>
      extras.every((path, index) => readFileSync(path, 'utf8') === now[index]),
    );
  });

  test('leaves what is somebody else’s, and says so', async () => {
    // Looked at before, or it would be told at once.
    await says('It is not installed.');
    mkdirSync(join(user, '.local/bin'), { recursive: true });
    writeFileSync(tool(), '#!/bin/sh\necho mine\n', { mode: 0o755 });
    await button('Install command-line tool').click();
    await group().getByRole('alert').getByText('is another program, not Soloist').waitFor();
    await group().scrollIntoViewIfNeeded();
    await inspect(app, window, 'settings-tool-foreign');
    expect(readFileSync(tool(), 'utf8')).toBe('#!/bin/sh\necho mine\n');
    rmSync(tool());
    await button('Install command-line tool').click();
    await says(`It is at ${tool()}`);
  });
});

test('a daemon with an older contract is not attached to, and the app says why', async () => {
  const home = homeWith({});
  await (await OtherVersion.build(0)).run(home, 'up');
  const app = await App.launch({ home });
  const popover = await app.popover();
  await popover.getByRole('button', { name: 'Attach' }).click();
  await popover.getByText('is older than this app').waitFor();
  await inspect(app, popover, 'popover-other-contract');
  await popover.getByRole('button', { name: 'Stop it and start here' }).click();
  await eventually('the app has it', () => ownerOf(home)?.kind === 'app');
});

describe('soloist app', () => {
  const appOf = (home: string) => readOwner(join(home, 'app.owner.json'));
  const homes: string[] = [];
  const environment = () => ({ ELECTRON_OVERRIDE_DIST_PATH: process.env.ELECTRON_OVERRIDE_DIST_PATH });
  afterEach(async () => {
    for (const home of homes.splice(0)) {
      const pid = appOf(home)?.pid;
      if (pid === undefined || !(await isRunning(pid))) continue;
      process.kill(pid, 'SIGTERM');
      await eventually('it has ended', async () => !(await isRunning(pid)));
    }
  });

  test('opens the app for the same home, which outlives it, and shows one that is open', async () => {
    const home = homeWith({});
    homes.push(home);
    const first = await soloist(home, ['app'], { environment: environment() });
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    const pid = appOf(home)?.pid ?? 0;
    expect(first.stdout).toBe(`Soloist is in the menu bar (PID ${pid}).\n`);
    expect(await isRunning(pid)).toBe(true);
    await eventually('it has its daemon', () => ownerOf(home)?.pid === pid);
    expect((await soloist(home, ['app'], { environment: environment() })).stdout).toBe(
      `Soloist was running already (PID ${pid}), and shows itself.\n`,
    );
  });

  test('on a display that cannot be opened says so, and nothing has begun', async () => {
    const home = homeWith({ begins: { run: 'true', on_start: true } });
    const none = await soloist(home, ['app'], {
      environment: { ...environment(), DISPLAY: ':4321', WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: '' },
    });
    expect(none).toMatchObject({ exitCode: 1, stdout: '' });
    expect(none.stderr).toMatch(/The menu-bar app cannot be opened\. It ended while it was starting/);
    expect(appOf(home)).toBeUndefined();
    expect(ownerOf(home)).toBeUndefined();
    expect((await soloist(home, ['runs'])).stdout).not.toContain('begins');
  });

  test('says why there is none', async () => {
    const home = emptyHome();
    const none = await soloist(home, ['app'], { environment: { DISPLAY: '', WAYLAND_DISPLAY: '' } });
    expect(none).toMatchObject({ exitCode: 1, stdout: '' });
    expect(none.stderr).toContain('There is no display here');
  });
});

test.runIf(isLinux)(
  'the executable is the daemon in the foreground, and nothing once it has ended',
  async () => {
    const home = homeWith({});
    const words = [...sandbox, ROOT, '--cli', 'up', '--foreground'];
    const environment = { SOLOIST_HOME: home, SOLOIST_CONFIG: '', DISPLAY: '' };
    const over = run(electronPath() ?? '', words, { environment });
    await eventually('it runs', async () => (await soloist(home, ['status'])).exitCode === 0);
    expect((await soloist(home, ['down'])).exitCode).toBe(0);
    expect((await over).exitCode).toBe(0);
    expect(ownerOf(home)).toMatchObject({ generation: 1, endedAt: expect.any(String) });
    expect(await processesNaming(home)).toEqual([]);
  },
);
