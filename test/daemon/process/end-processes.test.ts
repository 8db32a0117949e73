import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { descendantsOf } from '../../../main/daemon/process/descendants.ts';
import { ownProcesses, type ProcessDetails, processDetails } from '../../../main/daemon/process/details.ts';
import { endProcesses } from '../../../main/daemon/process/end-processes.ts';
import { processPlatform } from '../../../main/daemon/process/platform.ts';
import { eventually, isRunning } from '../../support/command-line.ts';

/** Longer than any test may take: what ends sooner has ended by itself. */
const LONG_MS = 600_000;
/** What this file's processes sleep, so that those that are left are known. */
const SLEEP = `sleep 600.${process.pid}`;

afterEach(async () => {
  // The shells carry the text too.
  const left = (await ownProcesses()).filter(({ command }) => command.includes(SLEEP));
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});

/** Runs a shell's text apart from the test, and waits until it has printed a line with this many PIDs. */
async function shell(text: string, count: number): Promise<number[]> {
  const child = spawn('/bin/sh', ['-c', text], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const pids = [child.pid ?? 0, ...String(line).trim().split(' ').map(Number)];
  expect(pids).toHaveLength(count + 1);
  return pids;
}

async function detailsOf(pids: readonly number[]): Promise<readonly ProcessDetails[]> {
  return processDetails((await processPlatform().list()).filter(({ pid }) => pids.includes(pid)));
}

const pidsOf = (processes: readonly { readonly pid: number }[]): number[] => processes.map(({ pid }) => pid);

test('everything below a process ends with it, in other sessions too', async () => {
  const text = `${SLEEP} & one=$!; setsid sh -c '${SLEEP}; :' & echo $one $!; wait`;
  const [root = 0, one = 0, two = 0] = await shell(text, 2);
  await eventually(
    'the whole tree is there',
    async () => descendantsOf(root, await ownProcesses()).length === 3,
  );
  const below = descendantsOf(root, await ownProcesses());
  const { ended, left } = await endProcesses(await detailsOf([root]), { graceMs: LONG_MS });
  expect({ ended: pidsOf(ended), left }).toEqual({ ended: [root], left: [] });
  for (const pid of [one, two, ...pidsOf(below)]) expect(await isRunning(pid)).toBe(false);
});

test('one that is stopped ends in peace', async () => {
  const [root = 0] = await shell(`trap "exit 0" TERM; echo 1; while :; do sleep 0.05; done # ${SLEEP}`, 1);
  process.kill(root, 'SIGSTOP');
  const { left } = await endProcesses(await detailsOf([root]), { graceMs: LONG_MS });
  expect(left).toEqual([]);
});

test('a child that ignores SIGTERM is ended by force after its parent has gone', async () => {
  const text = `sh -c 'trap "" TERM; echo $$; while :; do ${SLEEP}; done' & wait`;
  const [root = 0, deaf = 0] = await shell(text, 1);
  const { ended, left } = await endProcesses(await detailsOf([root]), { graceMs: 200 });
  expect({ ended: pidsOf(ended), left }).toEqual({ ended: [root], left: [] });
  expect(await isRunning(deaf)).toBe(false);
});

test('a process that started at another time is not touched', async () => {
  const [root = 0] = await shell(`echo 1; ${SLEEP}`, 1);
  const [details] = await detailsOf([root]);
  if (details === undefined) throw new Error('it is not there');
  const other = { ...details, started: '1' };
  expect(await endProcesses([other], { graceMs: 0 })).toEqual({ ended: [other], left: [] });
  expect(await isRunning(root)).toBe(true);
});

test('neither this process nor one above it is ended, nor what is below', async () => {
  const [child = 0] = await shell(`echo 1; ${SLEEP}`, 1);
  const all = await detailsOf([1, process.ppid, process.pid]);
  const { ended, left } = await endProcesses(all, { graceMs: 0 });
  expect(ended).toEqual([]);
  expect(pidsOf(left)).toEqual(pidsOf(all));
  expect(await isRunning(child)).toBe(true);
});

test('what is to stay does, with all below it, although it was started by one that is ended', async () => {
  // The one in the middle leads a group, and is gone when its child is looked at.
  const text = `setsid sh -c 'sh -c "${SLEEP}; :" & echo $!; ${SLEEP}; :' & wait`;
  const [root = 0, kept = 0] = await shell(text, 1);
  const below = async () => descendantsOf(kept, await ownProcesses());
  await eventually('it has a child', async () => (await below()).length === 1);
  await endProcesses(await detailsOf([root]), { graceMs: LONG_MS, spare: await detailsOf([kept]) });
  expect(await isRunning(root)).toBe(false);
  expect(await isRunning(kept)).toBe(true);
  expect(await below()).toHaveLength(1);
});
