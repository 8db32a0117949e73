import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CALL_CHANNEL } from '../../main/control/channels.ts';
import { eventually, isRunning } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { App, answer, enlargedPicture, homeWith, inspect, type LaunchOptions, tabTo } from './support.ts';

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

/** Has the windows told of no other daemons: those that run beside the test, and their sort, are not its affair. */
async function withoutStrays(app: App): Promise<void> {
  await app.inMain(({ ipcMain }, channel) => {
    type Handler = (event: unknown, name: string, input: unknown) => Promise<Answer>;
    interface Answer {
      readonly ok: boolean;
      readonly value: { verdict: string; checks: readonly { name: string; verdict: string }[] };
    }
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    const asked = handlers.get(channel) as Handler;
    handlers.set(channel, async (event, name, input) => {
      const answer = await asked(event, name, input);
      if (name !== 'health' || !answer.ok) return answer;
      const checks = answer.value.checks.filter((check) => check.name !== 'strays');
      const verdict = ['error', 'warning'].find((one) => checks.some((check) => check.verdict === one));
      return { ...answer, value: { ...answer.value, checks, verdict: verdict ?? 'ok' } };
    });
  }, CALL_CHANNEL);
}

/** The app with a popover, and no word of other daemons. */
async function launch(options: LaunchOptions): Promise<App> {
  const app = await App.launch(options);
  await app.popover();
  await withoutStrays(app);
  return app;
}

/** Counts how often the windows make a call from now on. */
async function countCalls(app: App, call: string): Promise<() => Promise<number>> {
  await app.electron.evaluate(
    ({ ipcMain }, [channel, call]) => {
      type Handler = (event: unknown, name: string, input: unknown) => unknown;
      const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
      const asked = handlers.get(channel) as Handler;
      const counts = globalThis as { soloistCalls?: number };
      counts.soloistCalls = 0;
      handlers.set(channel, (event, name, input) => {
        if (name === call) counts.soloistCalls = (counts.soloistCalls ?? 0) + 1;
        return asked(event, name, input);
      });
    },
    [CALL_CHANNEL, call] as const,
  );
  return () => app.inMain(() => (globalThis as { soloistCalls?: number }).soloistCalls ?? 0);
}

const healthRow = async (app: App): Promise<string> =>
  (await app.tray()).labels.find((label) => label.startsWith('Health: ')) ?? '';

const checkRow = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(title, { exact: true }) });

describe('the Health view', () => {
  test('says that all is well, and when it was looked at', async () => {
    const app = await launch({ jobs: { quick: { run: 'true', every: '1h' } } });
    const window = await app.window('health');
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await window.getByText(/^Looked at \d\d:\d\d:\d\d, /).waitFor();
    await inspect(app, window, 'health-well');
    const before = await window.getByText(/^Looked at/).textContent();
    // The time is told in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await window.getByRole('button', { name: 'Look again' }).click();
    await eventually(
      'it was looked at again',
      async () => (await window.getByText(/^Looked at/).textContent())?.slice(0, 18) !== before?.slice(0, 18),
    );
    await eventually('the tray says how it is', async () => (await healthRow(app)) !== '');
    await app.window('timeline');
    await app.choose(await healthRow(app));
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
  });

  test('shows a watched folder that is gone, and that it is back', async () => {
    const folder = join(temporaryFolder(), 'inbox');
    mkdirSync(folder);
    const app = await launch({ jobs: { sort: { run: 'true', watch: folder } } });
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
    await eventually('the tray says so', async () => /^Health: \d error/.test(await healthRow(app)));
    await inspect(app, window, 'health-folder');
    await app.recordOpened();
    await row.getByRole('button', { name: /^Edit configuration/ }).click();
    await window.getByText('The configuration was opened in the editor.').waitFor();
    mkdirSync(folder);
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await eventually('the tray says so', async () => !/error/.test(await healthRow(app)));
  });

  test('acknowledges alerts, shows older ones and archives them', async () => {
    const flag = join(temporaryFolder(), 'flag');
    const app = await launch({
      jobs: {
        צילום: { run: 'exit 4' },
        mends: { run: `test -e ${flag}` },
      },
    });
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
    await eventually(
      'the focus is on what is still there',
      async () => (await window.evaluate(() => document.activeElement?.textContent)) === 'Alerts',
    );
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
    const app = await launch({ jobs: { mends: { run: `test -e ${flag}` } } });
    await app.cli('run', 'mends', '--wait');
    const window = await app.window('health');
    await window.getByText('soloist run mends').waitFor();
    writeFileSync(flag, '');
    await window.getByRole('button', { name: /^Run now: Job/ }).click();
    await window.getByText(/mends\W? was started\./).waitFor();
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
  });

  test('asks nothing while it is hidden or another view is shown, and anew when it is seen', async () => {
    const app = await launch({ jobs: { fails: { run: 'exit 4' } } });
    const asked = await countCalls(app, 'health');
    const window = await app.window('health');
    await window.getByRole('heading', { name: 'All is well' }).waitFor();
    await app.window('timeline');
    await window.locator('section.view.timeline').waitFor();
    const before = await asked();
    await app.cli('run', 'fails', '--wait');
    await window.locator('.count-badge').waitFor();
    expect(await asked()).toBe(before);
    await app.window('health');
    await window.getByRole('heading', { name: 'Something needs a look' }).waitFor();
    expect(await asked()).toBeGreaterThan(before);
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const one of BrowserWindow.getAllWindows()) one.hide();
    });
    await eventually('it is hidden', async () => (await app.shown()).length === 0);
    const hidden = await asked();
    await app.cli('run', 'fails', '--wait');
    await eventually('the tray is told', async () => (await app.tray()).tooltip.includes('fails'));
    expect(await asked()).toBe(hidden);
    await app.window('health');
    await eventually('it asks anew', async () => (await asked()) > hidden);
  });

  test('is used narrow and at twice its size', async () => {
    const app = await launch({ jobs: { fails: { run: 'exit 4', on_start: true } } });
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
    const app = await launch({ jobs: { quick: { run: 'true' } } });
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
    const app = await launch({ jobs: { quick: { run: 'true' } } });
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
    const app = await launch({ home });
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
    const focused = (): Promise<string> =>
      window.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    // However soon it is wanted again.
    for (let round = 0; round < 20; round++) {
      await window.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await eventually('the focus is back', async () => (await focused()).startsWith('End extra copies'));
      await window.keyboard.press('Enter');
      await dialog.getByText(/14 copies run/).waitFor();
    }
    await tabTo(window, /^End 13 processes/);
    await window.keyboard.press('Enter');
    await dialog.getByText('13 processes ended.').waitFor();
    await inspect(app, window, 'health-ended');
    const living = await Promise.all(copies.map(({ pid }) => isRunning(pid ?? 0)));
    expect(living).toEqual(living.map((_, copy) => copy === 0));
    await window.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // Other checks may have something to say of a busy machine; the guard has nothing left.
    await window.getByRole('button', { name: /^End extra copies/ }).waitFor({ state: 'detached' });
    await eventually(
      'the focus is on what is still there',
      async () => (await window.evaluate(() => document.activeElement?.textContent)) === 'Look again',
    );
  });
});

