import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CALL_CHANNEL } from '../../main/control/channels.ts';
import { eventually, isRunning } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { App, homeWith, inspect, ROOT } from './support.ts';

const copies: ChildProcess[] = [];
afterEach(() => {
  for (const copy of copies.splice(0)) copy.kill('SIGKILL');
});

const COPIES = 14;

/** A home with a guard on a daemon that is started by hand, so many times, one after the other. */
async function guardedHome(): Promise<string> {
  const program = join(temporaryFolder(), 'notes-daemon');
  copyFileSync('/bin/sleep', program);
  for (let copy = 0; copy < COPIES; copy++) {
    copies.push(spawn(program, ['600'], { stdio: 'ignore' }));
    // Start times are told in hundredths of a second.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const home = homeWith();
  const guards = { notes: { match: program, max: 1, keep: 'oldest' } };
  writeFileSync(join(home, 'soloist.yaml'), stringify({ guards, jobs: { quick: { run: 'true' } } }));
  return home;
}

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(text)) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

/** Has a call of the windows answered in this way from now on; not at all by null. */
async function answer(app: App, call: string, given: object | null): Promise<void> {
  await app.electron.evaluate(
    ({ ipcMain }, [channel, call, given]) => {
      type Handler = (event: unknown, name: string, input: unknown) => unknown;
      const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
      const asked = handlers.get(channel) as Handler;
      handlers.set(channel, (event, name, input) => {
        if (name !== call) return asked(event, name, input);
        return given ?? new Promise(() => {});
      });
    },
    [CALL_CHANNEL, call, given] as const,
  );
}

/** A picture of all that an enlarged main window shows: the debugger's own would cut it. */
async function enlargedPicture(app: App, name: string): Promise<void> {
  const png = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((one) =>
      one.webContents.getURL().includes('main.html'),
    );
    return (await window?.webContents.capturePage())?.toPNG().toString('base64') ?? '';
  });
  writeFileSync(join(ROOT, 'test-results/pictures', `${name}.png`), Buffer.from(png, 'base64'));
}

const checkRow = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(title, { exact: true }) });

describe('the Health view', () => {
  test('says that all is well, and when it was looked at', async () => {
    const app = await App.launch({ jobs: { quick: { run: 'true', every: '1h' } } });
    await app.popover();
    const window = await app.window('health');
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await window.getByText(/^Looked at \d\d:\d\d:\d\d, /).waitFor();
    await inspect(app, window, 'health-well');
    const before = await window.getByText(/^Looked at/).textContent();
    await window.getByRole('button', { name: 'Look again' }).click();
    await eventually(
      'it was looked at again',
      async () => (await window.getByText(/^Looked at/).textContent())?.slice(0, 18) !== before?.slice(0, 18),
    );
    await eventually('the tray says so', async () =>
      (await app.tray()).labels.includes('Health: all is well'),
    );
    await app.window('timeline');
    await app.choose('Health: all is well');
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
  });

  test('shows a watched folder that is gone, and that it is back', async () => {
    const folder = join(temporaryFolder(), 'inbox');
    mkdirSync(folder);
    const app = await App.launch({ jobs: { sort: { run: 'true', watch: folder } } });
    await app.popover();
    const window = await app.window('health');
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    rmdirSync(folder);
    await window.getByRole('heading', { name: 'Something is wrong' }).waitFor();
    const row = checkRow(window, 'Error: Watched folders');
    await row.getByText(/^Not there: /).waitFor();
    await window
      .locator('.sidebar')
      .getByText(/^\d error/)
      .waitFor({ state: 'attached' });
    await eventually('the tray says so', async () =>
      (await app.tray()).labels.some((label) => /^Health: \d error/.test(label)),
    );
    await inspect(app, window, 'health-folder');
    await app.recordOpened();
    await row.getByRole('button', { name: /^Edit configuration/ }).click();
    await window.getByText('The configuration was opened in the editor.').waitFor();
    mkdirSync(folder);
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await eventually('the tray says so', async () =>
      (await app.tray()).labels.includes('Health: all is well'),
    );
  });

  test('acknowledges alerts, shows older ones and archives them', async () => {
    const flag = join(temporaryFolder(), 'flag');
    const app = await App.launch({
      jobs: {
        צילום: { run: 'exit 4' },
        mends: { run: `test -e ${flag}` },
      },
    });
    await app.popover();
    await app.cli('run', 'צילום', '--wait');
    await app.cli('run', 'mends', '--wait');
    const window = await app.window('health');
    const alerts = window.getByRole('list', { name: 'Alerts' }).getByRole('listitem');
    await eventually('both are shown', async () => (await alerts.count()) === 2);
    await window.getByRole('button', { name: 'Acknowledge all' }).waitFor();
    await inspect(app, window, 'health-alerts');
    await window.getByRole('button', { name: /^Acknowledge: .*mends/ }).focus();
    await window.keyboard.press('Enter');
    await alerts.filter({ hasText: 'Acknowledged' }).getByText(/mends/).waitFor();
    expect(await window.evaluate(() => document.activeElement?.textContent)).toBe('Alerts');
    await window.getByText('Acknowledged.', { exact: true }).waitFor();
    writeFileSync(flag, '');
    await app.cli('run', 'mends', '--wait');
    await window.getByRole('button', { name: 'Show older (1)' }).click();
    const older = window.getByRole('list', { name: 'Older alerts' }).getByRole('listitem');
    await older.filter({ hasText: 'Resolved' }).waitFor();
    await inspect(app, window, 'health-older');
    await window.getByRole('button', { name: 'Archive resolved' }).click();
    await older.filter({ hasText: 'Archived' }).waitFor();
  });

  test('runs a job that is not well', async () => {
    const flag = join(temporaryFolder(), 'flag');
    const app = await App.launch({ jobs: { mends: { run: `test -e ${flag}` } } });
    await app.popover();
    await app.cli('run', 'mends', '--wait');
    const window = await app.window('health');
    await window.getByText('soloist run mends').waitFor();
    writeFileSync(flag, '');
    await window.getByRole('button', { name: /^Run now: Job/ }).click();
    await window.getByText(/mends\W? was started\./).waitFor();
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
  });

  test('is used narrow and at twice its size', async () => {
    const app = await App.launch({ jobs: { fails: { run: 'exit 4', on_start: true } } });
    await app.popover();
    const window = await app.window('health');
    await window.getByText('soloist run fails').waitFor();
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows())
        if (one.webContents.getURL().includes('main.html')) one.webContents.setZoomFactor(2);
    });
    await window.waitForFunction(() => innerWidth < 800);
    await inspect(app, window, 'health-twice');
    await enlargedPicture(app, 'health-twice-enlarged');
    const overflow = () =>
      window.evaluate(() => {
        const view = document.querySelector('.view.health');
        return view === null ? -1 : view.scrollWidth - view.clientWidth;
      });
    expect(await overflow()).toBe(0);
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows())
        if (one.webContents.getURL().includes('main.html')) one.setSize(700, 600);
    });
    await window.waitForFunction(() => innerWidth < 400);
    await inspect(app, window, 'health-narrow');
    await enlargedPicture(app, 'health-narrow-enlarged');
    expect(await overflow()).toBe(0);
  });
});

