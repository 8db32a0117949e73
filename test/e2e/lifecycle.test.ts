import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appLog } from '../support/app-log.ts';
import { eventually, isRunning, ownerOf, processesNaming, soloist } from '../support/command-line.ts';
import { App, homeWith, inspect, launchToEnd, PATIENCE } from './support.ts';

/** Of a line in the log. */
const WARNING = 40;
const quick = { run: 'echo done', every: '1h' };

describe('one daemon', () => {
  test('runs when the app has started, and the popover shows it', async () => {
    const app = await App.launch({ jobs: { quick } });
    const popover = await app.popover();
    await popover.getByRole('heading', { name: 'Running', exact: true }).waitFor();
    const owner = ownerOf(app.home);
    expect(owner).toMatchObject({ kind: 'app', endedAt: null });
    await popover.getByText(`PID ${owner?.pid}`).waitFor();
    await popover.getByRole('row', { name: /quick/ }).waitFor();
    expect((await app.cli('status')).stdout).toContain('menu-bar app');
    const tooltip = /^Soloist: Running since \d\d:\d\d, 1 job$/;
    await eventually('the tray says so too', async () => tooltip.test((await app.tray()).tooltip));
    await inspect(app, popover, 'popover-running');
  });

  test('stops, starts and restarts from the popover', async () => {
    const app = await App.launch({ jobs: { quick } });
    const popover = await app.popover();
    await popover.getByRole('heading', { name: 'Running', exact: true }).waitFor();
    const first = ownerOf(app.home)?.instanceId;
    await popover.getByRole('button', { name: 'Restart' }).click();
    await eventually('it has restarted', async () => (await app.cli('logs')).stdout.includes('restarted'));
    // A restart keeps the lock.
    expect(ownerOf(app.home)?.instanceId).toBe(first);
    await popover.getByRole('button', { name: 'Stop', exact: true }).click();
    await popover.getByRole('heading', { name: 'Stopped', exact: true }).waitFor();
    expect(ownerOf(app.home)?.endedAt).not.toBeNull();
    expect((await app.cli('status')).exitCode).toBe(3);
    await eventually('the tray says so too', async () => (await app.tray()).tooltip === 'Soloist: Stopped');
    await inspect(app, popover, 'popover-stopped');
    await popover.getByRole('button', { name: 'Start', exact: true }).first().click();
    await popover.getByRole('heading', { name: 'Running', exact: true }).waitFor();
    expect((await app.cli('status')).exitCode).toBe(0);
    expect(ownerOf(app.home)?.instanceId).not.toBe(first);
  });

  test('stops, starts and restarts from the menu of the tray', async () => {
    const app = await App.launch({ jobs: { quick } });
    await app.popover();
    await eventually('it runs', async () => (await app.tray()).labels.includes('Stop'));
    await app.choose('Restart');
    await eventually('it has restarted', async () => (await app.cli('logs')).stdout.includes('restarted'));
    await eventually('it runs', async () => (await app.tray()).labels.includes('Stop'));
    await app.choose('Stop');
    await eventually('it has stopped', async () => (await app.tray()).tooltip === 'Soloist: Stopped');
    expect((await app.cli('status')).exitCode).toBe(3);
    await app.choose('Start');
    await eventually('it runs', async () => (await app.cli('status')).exitCode === 0);
  });

  test('a stop says what it waits for, and can be hurried', async () => {
    const stubborn = {
      run: "trap '' TERM; echo begun; while :; do sleep 1; done",
      on_start: true,
      grace: '10m',
    };
    const app = await App.launch({ jobs: { stubborn } });
    const popover = await app.popover();
    await eventually('it has begun', async () =>
      (await app.cli('logs', 'stubborn')).stdout.includes('begun'),
    );
    await popover.getByRole('button', { name: 'Stop', exact: true }).click();
    await popover.getByText(/Stopping: waiting for 1 run, \d+/).waitFor();
    await eventually('the tray says so', async () =>
      /waiting for 1 run, \d+ s left/.test((await app.tray()).tooltip),
    );
    await inspect(app, popover, 'popover-stopping');
    await popover.getByRole('button', { name: 'Stop now' }).click();
    await popover.getByRole('heading', { name: 'Stopped', exact: true }).waitFor();
  });
});

describe('another daemon', () => {
  test('is refused while the app has the home', async () => {
    const app = await App.launch();
    await app.popover();
    const up = await app.cli('up');
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toMatch(
      new RegExp(`Daemon already running with PID ${app.pid} \\(menu-bar app, since`),
    );
  });

  test('that was first is shown with its PID, attached to, and offers to start when it has ended', async () => {
    const home = homeWith({ quick, slow: { run: 'echo hello; sleep 60' } });
    await soloist(home, ['up']);
    const pid = ownerOf(home)?.pid ?? 0;
    const app = await App.launch({ home });
    const popover = await app.popover();
    await popover
      .getByText(new RegExp(`Another daemon is already running: PID ${pid}, headless, since`))
      .waitFor();
    await eventually('the tray says so', async () => (await app.tray()).tooltip.includes(`PID ${pid}`));
    await inspect(app, popover, 'popover-duplicate');
    await popover.getByRole('button', { name: 'Attach' }).click();
    await popover.getByRole('row', { name: /quick/ }).waitFor();
    await popover.getByText(new RegExp(`Attached to .*${pid}`)).waitFor();
    await inspect(app, popover, 'popover-attached');
    await popover.getByRole('row', { name: /slow/ }).hover();
    await popover.getByRole('button', { name: 'Run slow now' }).click();
    await eventually('it runs there', async () => (await app.cli('logs', 'slow')).stdout.includes('hello'));
    await soloist(home, ['down']);
    await popover.getByText(/has ended/).waitFor();
    await inspect(app, popover, 'popover-gone');
    await popover
      .getByRole('button', { name: /^Start/ })
      .first()
      .click();
    await popover.getByRole('heading', { name: 'Running', exact: true }).waitFor();
    expect(ownerOf(home)?.pid).toBe(app.pid);
  });

  test('that was first is taken over from', async () => {
    const home = homeWith({ quick });
    await soloist(home, ['up']);
    const pid = ownerOf(home)?.pid ?? 0;
    const app = await App.launch({ home });
    const popover = await app.popover();
    await popover.getByRole('button', { name: 'Stop it and start here' }).click();
    await popover.getByRole('heading', { name: 'Running', exact: true }).waitFor();
    expect(await isRunning(pid)).toBe(false);
    expect(ownerOf(home)).toMatchObject({ pid: app.pid, kind: 'app' });
  });

  test('that is started while the own one is stopped is noticed', async () => {
    const app = await App.launch({ jobs: { quick } });
    const popover = await app.popover();
    await popover.getByRole('button', { name: 'Stop', exact: true }).click();
    await popover.getByRole('heading', { name: 'Stopped', exact: true }).waitFor();
    expect((await app.cli('up')).exitCode).toBe(0);
    await popover.getByText(/Another daemon is already running: PID \d+/).waitFor();
  });
});

