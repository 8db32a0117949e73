import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { app } from '../../../main/cli/app.ts';
import { readOwner } from '../../../main/daemon/lock/owner.ts';
import type { CommandWords } from '../../../main/installation.ts';
import { eventually, isRunning } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { installationOf } from '../../support/installation.ts';

const isLinux = process.platform === 'linux';
const fixture = resolve(import.meta.dirname, '../../fixtures/single-app.ts');
const display = process.env.DISPLAY;

let home: string;
const owner = () => readOwner(join(home, 'app.owner.json'));
beforeEach(() => {
  home = newHome();
  // Nothing is shown on it.
  process.env.DISPLAY = ':99';
});
afterEach(async () => {
  if (display === undefined) delete process.env.DISPLAY;
  else process.env.DISPLAY = display;
  const pid = owner()?.endedAt === null ? owner()?.pid : undefined;
  if (pid === undefined || !(await isRunning(pid))) return;
  process.kill(pid, 'SIGTERM');
  await eventually('it has ended', async () => !(await isRunning(pid)));
});

const open = (command: CommandWords) => {
  const configuration = join(home, 'soloist.yaml');
  const installation = { ...installationOf(''), app: () => command };
  return app({ home, configuration, json: false, color: false, installation }, { home });
};

test.skipIf(!isLinux)(
  'waits for an app that another program opens, as on macOS, and one that is open shows itself',
  async () => {
    const opener = `setsid '${process.execPath}' '${fixture}' '${home}' >/dev/null 2>&1 &`;
    expect((await open(['/bin/sh', '-c', opener])).text).toBe(
      `Soloist is in the menu bar (PID ${owner()?.pid}).`,
    );
    const first = owner()?.pid;
    const again = await open([process.execPath, fixture, home]);
    expect(again.text).toBe(`Soloist was running already (PID ${first}), and shows itself.`);
    expect(owner()?.pid).toBe(first);
  },
);

test.skipIf(!isLinux)('does not take an app for open that finds no display and ends', async () => {
  await expect(open([process.execPath, fixture, home, 'no-display'])).rejects.toMatchObject({
    code: 'app-cannot-start',
    message: expect.stringContaining('It ended while it was starting (SIGKILL). Missing X server'),
  });
});

test.skipIf(!isLinux)('says how it ended and what it said', async () => {
  await expect(open(['/bin/sh', '-c', 'echo no library >&2; exit 9'])).rejects.toMatchObject({
    code: 'app-cannot-start',
    message: 'The menu-bar app cannot be opened. It ended while it was starting (exit code 9). no library',
  });
  await expect(open(['/nowhere/soloist-app'])).rejects.toThrow('ENOENT');
});
