import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { views } from '../../main/control/app-calls.ts';
import { appLog } from '../support/app-log.ts';
import { eventually, ownerOf, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { App, homeWith, inspect, sandbox } from './support.ts';

const jobs = {
  quick: { run: 'echo done', every: '1h', description: 'Says that it is done', tags: ['one', 'two'] },
  failing: { run: 'echo oh; exit 4', on_start: true },
  long: { run: 'echo begun; sleep 600', on_start: true, grace: '1s' },
  'a-job-with-a-name-that-is-longer-than-any-column-of-any-table-would-like-it-to-be': { run: 'true' },
};

describe('every view', () => {
  test('is seen light and dark, and axe-core finds nothing wrong with it', { timeout: 120_000 }, async () => {
    const app = await App.launch({ jobs });
    const popover = await app.popover();
    await popover
      .getByText(/failing\W? failed with exit code 4\./)
      .first()
      .waitFor();
    await inspect(app, popover, 'popover');
    const window = await app.window('timeline');
    for (const view of views) {
      await app.window(view);
      await window.locator(`section.view.${view}`).waitFor();
      await inspect(app, window, view);
    }
    await window.keyboard.press('?');
    await window.getByRole('dialog').waitFor();
    await inspect(app, window, 'shortcuts');
  });
});

describe('a page', () => {
  test('whose process is killed comes back, and the daemon is untouched', async () => {
    const app = await App.launch({ jobs: { quick: jobs.quick } });
    await app.popover();
    await app.window('jobs');
    const owner = ownerOf(app.home);
    for (const page of ['main.html', 'popover.html']) {
      const before = await app.electron.evaluate(async ({ BrowserWindow }, page) => {
        const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes(page));
        const pid = window?.webContents.getOSProcessId() ?? 0;
        process.kill(pid, 'SIGKILL');
        return pid;
      }, page);
      await eventually(`${page} is there again`, () =>
        app.electron.evaluate(
          async ({ BrowserWindow }, [page, before]) => {
            const window = BrowserWindow.getAllWindows().find((one) =>
              one.webContents.getURL().includes(page),
            );
            const contents = window?.webContents;
            if (contents === undefined || contents.isCrashed() || contents.isLoading()) return false;
            if (contents.getOSProcessId() === before) return false;
            // Of a page that is just being taken down, there is never an answer.
            const text = await Promise.race([
              contents.executeJavaScript('document.body.innerText'),
              new Promise((resolve) => setTimeout(resolve, 1_000, '')),
            ]);
            return String(text).includes('quick');
          },
          [page, before] as const,
        ),
      );
    }
    expect(appLog(app.home).filter(({ msg }) => msg === 'the process of a page is gone').length).toBe(2);
    expect(ownerOf(app.home)).toEqual(owner);
    expect((await app.cli('status')).exitCode).toBe(0);
  });

  test('is used with the keyboard alone', async () => {
    const app = await App.launch({
      jobs: { first: { run: 'echo one' }, second: { run: 'echo two; sleep 600', grace: '1s' } },
    });
    const popover = await app.popover();
    const { keyboard } = popover;
    await popover.getByRole('row', { name: /second/ }).waitFor();
    await keyboard.press('/');
    await keyboard.type('sec');
    await eventually('it is found', async () => (await popover.getByRole('row').count()) === 1);
    await keyboard.press('ArrowDown');
    await keyboard.press('r');
    await eventually('it runs', async () => (await app.cli('jobs')).stdout.match(/second +running/) !== null);
    await inspect(app, popover, 'popover-keyboard');
    await keyboard.press('p');
    await eventually(
      'it is paused',
      async () => (await app.cli('jobs')).stdout.match(/second.*paused/) !== null,
    );
    await keyboard.press('c');
    await eventually('it is cancelled', async () => (await app.cli('runs')).stdout.includes('cancelled'));
    await keyboard.press('?');
    await popover.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await keyboard.press('Escape');
    await popover.getByRole('dialog').waitFor({ state: 'detached' });
    await keyboard.press('l');
    const window = await app.window();
    await window.getByText('two').first().waitFor();
    await window.keyboard.press('Control+6');
    await window.getByRole('heading', { name: 'Settings' }).waitFor();
    await window.keyboard.press('Control+3');
    await window.getByRole('listbox').waitFor();
    await app.showPopover();
    await keyboard.press('Escape');
    // The search goes first, the popover after it.
    await eventually(
      'the search is empty',
      async () => (await popover.getByRole('searchbox').inputValue()) === '',
    );
    await keyboard.press('s');
    await popover.getByRole('heading', { name: 'Stopped', exact: true }).waitFor();
    await keyboard.press('Escape');
    await eventually('it is hidden', async () => !(await app.shown()).includes('popover.html'));
  });

  test('is not cut at twice its size', async () => {
    const app = await App.launch({ jobs });
    const popover = await app.popover();
    await popover
      .getByText(/failing\W? failed with exit code 4\./)
      .first()
      .waitFor();
    const window = await app.window('timeline');
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows()) one.webContents.setZoomFactor(2);
    });
    await app.showPopover();
    await inspect(app, popover, 'popover-twice');
    for (const view of views) {
      await app.window(view);
      await window.locator(`section.view.${view}`).waitFor();
      await inspect(app, window, `${view}-twice`);
      const tooWide = await window.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(`${view}: ${tooWide}`).toBe(`${view}: false`);
    }
  });

  test('hidden, it is told nothing, and what happened meanwhile when it is seen again', async () => {
    const app = await App.launch({ jobs: { quick: jobs.quick } });
    const popover = await app.popover();
    await popover.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      const { soloist } = globalThis as unknown as {
        soloist: { on(event: string, listener: () => void): void };
      };
      for (const event of ['run', 'jobs', 'status']) soloist.on(event, () => heard.push(event));
    });
    await popover.keyboard.press('Escape');
    await eventually('it is hidden', async () => (await app.shown()).length === 0);
    await app.cli('run', 'quick', '--wait');
    expect(await popover.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual([]);
    await app.showPopover();
    await popover.getByRole('row', { name: /Succeeded/ }).waitFor();
  });
});

