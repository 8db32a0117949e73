import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, killOwner, ownerOf, soloist } from '../support/command-line.ts';
import { Starter } from '../support/starters.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

/** An owner suspended for as many seconds, a starter each second, then resumed: never stolen, and it goes on. */
export async function suspendOwner(seconds: number): Promise<TortureResult> {
  const tally = new Tally(`an owner suspended ${seconds} s, with a starter each second`);
  const home = join(temporaryFolder(), 'home');
  await soloist(home, ['up']);
  const owner = ownerOf(home);
  const pid = owner?.pid ?? 0;
  const starter = await Starter.spawn();
  process.kill(pid, 'SIGSTOP');
  try {
    for (let second = 0; second < seconds; second++) {
      tally.round();
      await expectRefused(tally, starter, home, pid);
      await sleep(1_000);
    }
  } finally {
    process.kill(pid, 'SIGCONT');
    await starter.kill();
  }
  await expectGoingOn(tally, home, owner?.instanceId);
  return tally.result();
}

/** The clock jumps an hour forward or back for owner and starters alike: never stolen, and it goes on. */
export async function jumpClock(rounds: number): Promise<TortureResult> {
  const tally = new Tally('the clock an hour forward and back');
  const home = join(temporaryFolder(), 'home');
  const program = new URL('../fixtures/jumping-daemon.ts', import.meta.url).pathname;
  const daemon = spawn(process.execPath, [program, home], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const starter = await Starter.spawn();
  try {
    await eventually('the daemon runs', async () => (await soloist(home, ['status'])).exitCode === 0);
    const { pid, instanceId } = ownerOf(home) ?? { pid: 0, instanceId: '' };
    for (let index = 0; index < rounds; index++) {
      tally.round();
      const jump = (index % 2 === 0 ? 1 : -1) * 60 * 60_000;
      daemon.send({ jump });
      // To everybody else the owner's last sign of life is an hour old, or an hour ahead.
      const seen = new Date(Date.now() - jump);
      utimesSync(join(home, 'daemon.host.lock'), seen, seen);
      await expectRefused(tally, starter, home, pid);
      await expectGoingOn(tally, home, instanceId, false);
    }
    await expectGoingOn(tally, home, instanceId);
  } finally {
    daemon.kill('SIGKILL');
    await starter.kill();
  }
  return tally.result();
}

/** The PID in a dead owner's record belongs to a live stranger: the next one starts, the stranger is not signalled. */
export async function reusePid(rounds: number): Promise<TortureResult> {
  const tally = new Tally('the recorded PID given to a live stranger');
  const home = join(temporaryFolder(), 'home');
  for (let index = 0; index < rounds; index++) {
    tally.round();
    const up = await soloist(home, ['up']);
    tally.expect(up.exitCode === 0, `up: ${up.stderr}`);
    const pid = ownerOf(home)?.pid ?? 0;
    killOwner(home);
    const stranger = await strangerWithPid(pid);
    tally.count(stranger.pid === pid ? 'given by the system' : 'written into the record');
    // Where the system's counter may not be set, the record is given the stranger's PID instead.
    if (stranger.pid !== pid) {
      const path = join(home, 'daemon.owner.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace(`"pid": ${pid}`, `"pid": ${stranger.pid}`));
    }
    const status = await soloist(home, ['status']);
    tally.expect(status.exitCode === 1, `status before the start: ${status.exitCode}`);
    const down = index % 2 === 0 ? await soloist(home, ['down']) : undefined;
    tally.expect(down === undefined || down.exitCode === 0, `down: ${down?.stderr}`);
    const next = await soloist(home, ['up']);
    tally.expect(next.exitCode === 0, `the next up: ${next.stderr}`);
    await soloist(home, ['down']);
    const signalled = stranger.exitCode ?? stranger.signalCode;
    tally.expect(signalled === null, `the stranger ended: ${signalled}`);
    stranger.kill('SIGKILL');
  }
  return tally.result();
}

async function expectRefused(tally: Tally, starter: Starter, home: string, pid: number): Promise<void> {
  const report = await starter.start(home);
  tally.expect(
    report.kind === 'refused' && report.ownerPid === pid,
    `not refused: ${JSON.stringify(report)}`,
  );
  tally.count('refusals');
}

async function expectGoingOn(
  tally: Tally,
  home: string,
  instanceId: string | undefined,
  end = true,
): Promise<void> {
  const { exitCode, stdout } = await soloist(home, ['status', '--json']);
  tally.expect(exitCode === 0, `status: ${stdout}`);
  tally.expect(JSON.parse(stdout).data.owner?.instanceId === instanceId, 'it is another daemon');
  if (end) tally.expect((await soloist(home, ['down'])).exitCode === 0, 'down failed');
}

/** A process with exactly this PID if the system lets one be chosen, else with any. */
async function strangerWithPid(pid: number): Promise<ChildProcess> {
  await eventually('the PID is free', () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    } catch {
      break;
    }
    const child = spawn('sleep', ['300'], { stdio: 'ignore' });
    if (child.pid === pid) return child;
    child.kill('SIGKILL');
  }
  return spawn('sleep', ['300'], { stdio: 'ignore' });
}
