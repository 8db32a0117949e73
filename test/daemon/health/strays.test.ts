import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { StrayView } from '../../../main/daemon/health/report.ts';
import { endStrays, findStrays, straysCheck } from '../../../main/daemon/health/strays/strays.ts';
import { identifyProcess, identifySelf } from '../../../main/daemon/process/identity.ts';
import { CLI, eventually, killOwner, ownerOf, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { BrokenLockDaemon } from '../../torture/broken-lock.ts';

const SOURCES = resolve(import.meta.dirname, '../../../main/headless.ts');
const children: ChildProcess[] = [];
const homes: string[] = [];
const others: BrokenLockDaemon[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) killOwner(home);
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(others.splice(0).map((daemon) => daemon.kill()));
});

/** A home, with a space in its path, whose daemon is killed after the test. */
function someHome(): string {
  const home = join(temporaryFolder(), 'a home');
  homes.push(home);
  return home;
}

/** Starts a daemon as a program of its own; resolves to its PID when it runs. */
async function start(home: string, words: readonly string[], environment = {}): Promise<number> {
  const child = spawn(process.execPath, words, {
    stdio: 'ignore',
    env: { ...process.env, SOLOIST_CONFIG: '', ...environment },
  });
  children.push(child);
  await eventually('it is the owner', () => ownerOf(home)?.pid === child.pid);
  return child.pid ?? 0;
}

/** The strays among these processes: those of other tests and people run here too. */
async function straysAmong(pids: readonly number[], home: string): Promise<readonly StrayView[]> {
  const all = await findStrays({ home, self: await identifySelf() });
  return all.filter(({ pid }) => pids.includes(pid));
}

const kindsOf = (strays: readonly StrayView[]): object =>
  Object.fromEntries(strays.map(({ pid, kind, home }) => [pid, { kind, home }]));

test('daemons of other homes are found with their homes, however they were started', async () => {
  const [up, foreground, sources, linked] = [someHome(), someHome(), someHome(), someHome()];
  expect(await soloist(up, ['up'])).toMatchObject({ exitCode: 0 });
  const upPid = ownerOf(up)?.pid ?? 0;
  const foregroundPid = await start(foreground, [CLI, 'up', '--foreground'], { SOLOIST_HOME: foreground });
  const sourcesPid = await start(sources, [SOURCES, `--home=${sources}`]);
  const link = join(temporaryFolder(), 'link');
  mkdirSync(linked, { mode: 0o700 });
  symlinkSync(linked, link);
  const linkedPid = await start(linked, [CLI, '--home', link, 'up', '--foreground']);

  const pids = [upPid, foregroundPid, sourcesPid, linkedPid];
  const strays = await straysAmong(pids, temporaryFolder());
  expect(kindsOf(strays)).toEqual({
    [upPid]: { kind: 'other-home', home: up },
    [foregroundPid]: { kind: 'other-home', home: foreground },
    [sourcesPid]: { kind: 'other-home', home: sources },
    [linkedPid]: { kind: 'other-home', home: linked },
  });
  for (const { since, memoryBytes, command } of strays) {
    expect(Date.parse(since ?? '')).toBeGreaterThan(Date.now() - 120_000);
    expect(memoryBytes).toBeGreaterThan(1_000_000);
    expect(command).toMatch(/headless|--foreground/);
  }
  expect(straysCheck(strays)).toMatchObject([{ verdict: 'ok', remedy: null }]);
  // However it is told, its own home is its home.
  expect(kindsOf(await straysAmong([linkedPid], linked))).toEqual({
    [linkedPid]: { kind: 'same-home', home: linked },
  });

  const ended: unknown[] = [];
  const of = { home: temporaryFolder(), self: await identifySelf() };
  await endStrays(strays, of, async (processes) => {
    ended.push(...processes);
    return { ended: [], left: [] };
  });
  expect(ended, 'of other homes, none is ended').toEqual([]);
});