describe('start at login', () => {
  const isLinux = process.platform === 'linux';
  const hasLauncher = isLinux && spawnSync('gio', ['version']).status === 0;
  if (isLinux && !hasLauncher)
    console.log(
      'SKIPPED: the start from the entry for start at login, since there is no gio (libglib2.0-bin).',
    );

  test.runIf(isLinux)('is written for the desktop, and read back', async () => {
    const configuration = temporaryFolder();
    const app = await App.launch({ environment: { XDG_CONFIG_HOME: configuration } });
    await app.popover();
    const entry = join(configuration, 'autostart/soloist.desktop');
    const window = await app.window('settings');
    const toggle = window.getByRole('switch', { name: /Start at login/ });
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    await toggle.click();
    await eventually('it is written', () => existsSync(entry));
    const text = readFileSync(entry, 'utf8');
    expect(text).toMatch(/^\[Desktop Entry\]/);
    expect(text).toMatch(/^Exec=.*--hidden/m);
    expect(text).toContain(app.home);
    await eventually('it is shown', async () => (await toggle.getAttribute('aria-checked')) === 'true');
    await inspect(app, window, 'settings-login');
    await app.choose('Start at login');
    await eventually('it is shown', async () => (await toggle.getAttribute('aria-checked')) === 'false');
    expect(existsSync(entry)).toBe(false);
  });

  test.runIf(hasLauncher)('starts the app by the entry, whatever is in the name of the home', async () => {
    const configuration = temporaryFolder();
    const home = homeWith({}, join(temporaryFolder(), `a "home" of 50% $HOME, it's \\ here`));
    const app = await App.launch({ home, environment: { XDG_CONFIG_HOME: configuration } });
    await app.popover();
    await app.choose('Start at login');
    const entry = join(configuration, 'autostart/soloist.desktop');
    await eventually('it is written', () => existsSync(entry));
    await app.end();
    // Root can run it only without a sandbox, which is not for people.
    const text = readFileSync(entry, 'utf8').replace(/^Exec=.*$/m, (line) => [line, ...sandbox].join(' '));
    writeFileSync(entry, text);
    const { SOLOIST_HOME: _, ...environment } = process.env;
    spawnSync('gio', ['launch', entry], { env: environment, stdio: 'ignore', timeout: 10_000 });
    await eventually('it runs', async () => (await soloist(home, ['status'])).exitCode === 0);
    expect(ownerOf(home)).toMatchObject({ kind: 'app', startedBy: 'login' });
    await eventually(
      'its tray is shown',
      () => appLog(home).filter(({ msg }) => msg === 'the tray is shown').length === 2,
    );
    process.kill(ownerOf(home)?.pid ?? 0, 'SIGTERM');
    await eventually('it has ended', () => appLog(home).at(-1)?.msg === 'the app has ended');
  });
});
