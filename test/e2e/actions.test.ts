import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunView } from '../../main/daemon/jobs/views.ts';
import { eventually, isRunning, psColumn } from '../support/command-line.ts';
import { drawScreenshot } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { linksVault } from './links-vault.ts';
import { App, PATIENCE } from './support.ts';

/** The latest run of a job, as the command line tells it. */
async function latest(app: App, job: string): Promise<RunView | undefined> {
  const { stdout } = await app.cli('--json', 'runs', job);
  return (JSON.parse(stdout) as { data: { runs: RunView[] } }).data.runs[0];
}

test('an action runs in a process of the app, reads pictures, and is ended like any run', async () => {
  const folder = temporaryFolder();
  const [vault, inbox] = [join(folder, 'vault'), join(folder, 'inbox')];
  for (const path of [vault, inbox]) mkdirSync(path);
  const app = await App.launch({ jobs: { shots: { use: 'screenshots', watch: inbox, with: { vault } } } });
  await app.popover();
  writeFileSync(
    join(inbox, 'Screenshot_20261129-091400.png'),
    drawScreenshot(['Train to Lisbon', 'at nine']),
  );
  const note = join(vault, 'Daily/2026-11-29.md');
  await eventually('it is in the note of its day', () => existsSync(note), 2 * PATIENCE);
  await eventually(
    'its run has ended',
    async () => (await latest(app, 'shots'))?.state === 'ended',
    PATIENCE,
  );
  expect((await app.cli('logs', 'shots')).stdout).toContain('with its text');
  expect(readFileSync(note, 'utf8')).toContain('> Train to Lisbon');
  expect((await latest(app, 'shots'))?.outcome).toEqual({ kind: 'succeeded', exitCode: 0 });
});

test('an action that goes on is cancelled, and goes with an app that is killed', async () => {
  // It accepts, and never answers.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const embeddings = { model: 'none', url: `http://127.0.0.1:${port}` };
  const settings = { vault: linksVault().path, embeddings };
  const app = await App.launch({ jobs: { suggest: { use: 'links', grace: '2s', with: settings } } });
  await app.popover();
  const begun = async (): Promise<number> => {
    await app.cli('run', 'suggest');
    await eventually('it goes on', async () => (await latest(app, 'suggest'))?.state === 'running', PATIENCE);
    return (await latest(app, 'suggest'))?.pid ?? 0;
  };
  try {
    const first = await begun();
    expect(Number(psColumn(first, 'ppid'))).toBeGreaterThan(0);
    expect(psColumn(first, 'args')).toContain('--type=utility');
    await app.cli('cancel', 'suggest');
    expect(await isRunning(first)).toBe(false);
    expect((await latest(app, 'suggest'))?.outcome?.kind).toBe('cancelled');
    const second = await begun();
    process.kill(app.pid, 'SIGKILL');
    await eventually('nothing of it is left', async () => !(await isRunning(second)), PATIENCE);
  } finally {
    server.close();
  }
});