describe('without a report', () => {
  test('the view says why, and the way out', async () => {
    const app = await App.launch({ jobs: { quick: { run: 'true' } } });
    await app.popover();
    const window = await app.window('health');
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await app.cli('down');
    await window.getByRole('heading', { name: 'No daemon runs here' }).waitFor();
    await inspect(app, window, 'health-no-daemon');
    await answer(app, 'health', null);
    await window.getByRole('button', { name: 'Start', exact: true }).click();
    await window.getByText('Looking at the daemon and its jobs…').waitFor();
    await inspect(app, window, 'health-loading');
  });

  test('a refusal is told, and an older daemon is known by it', async () => {
    const app = await App.launch({ jobs: { quick: { run: 'true' } } });
    await app.popover();
    const error = { code: 'internal', message: 'The daemon at /run/x does not answer.' };
    await answer(app, 'health', { ok: false, error });
    const window = await app.window('health');
    await window.getByText(error.message).waitFor();
    await inspect(app, window, 'health-refused');
    await answer(app, 'health', {
      ok: false,
      error: { code: 'unknown-path', message: 'There is no /v1/health.' },
    });
    await window.getByRole('button', { name: 'Try again' }).click();
    await window.getByRole('heading', { name: 'This daemon does not tell its health' }).waitFor();
    await inspect(app, window, 'health-older-daemon');
  });
});

describe('a guard', () => {
  test('shows 14 copies, and its remedy leaves the oldest, by the keyboard alone', async () => {
    const home = await guardedHome();
    const app = await App.launch({ home });
    const popover = await app.popover();
    await popover
      .getByText(/14 copies/)
      .first()
      .waitFor();
    await inspect(app, popover, 'popover-guard');
    await popover.getByRole('button', { name: /^Show in Health/ }).click();
    const window = await app.window();
    await window
      .getByText(/14 copies/)
      .first()
      .waitFor();
    await inspect(app, window, 'health-guard');
    await tabTo(window, /^End extra copies/);
    await window.keyboard.press('Enter');
    const dialog = window.getByRole('dialog', { name: /notes/ });
    await dialog.getByText(/14 copies run/).waitFor();
    expect(await dialog.getByRole('row').count()).toBe(COPIES + 1);
    await inspect(app, window, 'health-ending');
    for (let step = 0; step < 6; step++) {
      await window.keyboard.press('Tab');
      expect(
        await window.evaluate(
          () =>
            document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
        ),
      ).toBe(true);
    }
    await window.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await window.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^End extra copies/,
    );
    await window.keyboard.press('Enter');
    await tabTo(window, /^End 13 processes/);
    await window.keyboard.press('Enter');
    await dialog.getByText('13 processes ended.').waitFor();
    await inspect(app, window, 'health-ended');
    const living = await Promise.all(copies.map(({ pid }) => isRunning(pid ?? 0)));
    expect(living).toEqual(living.map((_, copy) => copy === 0));
    await window.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await eventually(
      'the focus is on what is still there',
      async () => (await window.evaluate(() => document.activeElement?.textContent)) === 'Look again',
    );
  });
});