describe('the app', () => {
  test('a second launch shows the first one, and ends with 0', async () => {
    const app = await App.launch();
    const popover = await app.popover();
    await popover.keyboard.press('Escape');
    await eventually('it is hidden', async () => (await app.shown()).length === 0);
    expect(await launchToEnd(app.home)).toMatchObject({ exitCode: 0 });
    await eventually('the first is shown', async () => (await app.shown()).includes('popover.html'));
    expect(ownerOf(app.home)).toMatchObject({ pid: app.pid, endedAt: null });
  });

  // The second asks the first one while that is still becoming an app.
  test.for([0, 50, 100, 150, 200, 300])('launched again after %i ms, it is one app', async (delay) => {
    const home = homeWith({ quick });
    const first = launchToEnd(home);
    await new Promise((resolve) => setTimeout(resolve, delay));
    const ended = await Promise.race([first, launchToEnd(home)]);
    expect(ended).toMatchObject({ exitCode: 0 });
    await eventually('the other runs', () => appLog(home).some(({ msg }) => msg === 'the tray is shown'));
    await eventually('its daemon runs', async () => (await soloist(home, ['status'])).exitCode === 0);
    expect(appLog(home).filter(({ level }) => level >= WARNING)).toEqual([]);
    process.kill(ownerOf(home)?.pid ?? 0, 'SIGTERM');
    expect(await first).toMatchObject({ exitCode: 0 });
  });

  test('attached, it quits without a question, and the other daemon goes on', async () => {
    const home = homeWith({ long: { run: 'echo begun; sleep 600', on_start: true, grace: '1s' } });
    await soloist(home, ['up']);
    const app = await App.launch({ home });
    const popover = await app.popover();
    await popover.getByRole('button', { name: 'Attach' }).click();
    await popover.getByText(/Attached to /).waitFor();
    await app.answer(1);
    const over = app.ended();
    await app.choose('Quit (the attached daemon goes on)');
    expect(await over).toBe(0);
    expect((await soloist(home, ['status'])).stdout).toContain('headless');
  });

  test('quits without a question where nothing runs, and leaves nothing', async () => {
    const app = await App.launch({ jobs: { quick } });
    const popover = await app.popover();
    const over = app.ended();
    await popover.getByRole('button', { name: 'Quit Soloist' }).click();
    expect(await over).toBe(0);
    expect(existsSync(join(app.home, 'daemon.pid'))).toBe(false);
    expect(existsSync(join(app.home, 'daemon.sock'))).toBe(false);
    expect(existsSync(join(app.home, 'app.sock'))).toBe(false);
  });

  test('asks before it quits while a run is in progress', async () => {
    const app = await App.launch({
      jobs: { long: { run: 'echo begun; sleep 600', on_start: true, grace: '1s' } },
    });
    await app.popover();
    await eventually('it runs', async () => (await app.cli('logs', 'long')).stdout.includes('begun'));
    await app.answer(1);
    await app.choose('Quit Soloist');
    await eventually('it has asked', async () => (await app.asked()).includes('1 run is in progress.'));
    expect((await app.cli('status')).exitCode).toBe(0);
    await app.answer(0);
    const over = app.ended();
    await app.choose('Quit Soloist');
    expect(await over).toBe(0);
    expect((await soloist(app.home, ['status'])).exitCode).toBe(3);
  });

  test('killed, it leaves no processes of its runs', async () => {
    const marker = `600.${process.pid}`;
    const app = await App.launch({
      jobs: { long: { run: `sleep ${marker} & sleep ${marker}`, on_start: true, grace: '1s' } },
    });
    await app.popover();
    const sleeping = async (): Promise<number> => (await processesNaming(`sleep ${marker}`)).length;
    await eventually('it runs', async () => (await sleeping()) >= 2);
    process.kill(app.pid, 'SIGKILL');
    await eventually('nothing of it is left', async () => (await sleeping()) === 0, PATIENCE);
    expect((await soloist(app.home, ['status'])).exitCode).toBe(1);
  });

  test('started at login, it opens no window', async () => {
    const app = await App.launch({ words: ['--hidden'] });
    await eventually('it runs', async () => (await app.cli('status')).exitCode === 0);
    expect(await app.shown()).toEqual([]);
    await app.choose('Show status');
    await app.popover();
    await eventually('it is shown', async () => (await app.shown()).join() === 'popover.html');
  });
});
