import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { logFiles } from '../../main/daemon/log/day-files.ts';
import { CLI, eventually, ownerOf, soloist } from '../support/command-line.ts';
import { newHome } from '../support/homes.ts';

const FAULTY = resolve(import.meta.dirname, '../fixtures/faulty-daemon.ts');
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Starts a daemon in the foreground; resolves when it runs, with what it will have ended with. */
async function foreground(
  home: string,
  words: readonly string[],
): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
  const environment = { ...process.env, SOLOIST_HOME: home, SOLOIST_CONFIG: '', NO_COLOR: '1' };
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, output })),
  );
  await eventually(
    'it runs or has ended',
    () => logOf(home).includes('"running"') || child.exitCode !== null,
  );
  return { child, ended };
}

const logOf = (home: string): string =>
  logFiles(join(home, 'logs'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('');

function expectNothingLeft(home: string): void {
  for (const name of ['daemon.pid', 'daemon.sock', 'daemon.host.lock'])
    expect(existsSync(join(home, name)), name).toBe(false);
  expect(ownerOf(home)?.endedAt).not.toBeNull();
}

test('a signal that comes from the terminal, and from whoever hands it on, is one', async () => {
  const home = newHome();
  mkdirSync(home, { recursive: true });
  const slowToEnd = 'trap "sleep 1; exit" TERM; echo begun; while :; do sleep 0.1; done';
  writeFileSync(
    join(home, 'soloist.yaml'),
    `jobs:\n  slow:\n    on_start: true\n    run: ${JSON.stringify(slowToEnd)}\n`,
  );
  const { child, ended } = await foreground(home, [CLI, 'up', '--foreground']);
  await eventually('its job runs', async () =>
    (await soloist(home, ['logs', 'slow'])).stdout.includes('begun'),
  );
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  expectNothingLeft(home);
});

test.for(['SIGTERM', 'SIGINT'] as const)('%s stops gracefully', async (signal) => {
  const home = newHome();
  const { child, ended } = await foreground(home, [CLI, 'up', '--foreground']);
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expectNothingLeft(home);
  expect(logOf(home)).toContain(`stopping on ${signal}`);
});

test('a second SIGTERM exits at once, also where stopping hangs', async () => {
  const home = newHome();
  const { child, ended } = await foreground(home, [FAULTY, home, 'hang']);
  child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 143 });
});

test('SIGHUP reloads the configuration and keeps the daemon', async () => {
  const home = newHome();
  const { child, ended } = await foreground(home, [CLI, 'up', '--foreground']);
  child.kill('SIGHUP');
  await eventually('it was read again', () => logOf(home).includes('the configuration was read again'));
  expect((await soloist(home, ['status'])).exitCode).toBe(0);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
});

test.for([
  ['throw', 'out of the blue'],
  ['reject', 'nobody catches this'],
] as const)(
  'an uncaught error (%s) is logged, releases the lock and exits non-zero',
  async ([fault, message]) => {
    const home = newHome();
    const { ended } = await foreground(home, [FAULTY, home, fault]);
    expect(await ended).toMatchObject({ code: 70 });
    expectNothingLeft(home);
    const fatal = logOf(home)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .find(({ level }) => level === 60);
    expect(fatal.err).toMatchObject({ message, stack: expect.stringContaining('faulty-daemon') });
  },
);

test('in the foreground, the log is for people; with --json it is JSON lines', async () => {
  const home = newHome();
  const people = await foreground(home, [CLI, 'up', '--foreground']);
  people.child.kill('SIGTERM');
  expect((await people.ended).output).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: starting/m);
  const machines = newHome();
  const { child, ended } = await foreground(machines, [CLI, 'up', '--foreground', '--json']);
  child.kill('SIGTERM');
  const lines = (await ended).output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg }) => msg)).toEqual(['starting', 'running', 'stopping on SIGTERM']);
});

test('in the foreground, a second daemon says why it does not start', async () => {
  const home = newHome();
  const { child } = await foreground(home, [CLI, 'up', '--foreground']);
  const second = await soloist(home, ['up', '--foreground']);
  expect(second).toMatchObject({ exitCode: 1, stdout: '' });
  expect(second.stderr).toBe(`${second.stderr.trim()}\n`);
  expect(second.stderr).toMatch(
    new RegExp(`^Daemon already running with PID ${child.pid} \\(headless, since`),
  );
});
