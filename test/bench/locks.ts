import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { lock as properLock } from 'proper-lockfile';
import { prepareHome } from '../../main/daemon/home.ts';
import { InstanceLock } from '../../main/daemon/lock/instance-lock.ts';
import { lockOptions } from '../support/lock-options.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { aimLine, figuresLine, median, percentile } from './figures.ts';
import { endWithBench } from './leftovers.ts';

const { tryLock } = createRequire(import.meta.url)('fs-native-extensions') as {
  tryLock(file: number): boolean;
};

/** One way to lock a folder; resolves to how to release it. */
type Take = (folder: string) => Promise<() => Promise<void> | void>;

/** The locks that are measured, by name. The waiting process of the recovery takes them by these names too. */
export const takes: Readonly<Record<'soloist' | 'proper-lockfile' | 'kernel', Take>> = {
  async soloist(folder) {
    const held = await new InstanceLock(lockOptions(folder)).acquire();
    return () => held.release();
  },
  'proper-lockfile': (folder) => properLock(join(folder, 'peer'), { realpath: false }),
  async kernel(folder) {
    const file = openSync(join(folder, 'kernel.lock'), 'a');
    if (!tryLock(file)) {
      closeSync(file);
      throw new Error('held');
    }
    return () => closeSync(file);
  },
};

const names = {
  soloist: 'Soloist',
  'proper-lockfile': 'proper-lockfile alone',
  kernel: 'kernel lock alone',
} as const;

/** Acquire and release, again and again, in one process: the locks by turns. */
export async function benchAcquire(runs: number): Promise<void> {
  const folder = prepareHome(join(temporaryFolder(), 'home'));
  const times = { soloist: [] as number[], 'proper-lockfile': [] as number[], kernel: [] as number[] };
  for (let index = -20; index < runs; index++) {
    for (const name of ['soloist', 'proper-lockfile', 'kernel'] as const) {
      const before = performance.now();
      await (await takes[name](folder))();
      // The first ones compile the code.
      if (index >= 0) times[name].push(performance.now() - before);
    }
  }
  for (const name of ['soloist', 'proper-lockfile', 'kernel'] as const)
    console.log(
      figuresLine({ name: `acquire and release, ${names[name]}`, unit: 'ms', values: times[name] }),
    );
  const p99 = percentile(times.soloist, 0.99);
  console.log(aimLine('p99 under 10 ms', p99, 'ms', p99 < 10));
}

const PROGRAM = resolve(import.meta.dirname, 'waiting-starter.ts');

/** From the SIGKILL of an owner until a starter that was waiting for it owns. */
export async function benchRecovery(runs: number, peerRuns: number): Promise<void> {
  const times: Record<'soloist' | 'proper-lockfile', number[]> = { soloist: [], 'proper-lockfile': [] };
  for (const [name, count] of [
    ['soloist', runs],
    ['proper-lockfile', peerRuns],
  ] as const) {
    for (let index = 0; index < count; index++) times[name].push(await recover(name));
    const values = times[name];
    console.log(
      figuresLine({ name: `owner killed until a waiting starter owns, ${names[name]}`, unit: 'ms', values }),
    );
  }
  const middle = median(times.soloist);
  const most = Math.max(...times.soloist);
  console.log(aimLine('median under 50 ms', middle, 'ms', middle < 50));
  console.log(aimLine('at most 250 ms', most, 'ms', most <= 250));
}

async function recover(name: 'soloist' | 'proper-lockfile'): Promise<number> {
  const folder = prepareHome(join(temporaryFolder(), 'home'));
  mkdirSync(folder, { recursive: true });
  const spawn = (): ChildProcess => {
    const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc'];
    const child = fork(PROGRAM, [name, folder], { execArgv: [], stdio });
    endWithBench(child);
    return child;
  };
  const owner = spawn();
  await new Promise((resolve) => owner.once('message', resolve));
  const waiting = spawn();
  const owned = new Promise<string>((resolve) => {
    waiting.on('message', (message: string) => message !== 'waiting' && resolve(message));
  });
  await new Promise((resolve) => waiting.once('message', resolve));
  const before = process.hrtime.bigint();
  owner.kill('SIGKILL');
  const took = Number(BigInt(await owned) - before) / 1e6;
  const gone = new Promise((resolve) => waiting.once('exit', resolve));
  waiting.kill('SIGKILL');
  await gone;
  rmSync(folder, { recursive: true, force: true });
  return took;
}
