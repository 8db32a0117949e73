import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess, isAlive, type ProcessIdentity } from '../../../main/daemon/process/identity.ts';
import { endRecorded, findRecorded, waitForRecorded } from '../../../main/daemon/run/end.ts';
import { GUARD_NAME } from '../../../main/daemon/run/guard.ts';
import { systemLook } from '../../../main/daemon/run/processes.ts';
import { signalExactly } from '../../../main/daemon/run/signals.ts';
import type { TreeKey } from '../../../main/daemon/run/tree.ts';
import { forkedAway, GRACE_MS, newToken, Playground, type TestRun, until } from './support.ts';

const look = systemLook();
const isLinux = process.platform === 'linux';

let playground: Playground;
const strangers: ChildProcess[] = [];

beforeEach(() => {
  playground = new Playground();
});

afterEach(async () => {
  for (const stranger of strangers.splice(0)) stranger.kill('SIGKILL');
  await playground.close();
});

/** A process that no test may touch, the leader of its own group. */
async function startStranger(): Promise<ProcessIdentity> {
  const child = spawn('/bin/sh', ['-c', 'read line'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  strangers.push(child);
  const identity = await identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error('the stranger did not start');
  return identity;
}

async function ready(run: TestRun, count = 1): Promise<void> {
  await until('the job is ready', () => run.written().split('ready').length > count);
}

/** How many living processes sleep for this test, wherever they are. */
async function sleepers(): Promise<number> {
  const alive = await playground.alive();
  return alive.filter((one) => one.command === `sleep ${playground.token}`).length;
}

describe('a tree that is ended', () => {
  const trees: readonly (readonly [what: string, text: (sleep: string) => string, count: number])[] = [
    ['is deep', (sleep) => `sh -c "sh -c 'sh -c \\"${sleep} & ${sleep}\\" & ${sleep}' & ${sleep}"`, 4],
    ['has forked away', (sleep) => `${forkedAway(sleep)}; ${sleep}`, 2],
    [
      'has forked away and ignores SIGTERM',
      (sleep) => `${forkedAway(`trap '' TERM; ${sleep}`)}; ${sleep}`,
      2,
    ],
    [
      'has forked away and again',
      (sleep) => `${forkedAway(`(${sleep} & ${sleep} & ${forkedAway(sleep)}) & :`)}; ${sleep}`,
      4,
    ],
    ['has groups of its own', (sleep) => `set -m; ${sleep} & ${sleep} & ${sleep}`, 3],
    ['is stopped', (sleep) => `sh -c 'kill -s STOP $$' & (${sleep}; kill -s STOP 0) & ${sleep}`, 2],
    ['is large', (sleep) => `i=0; while [ $i -lt 150 ]; do ${sleep} & i=$((i+1)); done; wait`, 150],
  ];

  it.each(trees)('leaves nothing if it %s', async (_, text, count) => {
    const run = await playground.start(`echo ready; ${text(`sleep ${playground.token}`)}`);
    await until('all of it is there', async () => (await sleepers()) >= count);
    const end = await run.run.cancel('the test');
    expect(end.left).toEqual([]);
    expect(end.ended.length).toBeGreaterThanOrEqual(count);
    expect(await playground.alive()).toEqual([]);
  });

  it('leaves nothing if it forks all the time and ignores SIGTERM', async () => {
    const forking = 'trap "" TERM; while :; do sh -c "sleep 0.01" & sleep 0.002; done';
    const run = await playground.start(`sh -c '${forking}' & sh -c '${forking}' & echo ready; wait`);
    await ready(run);
    await sleep(100);
    const end = await run.run.cancel('the test');
    expect(end.left).toEqual([]);
    expect(await playground.alive()).toEqual([]);
  });

  it('leaves nothing if it forks into new sessions all the time', async () => {
    if (!isLinux) return;
    const forking = 'trap "" TERM; while :; do setsid -f sleep 0.05; done';
    const run = await playground.start(
      `setsid sh -c '${forking}' & setsid sh -c '${forking}' & echo ready; wait`,
    );
    await ready(run);
    await sleep(100);
    const end = await run.run.cancel('the test');
    expect(end.left).toEqual([]);
    expect(await playground.alive()).toEqual([]);
  });

  it('is known where it has cleared its environment, if it was there for a moment before it moved away', async () => {
    if (!isLinux) return;
    const away = `exec env -i PATH=/usr/bin:/bin setsid sleep ${playground.token}`;
    const fifo = join(playground.folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    // Its parent lives on until it has been seen as a child, and then ends.
    const run = await playground.start(
      `sh -c 'sh -c "${away}" & echo ready; read line < ${fifo}'; sleep ${playground.token}`,
    );
    await ready(run);
    await until('it was seen', () => run.events.some((event) => event.kind === 'moved'));
    writeFileSync(fifo, 'go\n');
    await until('only the two are left', async () => (await sleepers()) === 2);
    await sleep(50);
    const end = await run.run.cancel('the test');
    expect(end.left).toEqual([]);
    expect(await playground.alive()).toEqual([]);
  });
});

/** What the history of a dead daemon would say of a run. */
function keyOf(run: TestRun): TreeKey {
  return { mark: run.mark, leader: run.run.process, known: [] };
}

async function endGuards(): Promise<void> {
  for (const one of await playground.alive())
    if (one.command.includes(GUARD_NAME)) process.kill(one.pid, 'SIGKILL');
}

describe('a run of an earlier daemon', () => {
  const options = { graceMs: GRACE_MS, look };

  it.each([
    ['with its guard', true],
    ['without its guard', false],
  ])('is ended %s, wherever its processes have gone', async (_, isGuarded) => {
    const run = await playground.start(
      `trap '' TERM; ${forkedAway(`trap '' TERM; sleep ${playground.token}`)}; (sleep ${playground.token}) & echo ready; sleep ${playground.token}; wait`,
    );
    await ready(run);
    await until('all of it is there', async () => (await sleepers()) === 3);
    const key = keyOf(run);
    if (!isGuarded) await endGuards();
    // The daemon would reap its child; the system does so for one that is dead.
    const report = await endRecorded(key, options);
    expect(report.left).toEqual([]);
    expect(report.ended.length).toBeGreaterThanOrEqual(4);
    await until('nothing is left', async () => (await playground.alive()).length === 0);
    await run.ended();
  });

  it('is ended also where its first process and its guard are gone', async () => {
    if (!isLinux) return;
    const run = await playground.start(
      `sleep ${playground.token} & setsid sleep ${playground.token} & echo ready; wait`,
    );
    await ready(run);
    await until('all of it is there', async () => (await sleepers()) === 2);
    const key = keyOf(run);
    await endGuards();
    process.kill(run.run.process.pid, 'SIGKILL');
    const report = await endRecorded(key, options);
    expect(report.left).toEqual([]);
    expect(await playground.alive()).toEqual([]);
    await run.ended();
  });

  it('is left alone if the computer was started anew since', async () => {
    const run = await playground.start(`echo ready; exec sleep ${playground.token}`);
    await ready(run);
    const key = keyOf(run);
    const report = await endRecorded({ ...key, leader: { ...key.leader, bootId: 'another boot' } }, options);
    expect(report).toEqual({ ended: [], left: [] });
    expect(await isAlive(key.leader)).toBe(true);
    await run.run.cancel('the test');
  });

  it('is not confused with a stranger that was given its PID', async () => {
    const stranger = await startStranger();
    const reused = { ...stranger, processStarted: '1', group: stranger.pid };
    const key: TreeKey = {
      mark: 'none-of-this.',
      leader: reused,
      known: [{ ...stranger, processStarted: '2' }],
    };
    expect(await findRecorded(key, look)).toEqual([]);
    expect(await endRecorded(key, options)).toEqual({ ended: [], left: [] });
    expect(await signalExactly([reused], ['SIGKILL'])).toEqual([]);
    expect(await isAlive(stranger)).toBe(true);
  });

  it('is not confused with a stranger that was really given its PID by the system', async () => {
    const run = await playground.start(
      `echo ready; setsid sleep ${playground.token} & exec sleep ${playground.token}`,
    );
    await ready(run);
    await until('all of it is there', async () => (await sleepers()) === 2);
    const key = keyOf(run);
    await endGuards();
    process.kill(key.leader.pid, 'SIGKILL');
    // The run is over for its own daemon, and everything of it is gone, its group too.
    await run.ended();
    const stranger = await reusePid(key.leader.pid);
    if (stranger === undefined) {
      console.log('not tested: PIDs can be chosen by root on Linux only');
      return;
    }
    expect(stranger.pid).toBe(key.leader.pid);
    expect(stranger.processStarted).not.toBe(key.leader.processStarted);
    expect(await endRecorded(key, options)).toEqual({ ended: [], left: [] });
    expect(await isAlive(stranger)).toBe(true);
  });

  /** A stranger with this PID, the leader of its group as the run was; undefined if that cannot be had. */
  async function reusePid(pid: number): Promise<ProcessIdentity | undefined> {
    // The number stays taken until the system has reaped the last zombie of the group.
    for (let attempt = 0; attempt < 300; attempt++) {
      try {
        writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
      } catch {
        return undefined;
      }
      const stranger = await startStranger();
      if (stranger.pid === pid) return stranger;
      strangers.pop()?.kill('SIGKILL');
      await sleep(50);
    }
    return undefined;
  }

  it('is waited for if it was kept', async () => {
    const run = await playground.start(`echo ready; exec sleep ${playground.token}`, { orphans: 'keep' });
    await until('it is there', async () => (await sleepers()) === 1);
    const key = keyOf(run);
    expect((await findRecorded(key, look)).map((one) => one.pid)).toEqual([key.leader.pid]);
    const gone = waitForRecorded(key, look, new AbortController().signal);
    const stopped = new AbortController();
    const notGone = waitForRecorded(key, look, stopped.signal);
    stopped.abort();
    expect(await notGone).toBe(false);
    process.kill(key.leader.pid, 'SIGTERM');
    expect(await gone).toBe(true);
    await run.ended();
  });
});

describe('tokens', () => {
  it('tell the processes of one test from those of another', async () => {
    const other = newToken();
    expect(other).not.toBe(playground.token);
    expect(await playground.alive()).toEqual([]);
  });
});
