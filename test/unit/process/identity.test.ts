import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import {
  currentBootId,
  identifyProcess,
  identifySelf,
  isAlive,
  isSameProcess,
  livingAmong,
  signalProcess,
} from '../../../main/daemon/process/identity.ts';
import { processPlatform } from '../../../main/daemon/process/platform.ts';

const children: ChildProcess[] = [];

function start(text: string): { readonly child: ChildProcess; readonly pid: number } {
  const child = spawn('/bin/sh', ['-c', text], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  if (child.pid === undefined) throw new Error('sh did not start');
  return { child, pid: child.pid };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('processes of this computer', () => {
  it('knows this very process, the same each time it is asked', async () => {
    const self = await identifySelf();
    expect(self).toMatchObject({ pid: process.pid, bootId: await currentBootId() });
    expect(self.processStarted).not.toBe('');
    expect(await identifyProcess(process.pid)).toEqual(self);
    expect(await isAlive(self)).toBe(true);
  });

  it('lists this process with the start time that it is identified by', async () => {
    const self = await identifySelf();
    const listed = (await processPlatform().list()).find((entry) => entry.pid === process.pid);
    expect(listed).toMatchObject({ parent: process.ppid, started: self.processStarted });
  });

  it('knows a child until it has ended, and does not signal what is no longer there', async () => {
    const { child, pid } = start('read line');
    const identity = await identifyProcess(pid);
    if (identity === undefined) throw new Error('the child was not found');
    expect(await isAlive(identity)).toBe(true);
    expect(await livingAmong([identity])).toEqual([identity]);
    expect(await signalProcess(identity, 'SIGTERM')).toBe(true);
    await once(child, 'exit');
    expect(await identifyProcess(pid)).toBeUndefined();
    expect(await isAlive(identity)).toBe(false);
    expect(await livingAmong([identity])).toEqual([]);
    expect(await signalProcess(identity, 'SIGTERM')).toBe(false);
  });

  it('takes a process with the same PID and another start, or of another boot, for a stranger', async () => {
    const { pid } = start('read line');
    const identity = await identifyProcess(pid);
    if (identity === undefined) throw new Error('the child was not found');
    const earlier = { ...identity, processStarted: '1' };
    const beforeBoot = { ...identity, bootId: '00000000-0000-0000-0000-000000000000' };
    expect(isSameProcess(identity, earlier)).toBe(false);
    expect(isSameProcess(identity, beforeBoot)).toBe(false);
    expect(await livingAmong([earlier, beforeBoot])).toEqual([]);
    expect(await signalProcess(earlier, 'SIGKILL')).toBe(false);
    expect(await signalProcess(beforeBoot, 'SIGKILL')).toBe(false);
    expect(await isAlive(identity)).toBe(true);
  });

  it('takes a zombie for dead', async () => {
    // The background child ends when `exec` has left nobody to wait for it.
    const { child } = start(
      'exec 3<&0; sh -c "read line <&3" & echo $!; exec sh -c "echo alone; exec sleep 30"',
    );
    if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
    let printed = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      printed += text;
      if (printed.includes('alone')) break;
    }
    const zombie = Number.parseInt(printed, 10);
    child.stdin.write('\n');
    await waitUntil(async () => (await identifyProcess(zombie)) === undefined);
    // It is still there, though: a signal of 0 finds it.
    expect(process.kill(zombie, 0)).toBe(true);
    expect((await processPlatform().list()).some((entry) => entry.pid === zombie)).toBe(false);
    expect([...(await processPlatform().startedAmong([zombie]))]).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY])(
    'finds nobody under PID %d',
    async (pid) => {
      expect(await identifyProcess(pid)).toBeUndefined();
    },
  );

  it('finds nobody under the largest PID there can be', async () => {
    expect(await identifyProcess(0xffff_ffff)).toBeUndefined();
    expect(await livingAmong([])).toEqual([]);
  });
});

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
