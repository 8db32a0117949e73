import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorker } from 'tesseract.js';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { version } from '../../main/version.ts';
import { appLog } from '../support/app-log.ts';
import { eventually, killOwner, ownerOf, run } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { EXECUTABLE, makePackage, packagedCommand, ROOT, sandbox } from './package.ts';

beforeAll(() => makePackage(), 120_000);

const apps: ChildProcess[] = [];
const homes: string[] = [];
afterEach(() => {
  for (const app of apps.splice(0)) app.kill('SIGKILL');
  for (const home of homes.splice(0)) killOwner(home);
});

/** A computer on which Soloist was never started: an empty home, with this configuration in it. */
function newPerson(jobs: Readonly<Record<string, unknown>>) {
  const user = temporaryFolder();
  const home = join(user, '.local/state/soloist');
  const configuration = join(user, '.config/soloist/soloist.yaml');
  mkdirSync(join(user, '.config/soloist'), { recursive: true });
  writeFileSync(configuration, stringify({ jobs }));
  homes.push(home);
  const environment = {
    HOME: user,
    XDG_STATE_HOME: '',
    XDG_CONFIG_HOME: '',
    SOLOIST_HOME: undefined,
    SOLOIST_CONFIG: undefined,
  };
  return {
    user,
    home,
    launch: (...words: readonly string[]) => run(EXECUTABLE, [...sandbox, ...words], { environment }),
    start(): Promise<number | null> {
      const app = spawn(EXECUTABLE, [...sandbox, '--hidden'], {
        stdio: 'ignore',
        env: { ...process.env, ...environment },
      });
      apps.push(app);
      return new Promise((resolve) => app.once('close', resolve));
    },
    command: (...words: readonly string[]) =>
      run(EXECUTABLE, [...sandbox, '--cli', ...words], {
        environment: { ...environment, DISPLAY: undefined, WAYLAND_DISPLAY: undefined },
      }),
  };
}

/** PIDs of the processes that have a text in their environment: those of a person whose home it is. */
const processesOf = (user: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${user}`);
      } catch {
        // It ended meanwhile.
        return false;
      }
    })
    .map(Number);

/** How many tray icons the panel was told of; undefined where there is none. */
function trayIcons(): number | undefined {
  try {
    const answer = execFileSync(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.kde.StatusNotifierWatcher',
        '/StatusNotifierWatcher',
        'org.freedesktop.DBus.Properties.Get',
        'string:org.kde.StatusNotifierWatcher',
        'string:RegisteredStatusNotifierItems',
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return answer.split('StatusNotifierItem').length - 1;
  } catch {
    return undefined;
  }
}

/** Whether there is a program that takes pictures of the screen. */
const canSee = spawnSync('import', ['-version']).status === 0;

/** What is to be read on the screen. */
async function textOnScreen(): Promise<string> {
  const picture = join(temporaryFolder(), 'screen.png');
  // Twice as large, as small letters are easier to recognise.
  execFileSync('import', ['-window', 'root', '-resize', '200%', picture]);
  const languages = join(ROOT, 'node_modules/@tesseract.js-data/eng/4.0.0_best_int');
  const worker = await createWorker('eng', 1, { langPath: languages, gzip: true, cacheMethod: 'none' });
  try {
    return (await worker.recognize(picture)).data.text;
  } finally {
    await worker.terminate();
  }
}

test('the packaged app starts, shows its tray, runs a job, refuses a second daemon, stops, leaves nothing', async () => {
  const iconsBefore = trayIcons();
  const person = newPerson({ hello: { run: 'echo "hello from $SOLOIST_JOB"; sleep 300 & sleep 0.1' } });
  const ended = person.start();
  await eventually('its tray is shown', () =>
    appLog(person.home).some(({ msg }) => msg === 'the tray is shown'),
  );
  if (iconsBefore !== undefined)
    await eventually('the panel has its icon', () => trayIcons() === iconsBefore + 1);

  const status = await person.command('status');
  expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('menu-bar app') });
  const ran = await person.command('run', 'hello', '--wait');
  expect(ran).toMatchObject({ exitCode: 0, stdout: 'hello from hello\n' });

  const pid = ownerOf(person.home)?.pid;
  const second = await person.command('up');
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain(`Daemon already running with PID ${pid} (menu-bar app`);
  // A second launch shows the first one, whose page is drawn.
  expect(await person.launch()).toMatchObject({ exitCode: 0 });
  expect(ownerOf(person.home)?.pid).toBe(pid);
  if (canSee)
    await eventually(
      'the popover is read',
      async () => /Running[\s\S]*hello/.test(await textOnScreen()),
      60_000,
    );

  expect(await person.command('down')).toMatchObject({ exitCode: 0 });
  expect(await person.command('status')).toMatchObject({ exitCode: 3 });
  // The app stays when its daemon is stopped, until it is asked to quit.
  expect(existsSync(join(person.home, 'app.pid'))).toBe(true);
  apps[0]?.kill('SIGTERM');
  expect(await ended).toBe(0);
  await eventually('no process of it is left', () => processesOf(person.user).length === 0);
  const left = readdirSync(person.home);
  expect(left.filter((name) => /\.(sock|pid|new|lock\.d)$/.test(name))).toEqual([]);
  await eventually('the panel has no icon of it', () => trayIcons() === iconsBefore);
  // It can be started again.
  expect(await person.command('up')).toMatchObject({ exitCode: 0 });
  expect(await person.command('down')).toMatchObject({ exitCode: 0 });
  await eventually('no process of it is left', () => processesOf(person.user).length === 0);
});

test('actions work in the package: text is recognised from inside of the archive', async () => {
  const pictures = join(temporaryFolder(), 'pictures');
  const vault = join(temporaryFolder(), 'vault');
  for (const folder of [pictures, vault]) mkdirSync(folder);
  const settings = { vault, note: 'Daily/{date:YYYY-MM-DD}.md', ocr: true, language: 'eng' };
  const person = newPerson({ shots: { use: 'screenshots', watch: { path: pictures }, with: settings } });
  copyFileSync(join(ROOT, 'build/pictures/popover.png'), join(pictures, 'Screenshot_20261103_101112.png'));
  // Without windows, as the command line starts it.
  expect(await person.command('up')).toMatchObject({ exitCode: 0 });
  const ran = await person.command('run', 'shots', '--wait');
  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('with its text') });
  expect(readFileSync(join(vault, 'Daily/2026-11-03.md'), 'utf8')).toMatch(/> .*weekly-report/);
  await person.command('down');
  await eventually('no process of it is left', () => processesOf(person.user).length === 0);
});

test('the executable is no Node, whatever its environment and options say', async () => {
  const script = join(temporaryFolder(), 'script.cjs');
  const proof = join(temporaryFolder(), 'proof');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '');`);
  const home = join(temporaryFolder(), 'home');
  for (const [environment, words] of [
    [{ ELECTRON_RUN_AS_NODE: '1' }, [script]],
    [{ NODE_OPTIONS: `--require=${script}` }, []],
    [{}, [script]],
    [{}, ['--require', script]],
  ] as const)
    await run(EXECUTABLE, [...sandbox, ...words, '--cli', 'status'], {
      environment: { ...environment, SOLOIST_HOME: home, DISPLAY: undefined },
    });
  const inspected = await run(EXECUTABLE, [...sandbox, '--inspect=0', '--cli', 'status'], {
    environment: { SOLOIST_HOME: home, DISPLAY: undefined },
  });
  expect(inspected.stderr).not.toMatch(/debugger/i);
  expect(existsSync(proof)).toBe(false);
});

