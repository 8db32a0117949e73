import { copyFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { type History, openHistory } from '../../main/daemon/history/history.ts';
import { failedOutcomes } from '../../main/daemon/history/run.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { figuresLine } from './figures.ts';
import { fill, JOBS, jobName, oneRun, SPACING_MS, START } from './made-history.ts';

const PAGE = 50;

function measure(name: string, times: number, action: (round: number) => void): void {
  const values: number[] = [];
  for (let round = 0; round < times; round++) {
    const before = performance.now();
    action(round);
    values.push(performance.now() - before);
  }
  report(name, values);
}

function report(name: string, values: readonly number[]): void {
  console.log(figuresLine({ name, unit: 'ms', values }));
}

function deepCursor(position: number): string {
  const at = START + position * SPACING_MS + 2;
  return `${at}.${at}`;
}

/** What the history costs with many runs in it. */
export async function benchHistory(runs: number): Promise<void> {
  const folder = temporaryFolder();
  const file = join(folder, 'history.db');
  const options = {
    now: () => new Date(),
    onFlushError: (error: Error) => console.error(error),
  };
  const filling = performance.now();
  let { history } = openHistory(file, options);
  fill(history, runs);
  const seconds = (performance.now() - filling) / 1_000;
  await history.close();
  console.log(
    `  ${(statSync(file).size / 1e6).toFixed(0)} MB, ${JOBS} jobs, filled in ${seconds.toFixed(1)} s`,
  );
  const opening = performance.now();
  ({ history } = openHistory(file, options));
  report('open after a clean stop', [performance.now() - opening]);
  measureReading(history, runs);
  await measureWriting(history, runs);
  const crashed = join(folder, 'crashed.db');
  copyFileSync(file, crashed);
  copyFileSync(`${file}-wal`, `${crashed}-wal`);
  const recovering = performance.now();
  const recovered = openHistory(crashed, options).history;
  report('open after a crash, every page checked', [performance.now() - recovering]);
  await recovered.close();

  const closing = performance.now();
  await history.close();
  report('close', [performance.now() - closing]);
  rmSync(folder, { recursive: true, force: true });
}

function measureReading(history: History, runs: number): void {
  const end = START + runs * SPACING_MS;
  const random = (round: number): number => Math.floor(((round * 0.618_033_988_75) % 1) * runs);
  measure(`first page of ${PAGE}`, 500, () => history.page({}, undefined, PAGE));
  measure('page at a random depth', 500, (round) => history.page({}, deepCursor(random(round)), PAGE));
  measure('last page', 500, () => history.page({}, deepCursor(PAGE), PAGE));
  measure('first page of one job', 500, (round) => history.page({ job: jobName(round) }, undefined, PAGE));
  measure('page of one job at a random depth', 500, (round) =>
    history.page({ job: jobName(round) }, deepCursor(random(round)), PAGE),
  );
  measure('first page of what failed', 500, () =>
    history.page({ outcomes: failedOutcomes }, undefined, PAGE),
  );
  measure('what failed, at a random depth', 500, (round) =>
    history.page({ outcomes: failedOutcomes }, deepCursor(random(round)), PAGE),
  );
  measure('what failed of one job, at a random depth', 500, (round) =>
    history.page({ outcomes: failedOutcomes, job: jobName(round) }, deepCursor(random(round)), PAGE),
  );
  measure('what was cancelled (no run was)', 500, () =>
    history.page({ outcomes: ['cancelled'] }, undefined, PAGE),
  );
  measure('the last day', 500, () => history.page({ since: end - 86_400_000 }, undefined, PAGE));
  measure('one day at a random depth', 500, (round) => {
    const since = START + random(round) * SPACING_MS;
    history.page({ since, until: since + 86_400_000 }, undefined, PAGE);
  });
  measure('a text that is in every tenth run, first page', 50, () =>
    history.page({ text: 'JOB-1' }, undefined, PAGE),
  );
  measure('a text that is in no run, one step of the search', 50, () =>
    history.page({ text: 'nowhere' }, undefined, PAGE),
  );
  measure(`the last run of each of ${JOBS} jobs`, 500, () =>
    history.latest(
      Array.from({ length: JOBS }, (_, job) => jobName(job)),
      1,
    ),
  );
  measure('statistics of a job over its last 100 runs', 500, (round) =>
    history.statistics(jobName(round), 100),
  );
  measure('find one run', 500, (round) =>
    history.find((START + random(round) * SPACING_MS + 2).toString(36)),
  );
  measure('unfinished runs', 500, () => history.unfinished());
}

async function measureWriting(history: History, runs: number): Promise<void> {
  const end = START + runs * SPACING_MS;
  let number = runs;
  measure('claim, start and end of one run (three commits)', 5_000, () => oneRun(history, number++));
  measure('claim 200 runs of one second', 50, () => {
    const at = START + number++ * SPACING_MS;
    history.claimAll(
      Array.from({ length: 200 }, (_, job) => ({
        job: `burst-${job}`,
        trigger: { kind: 'cron', due: at },
        attempt: 1,
        at,
      })),
    );
  });
  measure('prune a job that has 200 runs too many', 10, (round) =>
    history.prune(jobName(0), { runs: runs / JOBS - 200 * (round + 1) }, end),
  );
  const calm: number[] = [];
  for (let round = 0; round < 100; round++) {
    await setTimeout(60);
    const before = performance.now();
    oneRun(history, number++);
    calm.push(performance.now() - before);
  }
  report('the same with a pause before each', calm);
  const flushes: number[] = [];
  for (let round = 0; round < 50; round++) {
    oneRun(history, number++);
    const before = performance.now();
    await history.flush();
    flushes.push(performance.now() - before);
  }
  report('flush to the disk after one run (in the background)', flushes);
}
