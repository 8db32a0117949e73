import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/temporary.ts';
import { ableContenders, type Contender, startContender } from './contenders.ts';
import { aheadLine, figuresLine, median, percentile } from './figures.ts';
import { firstActs, type RecordingCommand, recordingCommand } from './first-act.ts';

const SECOND_MS = 1_000;
/** Time for the last one to be started. */
const AFTER_MS = 500;

/**
 * How late the first instruction of a child is, for one job a second: a number of turns of some seconds for each
 * contender.
 */
export async function benchLateness(turns: number, seconds: number): Promise<void> {
  const what = 'lateness of a job each second';
  const able = ableContenders(what, true);
  const recording = recordingCommand();
  const times = new Map<string, number[]>(able.map(({ name }) => [name, []]));
  for (let turn = 0; turn < turns; turn++)
    for (const contender of able)
      times.get(contender.name)?.push(...(await oneTurn(contender, recording.command, seconds)));
  console.log(`  by turns of ${seconds} s; the job is ${recording.words}`);
  for (const [name, values] of times)
    console.log(figuresLine({ name: `${what}, ${name}`, unit: 'ms', values }));
  console.log(aheadLine('median', times, median, 'ms'));
  console.log(aheadLine('p99', times, (values) => percentile(values, 0.99), 'ms'));
}

async function oneTurn(contender: Contender, command: RecordingCommand, seconds: number): Promise<number[]> {
  const file = join(temporaryFolder(), 'first-acts');
  const job = { name: 'each-second', pattern: '* * * * * *', command: command(file, 'each-second') };
  const started = await startContender(contender, [job]);
  // The first run is not counted: it compiles the code.
  const end = (Math.ceil(Date.now() / SECOND_MS) + seconds) * SECOND_MS;
  await sleep(end + AFTER_MS - Date.now());
  await started.stop();
  const late = firstActs(file).map(({ atMs }) => lateness(atMs));
  if (late.length < seconds) throw new Error(`${contender.name} ran ${late.length} times in ${seconds} s`);
  return late.slice(1, seconds + 1);
}

/** From the second in which it was due; just before one is early, not late. */
function lateness(atMs: number): number {
  const late = atMs % SECOND_MS;
  return late > 0.9 * SECOND_MS ? late - SECOND_MS : late;
}