test('the command line of the package ends as its commands do', async () => {
  const home = join(temporaryFolder(), 'home');
  expect(await packagedCommand(home, 'status')).toMatchObject({ exitCode: 3 });
  expect(await packagedCommand(home, 'no-such-command')).toMatchObject({ exitCode: 2 });
  expect(await packagedCommand(home, '--version')).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  expect((await packagedCommand(home, 'down')).stdout).toContain('No daemon is running');
});

test('a command always ends as it should, however little time Chromium had', async () => {
  const rounds = 15;
  const home = join(temporaryFolder(), 'home');
  const bad: (number | null)[] = [];
  for (let round = 0; round < rounds; round++) {
    const ended = await Promise.all(Array.from({ length: 4 }, () => packagedCommand(home, 'status')));
    bad.push(...ended.flatMap(({ exitCode }) => (exitCode === 3 ? [] : [exitCode])));
  }
  console.log(`4 commands of the package at once: ${rounds} rounds, ${bad.length} failures`);
  expect(bad).toEqual([]);
});

test('a bare --cli brings the command line into the terminal, and that works as any other', async () => {
  const person = newPerson({ hello: { run: 'echo "$@" from here; exit 3' } });
  const bin = join(person.user, '.local/bin');
  mkdirSync(bin, { recursive: true });
  const environment = {
    HOME: person.user,
    PATH: `${bin}:/usr/bin:/bin`,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
  };
  const shell = (command: string) =>
    run('/bin/sh', ['-c', command], {
      environment: { ...environment, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' },
    });
  const installed = await shell(`'${EXECUTABLE}' ${sandbox.join(' ')} --cli`);
  expect(installed).toMatchObject({ exitCode: 0, stdout: `The command-line tool is ${bin}/soloist.\n` });
  expect((await shell('soloist')).stderr).toContain('Usage: soloist');
  expect(await shell('soloist up')).toMatchObject({ exitCode: 0, stderr: '' });
  const ran = await shell('soloist run hello --wait -- "two words" --home "*"');
  expect(ran).toMatchObject({ exitCode: 3, stdout: 'two words --home * from here\n' });
  expect((await shell('soloist status --json | head -c 1')).stdout).toBe('{');
  expect((await shell('soloist down')).exitCode).toBe(0);
  expect(await shell('soloist tool uninstall')).toMatchObject({ exitCode: 0 });
  expect((await shell('soloist status')).exitCode).toBe(127);
});