describe('strays', () => {
  // Real ones may be another person's: what is asked and answered here is of the test alone.
  const stray = (pid: number, kind: string, home: string | null) => ({
    pid,
    started: `${pid}`,
    since: new Date(Date.now() - pid * 1_000).toISOString(),
    cpuMs: pid,
    memoryBytes: pid * 10_000,
    command: '/usr/bin/node /opt/soloist/out/headless.cjs --a-word-that-is-longer-than-the-line'.repeat(2),
    kind,
    home,
  });
  const strays = [
    stray(4_242, 'same-home', '/home/ada/soloist'),
    stray(77_000, 'home-gone', '/home/ada/בית'),
    stray(900, 'other-home', '/home/ada/other'),
    stray(1_900, 'program-gone', null),
  ];
  const check = {
    name: 'strays',
    group: 'processes',
    subject: null,
    verdict: 'error',
    sentence: 'Another daemon of this home runs: PID 4242 (since 09:14).',
    remedy: { kind: 'end-strays', subject: null, command: 'soloist doctor --fix' },
  };
  const value = (value: object) => ({ ok: true, value });

  test('are shown with what each is, and those that are well stay', async () => {
    const app = await launch({ jobs: { quick: { run: 'true' } } });
    await answer(app, 'health', value({ verdict: 'error', at: new Date().toISOString(), checks: [check] }));
    await answer(app, 'strays', value({ strays }));
    const [first, second, , last] = strays;
    await answer(app, 'endStrays', value({ ended: [first, second], left: [last] }));
    const window = await app.window('health');
    await window.getByRole('button', { name: 'End strays…: Stray daemons' }).click();
    const dialog = window.getByRole('dialog', { name: 'Other daemons of Soloist' });
    await dialog.getByText('3 of them should not run.').waitFor();
    expect(await dialog.getByRole('row', { name: /^Stays/ }).count()).toBe(1);
    await inspect(app, window, 'health-strays');
    await dialog.getByRole('button', { name: 'End 3 processes' }).click();
    await dialog.getByText(/^2 processes ended\. 1 process did not end/).waitFor();
    expect(await dialog.getByRole('row', { name: /^Still runs/ }).count()).toBe(1);
    await inspect(app, window, 'health-strays-left');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('that cannot be listed, or are gone by now, are told of in the dialog', async () => {
    const app = await launch({ jobs: { quick: { run: 'true' } } });
    await answer(app, 'health', value({ verdict: 'error', at: new Date().toISOString(), checks: [check] }));
    await answer(app, 'strays', null);
    const window = await app.window('health');
    const button = window.getByRole('button', { name: /^End strays/ });
    await button.click();
    await window.getByRole('dialog').getByText('Counting them now…').waitFor();
    await inspect(app, window, 'health-counting');
    await window.keyboard.press('Escape');
    const error = { code: 'internal', message: 'The processes of this computer cannot be listed.' };
    await answer(app, 'strays', { ok: false, error });
    await button.click();
    await window.getByRole('dialog').getByText(error.message).waitFor();
    await inspect(app, window, 'health-uncounted');
    await window.keyboard.press('Escape');
    await answer(app, 'strays', value({ strays: [] }));
    await button.click();
    await window.getByRole('dialog').getByText('There is nothing to end any more.').waitFor();
    expect(await window.getByRole('dialog').getByRole('button').allTextContents()).toEqual(['Close']);
  });
});