test('the owner itself, its jobs, and commands are no strays', async () => {
  const home = someHome();
  mkdirSync(home, { mode: 0o700 });
  // Words of a daemon in a job's command, and a home that is not its own.
  const words = `--home ${home} headless.cjs up --foreground`;
  writeFileSync(
    join(home, 'soloist.yaml'),
    `jobs:\n  long: { run: 'sleep 300 # ${words}', on_start: true }\n  node: { run: ['${process.execPath}', -e, 'setInterval(() => {}, 1000)', headless.cjs, --home, '${home}'], on_start: true }\n`,
  );
  expect(await soloist(home, ['up'])).toMatchObject({ exitCode: 0 });
  const isRunning = async (job: string): Promise<boolean> =>
    (await soloist(home, ['jobs', '--json'])).stdout.includes(`"name":"${job}"`) &&
    JSON.parse((await soloist(home, ['runs', job, '--json'])).stdout).data.runs[0]?.state === 'running';
  await eventually('both jobs run', async () => (await isRunning('long')) && (await isRunning('node')));
  const self = await identifyProcess(ownerOf(home)?.pid ?? 0);
  if (self === undefined) throw new Error('the daemon does not run');

  const watching = spawn(process.execPath, [CLI, '--home', home, 'status', '--watch'], { stdio: 'ignore' });
  children.push(watching);
  const strays = await findStrays({ home, self });
  expect(strays.filter((stray) => stray.home === home || stray.kind === 'same-home')).toEqual([]);
  // A second starter is refused; while it tries, it is no stray.
  const second = soloist(home, ['up', '--foreground']);
  const meanwhile = await findStrays({ home, self });
  expect(meanwhile.filter(({ kind }) => kind === 'same-home')).toEqual([]);
  expect((await second).exitCode).toBe(1);
  await soloist(home, ['down']);
});

test('a daemon whose home was deleted or moved away, and has not noticed', async () => {
  const [deleted, moved] = [someHome(), someHome()];
  const [deletedPid, movedPid] = [
    await start(deleted, [SOURCES, '--home', deleted]),
    await start(moved, [SOURCES, '--home', moved]),
  ];
  // Else they would end themselves at once.
  for (const pid of [deletedPid, movedPid]) process.kill(pid, 'SIGSTOP');
  rmSync(deleted, { recursive: true });
  renameSync(moved, `${moved} elsewhere`);
  const of = { home: temporaryFolder(), self: await identifySelf() };
  await eventually('both are strays', async () => {
    const kinds = kindsOf(await straysAmong([deletedPid, movedPid], of.home));
    return JSON.stringify(kinds).match(/home-gone/g)?.length === 2;
  });
  const strays = await straysAmong([deletedPid, movedPid], of.home);
  expect(kindsOf(strays)).toEqual({
    [deletedPid]: { kind: 'home-gone', home: deleted },
    [movedPid]: { kind: 'home-gone', home: moved },
  });
  expect(straysCheck(strays)).toMatchObject([{ verdict: 'warning', remedy: { kind: 'end-strays' } }]);

  // Of those that are shown, those that are strays now are ended; no other process under that number.
  const shown = strays.map(({ pid, started }) => ({
    pid,
    started: pid === movedPid ? `${started}0` : started,
  }));
  const answer = await endStrays(shown, of, async (processes, { graceMs }) => {
    expect(graceMs).toBeGreaterThan(0);
    return { ended: processes, left: [] };
  });
  expect(answer.ended.map(({ pid }) => pid)).toEqual([deletedPid]);
});

test('a daemon whose program was deleted', async () => {
  // A program finds its packages above its folder.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 's-program-')));
  try {
    cpSync(dirname(CLI), join(folder, 'out'), { recursive: true });
    symlinkSync(resolve(dirname(CLI), '../node_modules'), join(folder, 'node_modules'));
    const home = someHome();
    const pid = await start(home, [join(folder, 'out/headless.cjs'), '--home', home]);
    expect(kindsOf(await straysAmong([pid], temporaryFolder()))).toEqual({
      [pid]: { kind: 'other-home', home },
    });
    rmSync(folder, { recursive: true });
    await eventually('it is a stray', async () => {
      const [stray] = await straysAmong([pid], temporaryFolder());
      return stray?.kind === 'program-gone' && stray.home === home;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('another daemon of the same home, which a broken lock let run', async () => {
  const home = newHome();
  mkdirSync(home, { mode: 0o700 });
  const begin = async (): Promise<BrokenLockDaemon> => {
    const daemon = await BrokenLockDaemon.spawn(home, false);
    others.push(daemon);
    daemon.tell({ kind: 'start', at: '0' });
    expect(await daemon.started).toBeNull();
    return daemon;
  };
  const first = await begin();
  // It is suspended before it can notice that there is a second one.
  first.signal('SIGSTOP');
  const second = await begin();
  const self = await identifyProcess(second.pid);
  if (self === undefined) throw new Error('the second daemon does not run');
  const strays = await findStrays({ home, self });
  const same = strays.filter(({ kind }) => kind === 'same-home');
  expect(same).toMatchObject([{ pid: first.pid, home }]);
  expect(straysCheck(same)).toMatchObject([
    {
      verdict: 'error',
      sentence: expect.stringContaining(`PID ${first.pid}`),
      remedy: { kind: 'end-strays' },
    },
  ]);
  // Once it may look, it ends itself, and there is none.
  first.signal('SIGCONT');
  expect(await first.ended).toBe(1);
  expect((await findStrays({ home, self })).filter(({ kind }) => kind === 'same-home')).toEqual([]);
});
