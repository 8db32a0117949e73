import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownerOf, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { aimLine } from './figures.ts';

interface Cost {
  readonly residentMegabytes: number;
  readonly contextSwitches: number;
  readonly cpuMilliseconds: number;
}

const CLOCK_TICKS_PER_SECOND = 100;

/** What a process has cost so far, all of its threads included (proc_pid_status(5), proc_pid_stat(5)). */
export function costOf(pid: number): Cost {
  const number = (text: string, label: string): number =>
    Number(new RegExp(`${label}:\\s+(\\d+)`).exec(text)?.[1] ?? 0);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const threads = readdirSync(`/proc/${pid}/task`).map((id) =>
    readFileSync(`/proc/${pid}/task/${id}/status`, 'utf8'),
  );
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return {
    residentMegabytes: number(status, 'VmRSS') / 1024,
    contextSwitches: threads.reduce(
      (sum, text) =>
        sum + number(text, 'voluntary_ctxt_switches') + number(text, 'nonvoluntary_ctxt_switches'),
      0,
    ),
    cpuMilliseconds: (ticks * 1000) / CLOCK_TICKS_PER_SECOND,
  };
}

/** The daemon with nothing to do, and a Node that waits, side by side over the same time. Linux only. */
export async function benchIdle(seconds: number): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('idle cost: skipped, it is read from /proc');
    return;
  }
  const home = join(temporaryFolder(), 'home');
  await soloist(home, ['up']);
  const daemon = ownerOf(home)?.pid ?? 0;
  const bare = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e8)'], { stdio: 'ignore' });
  // Both have started up by then.
  await sleep(5_000);
  const pids = { daemon, bare: bare.pid ?? 0 };
  const before = { daemon: costOf(pids.daemon), bare: costOf(pids.bare) };
  await sleep(seconds * 1_000);
  const after = { daemon: costOf(pids.daemon), bare: costOf(pids.bare) };
  const perSecond = (who: 'daemon' | 'bare'): number =>
    (after[who].contextSwitches - before[who].contextSwitches) / seconds;
  for (const who of ['daemon', 'bare'] as const) {
    const name = who === 'daemon' ? 'idle daemon' : 'idle bare Node';
    const cpu = after[who].cpuMilliseconds - before[who].cpuMilliseconds;
    const resident = after[who].residentMegabytes.toFixed(1);
    const switches = perSecond(who).toFixed(2);
    console.log(
      `${name.padEnd(52)}   over ${seconds} s   resident ${resident} MB   context switches ${switches}/s   CPU ${cpu} ms`,
    );
  }
  const ratio = after.daemon.residentMegabytes / after.bare.residentMegabytes;
  console.log(aimLine("at most 1.35 times a bare Node's memory", ratio, 'times', ratio <= 1.35));
  console.log(aimLine('under 0.2 wake-ups per second', perSecond('daemon'), '/s', perSecond('daemon') < 0.2));
  bare.kill();
  await soloist(home, ['down']);
}
