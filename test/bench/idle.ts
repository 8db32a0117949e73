import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ableContenders, soloist, startContender } from './contenders.ts';
import { type Cost, costOf } from './cost.ts';
import { aheadLine, aimLine } from './figures.ts';
import { idleJobs } from './idle-jobs.ts';
import { endWithBench } from './leftovers.ts';

/** All have started up by then, and Soloist has given back what only its start needed. */
const SETTLE_MS = 8_000;
const JOB_COUNTS = [20, 10_000] as const;

/** Something that waits, and what it is called. */
interface Waiting {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What it costs to wait, without jobs, with few and with many: all side by side over the same time. Linux only. */
export async function benchIdle(seconds: number): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('idle: skipped, it is read from /proc');
    return;
  }
  const able = ableContenders('idle', false);
  const all: Waiting[] = [bareNode(), { name: 'Soloist, no jobs', ...(await startContender(soloist, [])) }];
  for (const jobs of JOB_COUNTS)
    for (const contender of able)
      all.push({
        name: withJobs(contender.name, jobs),
        ...(await startContender(contender, idleJobs(jobs))),
      });
  await sleep(SETTLE_MS);
  const before = all.map(({ pid }) => costOf(pid));
  await sleep(seconds * 1_000);
  const costs = new Map<string, Cost>();
  for (const [index, { name, pid }] of all.entries()) {
    const now = costOf(pid);
    const since = {
      ...now,
      contextSwitches: (now.contextSwitches - (before[index]?.contextSwitches ?? 0)) / seconds,
      cpuMilliseconds: now.cpuMilliseconds - (before[index]?.cpuMilliseconds ?? 0),
    };
    costs.set(name, since);
    console.log(costLine(name, seconds, since));
  }
  await Promise.all(all.map((one) => one.stop()));
  printAims(
    costs,
    able.map(({ name }) => name),
  );
}

const withJobs = (name: string, jobs: number): string => `${name}, ${jobs.toLocaleString('en')} jobs`;

function bareNode(): Waiting {
  const bare = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e8)'], { stdio: 'ignore' });
  endWithBench(bare);
  const ended = new Promise<void>((resolve) => bare.once('exit', () => resolve()));
  const stop = (): Promise<void> => {
    bare.kill();
    return ended;
  };
  return { name: 'a Node that waits', pid: bare.pid ?? 0, stop };
}

function costLine(name: string, seconds: number, cost: Cost): string {
  const megabytes = (value: number): string => value.toFixed(1).padStart(7);
  const memory = `resident ${megabytes(cost.residentMegabytes)} MB   PSS ${megabytes(cost.proportionalMegabytes)} MB`;
  const awake = `context switches ${cost.contextSwitches.toFixed(2)}/s   CPU ${cost.cpuMilliseconds} ms`;
  return `${`idle, ${name}`.padEnd(52)}   over ${seconds} s   ${memory}   ${awake}`;
}

function printAims(costs: ReadonlyMap<string, Cost>, names: readonly string[]): void {
  const memory = (name: string): number => costs.get(name)?.residentMegabytes ?? Number.NaN;
  const ratio = memory('Soloist, no jobs') / memory('a Node that waits');
  console.log(aimLine("without jobs at most 1.35 times a bare Node's memory", ratio, 'times', ratio <= 1.35));
  const switches = costs.get('Soloist, no jobs')?.contextSwitches ?? Number.NaN;
  console.log(aimLine('without jobs under 0.2 wake-ups per second', switches, '/s', switches < 0.2));
  for (const jobs of JOB_COUNTS) {
    const values = (of: (cost: Cost) => number): Map<string, number[]> =>
      new Map(
        names.map((name) => [
          name,
          [costs.get(withJobs(name, jobs))].flatMap((cost) => (cost ? of(cost) : [])),
        ]),
      );
    const label = `${jobs.toLocaleString('en')} jobs`;
    const only = (list: readonly number[]): number => list[0] ?? Number.NaN;
    console.log(
      aheadLine(
        `resident with ${label}`,
        values((cost) => cost.residentMegabytes),
        only,
        'MB',
      ),
    );
    console.log(
      aheadLine(
        `switches with ${label}`,
        values((cost) => cost.contextSwitches),
        only,
        '/s',
      ),
    );
  }
}
