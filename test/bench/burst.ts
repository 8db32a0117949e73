import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/temporary.ts';
import { ableContenders, type BenchJob, type Contender, startContender } from './contenders.ts';
import { aheadLine, figuresLine, median } from './figures.ts';
import { firstActs, type RecordingCommand, recordingCommand } from './first-act.ts';

/** They are due again and again after this many seconds. */
const EVERY_S = 3;
const EVERY_MS = EVERY_S * 1_000;

/** What became of all jobs that were due at one instant. */
interface Burst {
  /** From the due time to the first instruction of the last one, in milliseconds. */
  readonly lastMs: number;
  readonly dropped: number;
  readonly doubled: number;
}

/** Many jobs due at once: when the last one is started, and whether each was, once. */
export async function benchBurst(jobs: number, turns: number, bursts: number): Promise<void> {
  const what = `${jobs} jobs due at once, last one started`;
  const able = ableContenders(what, true);
  const recording = recordingCommand();
  const all = new Map<string, Burst[]>(able.map(({ name }) => [name, []]));
  for (let turn = 0; turn < turns; turn++)
    for (const contender of able)
      all.get(contender.name)?.push(...(await oneTurn(contender, recording.command, jobs, bursts)));
  console.log(`  each job is ${recording.words}; Soloist has max_concurrent: 200, APScheduler 200 threads`);
  const times = new Map<string, number[]>();
  for (const [name, results] of all) {
    const values = results.map(({ lastMs }) => lastMs);
    times.set(name, values);
    const sum = (key: 'dropped' | 'doubled'): number =>
      results.reduce((total, result) => total + result[key], 0);
    const counts = `dropped ${sum('dropped')}, doubled ${sum('doubled')} of ${results.length * jobs}`;
    console.log(`${figuresLine({ name: `${what}, ${name}`, unit: 'ms', values })}   ${counts}`);
  }
  console.log(aheadLine('median', times, median, 'ms'));
}

async function oneTurn(
  contender: Contender,
  command: RecordingCommand,
  count: number,
  bursts: number,
): Promise<Burst[]> {
  const file = join(temporaryFolder(), 'first-acts');
  const jobs = Array.from({ length: count }, (_, index): BenchJob => {
    const name = `job-${index}`;
    return { name, pattern: `*/${EVERY_S} * * * * *`, command: command(file, name) };
  });
  const started = await startContender(contender, jobs);
  // The first burst is not counted: it compiles the code.
  const first = Math.floor(Date.now() / EVERY_MS) * EVERY_MS + 2 * EVERY_MS;
  const end = first + bursts * EVERY_MS;
  await sleep(end - EVERY_MS / 6 - Date.now());
  await started.stop();
  const acts = firstActs(file);
  return Array.from({ length: bursts }, (_, index) => {
    const due = first + index * EVERY_MS;
    const own = acts.filter(({ atMs }) => atMs > due - EVERY_MS / 10 && atMs <= due + 0.9 * EVERY_MS);
    const distinct = new Set(own.map(({ job }) => job)).size;
    const lastMs = Math.max(...own.map(({ atMs }) => atMs)) - due;
    return { lastMs, dropped: count - distinct, doubled: own.length - distinct };
  });
}
