import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { electronPackage, fetchElectron, findElectron } from '../../build/electron.ts';
import { eventually, killOwner, ownerOf, soloist } from '../support/command-line.ts';
import { newHome } from '../support/homes.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const atEnd: (() => void)[] = [];
afterEach(() => {
  for (const end of atEnd.splice(0)) end();
});

interface Started {
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly type: (text: string) => void;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts a program of which nothing is left at the end of the test. */
function begin(file: string, words: readonly string[], environment: NodeJS.ProcessEnv): Started {
  const child = spawn(file, words, {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', SOLOIST_CONFIG: '', ...environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  atEnd.push(() => child.kill('SIGKILL'));
  return {
    signal: (signal) => child.kill(signal),
    type: (text) => child.stdin.write(text),
    said: () => said,
    ended,
  };
}

/** `npm start` without npm, which only adds its own words. */
function start(home: string, environment: NodeJS.ProcessEnv, words: readonly string[] = []): Started {
  atEnd.push(() => killOwner(home));
  const script = join(ROOT, 'build/start.ts');
  return begin(process.execPath, [script, '--home', home, ...words], environment);
}

/** A stand-in for Electron: a shell script. The real one is started in test/e2e. */
function standIn(script: string): NodeJS.ProcessEnv {
  const folder = temporaryFolder();
  const file = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':99' };
}

const runs = (home: string) =>
  eventually('its daemon runs', async () => (await soloist(home, ['status'])).exitCode === 0);

test.runIf(process.platform === 'linux')(
  'without a display the daemon runs in the terminal, and it is said why',
  async () => {
    const home = newHome();
    const started = start(home, { DISPLAY: '', WAYLAND_DISPLAY: '' });
    await runs(home);
    expect(started.said()).toContain('There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).');
    expect(ownerOf(home)?.kind).toBe('headless');
    started.signal('SIGTERM');
    expect(await started.ended).toBe(0);
    expect(ownerOf(home)?.endedAt).not.toBeNull();
  },
);

test('where Electron is said to be and is not, the daemon runs in the terminal', async () => {
  const home = newHome();
  const started = start(home, { ELECTRON_OVERRIDE_DIST_PATH: temporaryFolder(), DISPLAY: ':99' });
  await runs(home);
  expect(started.said()).toContain('(ELECTRON_OVERRIDE_DIST_PATH).');
  started.signal('SIGINT');
  expect(await started.ended).toBe(0);
});

test('an Electron that cannot be loaded gives way to the daemon in the terminal', async () => {
  const home = newHome();
  const started = start(
    home,
    standIn('echo "error while loading shared libraries: libnss3.so" >&2; exit 127'),
  );
  await runs(home);
  expect(started.said()).toContain('libnss3.so');
  expect(started.said()).toContain('Electron cannot be loaded');
});

test('arguments and the exit code go through', async () => {
  const started = start('/a home', standIn('printf "[%s]" "$@"; exit 7'), ['--config', 'it.yaml']);
  expect(await started.ended).toBe(7);
  expect(started.said()).toContain(`[${ROOT}]`);
  expect(started.said()).toContain('[--home][/a home][--config][it.yaml]');
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  expect(started.said().split("Chromium's sandbox is off").length).toBe(isRoot ? 2 : 1);
  expect(started.said().includes('[--no-sandbox]')).toBe(isRoot);
});

test('an app that a signal ended is told as a shell tells it', async () => {
  const started = start('/a home', standIn('kill -KILL $$'));
  expect(await started.ended).toBe(137);
});

test('what cannot start in the terminal either says so and fails', async () => {
  const home = newHome();
  const first = start(home, { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere', DISPLAY: ':99' });
  await runs(home);
  const second = start(home, { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere', DISPLAY: ':99' });
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`Daemon already running with PID ${ownerOf(home)?.pid}`);
  first.signal('SIGTERM');
  await first.ended;
});

// A terminal sends its Ctrl-C to npm and to the daemon, and npm sends it on: a second one would be impatience.
test.runIf(process.platform === 'linux')('one Ctrl-C in a terminal stops gracefully', async () => {
  const home = newHome();
  mkdirSync(home, { recursive: true });
  const slowToEnd = 'trap "sleep 1; exit" TERM; echo ready; while :; do sleep 0.1; done';
  writeFileSync(
    join(home, 'soloist.yaml'),
    `jobs:\n  slow:\n    on_start: true\n    run: ${JSON.stringify(slowToEnd)}\n`,
  );
  atEnd.push(() => killOwner(home));
  const started = begin('script', ['-qefc', `npm start --silent -- --home ${home}`, '/dev/null'], {
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  });
  await eventually('the job runs', async () =>
    (await soloist(home, ['logs', 'slow'])).stdout.includes('ready'),
  );
  started.type('\x03');
  await started.ended;
  // The next daemon finds nothing that was left.
  await soloist(home, ['up']);
  const { data } = JSON.parse((await soloist(home, ['runs', '--json'])).stdout);
  expect(data.runs.at(-1).outcome.kind).toBe('cancelled');
});

/** A package `electron` that has not fetched its binary yet, whatever the one of this repository has. */
function freshPackage(): string {
  const installed = electronPackage();
  const folder = join(temporaryFolder(), 'electron');
  mkdirSync(folder);
  for (const file of ['package.json', 'install.js', 'index.js', 'checksums.json'])
    copyFileSync(join(installed, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Lets the package fetch from there and from nowhere else, such as what was fetched before. */
const from = (mirror: string): NodeJS.ProcessEnv => ({
  ...process.env,
  ELECTRON_OVERRIDE_DIST_PATH: '',
  ELECTRON_MIRROR: mirror,
  electron_config_cache: temporaryFolder(),
});

test('a binary that cannot be fetched is told with the reason', async () => {
  const folder = freshPackage();
  const environment = from('http://127.0.0.1:1/');
  expect(findElectron(environment, folder).kind).toBe('unfetched');
  const said: string[] = [];
  const electron = await fetchElectron({ environment, folder, say: (line) => said.push(line) });
  expect(said.join()).toMatch(/^Fetching Electron [\d.]+, once \.\.\.$/);
  expect(electron).toEqual({ kind: 'none', reason: expect.stringContaining('could not be fetched (') });
});

test('a server that says nothing does not keep anybody for minutes', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  const environment = from(`http://127.0.0.1:${port}/`);
  const electron = await fetchElectron({
    environment,
    folder: freshPackage(),
    say: () => {},
    patience: 1_500,
  });
  silent.close();
  expect(electron).toEqual({
    kind: 'none',
    reason: 'Electron could not be fetched (nothing arrived for 1.5 s).',
  });
});
