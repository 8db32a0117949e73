import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { type History, openHistory } from '../../main/daemon/history/history.ts';
import { failedOutcomes, type Outcome } from '../../main/daemon/history/run.ts';

/**
 * What the history costs with many runs in it: `node test/bench/history.ts [runs]`, a million by default.
 * Prints the median, the 99th percentile and the longest time of each operation.
 */

const RUNS = Number(process.argv[2] ?? 1_000_000);
const JOBS = 50;
const START = Date.UTC(2026, 0, 1);
const SPACING_MS = 20_000;
const END = START + RUNS * SPACING_MS;
const PAGE = 50;

const folder = mkdtempSync(join(tmpdir(), 'soloist-bench-history-'));
const file = join(folder, 'history.db');
const options = {
  now: () => new Date(),
  onFlushError: (error: Error) => console.error(error),
};

const jobName = (number: number): string => `job-${String(number % JOBS).padStart(2, '0')}`;
const processes = (pid: number) => ({
  shell: { pid, processStarted: '1234567', bootId: '3f0c1f6e-6a0e-4f8e-9a57-1d2b8c9e0a11', group: pid },
  child: {
    pid: pid + 1,
    processStarted: '1234568',
    bootId: '3f0c1f6e-6a0e-4f8e-9a57-1d2b8c9e0a11',
    group: pid,
  },
});

function outcome(number: number): Outcome {
  if (number % 200 === 7) return { kind: 'failed', cause: { kind: 'exit', code: 2 } };
  if (number % 5_000 === 11) return { kind: 'timed-out' };
  if (number % 20_000 === 13) return { kind: 'lost' };
  if (number % 100 === 17) return { kind: 'skipped', reason: 'still running since 09:14' };
  return { kind: 'succeeded', exitCode: 0 };
}

function oneRun(history: History, number: number): void {
  const at = START + number * SPACING_MS;
  const claimed = history.claim({
    job: jobName(number),
    trigger: { kind: 'cron', due: at },
    attempt: 1,
    at: at + 2,
  });
  if (claimed.kind !== 'claimed') throw new Error(`due time ${at} was already claimed`);
  const { id } = claimed.run;
  history.started(id, { at: at + 5, processes: processes(number), outputFile: `output/${id}.log` });
  history.ended(id, {
    at: at + 1_500,
    outcome: outcome(number),
    outputBytes: 812,
    usage: { cpuMs: 40, peakMemoryBytes: 9e6 },
  });
}

function measure(what: string, times: number, action: (round: number) => void): void {
  const taken: number[] = [];
  for (let round = 0; round < times; round++) {
    const before = performance.now();
    action(round);
    taken.push(performance.now() - before);
  }
  report(what, taken);
}

function report(what: string, taken: number[]): void {
  taken.sort((one, other) => one - other);
  const at = (share: number): string =>
    (taken[Math.min(taken.length - 1, Math.floor(share * taken.length))] ?? 0).toFixed(3).padStart(11);
  console.log(`${what.padEnd(66)}${String(taken.length).padStart(7)}${at(0.5)}${at(0.99)}${at(1)}`);
}

function deepCursor(position: number): string {
  const at = START + position * SPACING_MS + 2;
  return `${at}.${at}`;
}

const filling = performance.now();
let { history } = openHistory(file, options);
for (let number = 0; number < RUNS; ) {
  history.together(() => {
    for (const stop = Math.min(RUNS, number + 2_000); number < stop; number++) oneRun(history, number);
  });
}
const seconds = (performance.now() - filling) / 1_000;
await history.close();
console.log(
  `Node ${process.versions.node}, ${RUNS} runs of ${JOBS} jobs: ${(statSync(file).size / 1e6).toFixed(0)} MB, filled in ${seconds.toFixed(1)} s`,
);
console.log(
  `${'milliseconds'.padEnd(66)}${'times'.padStart(7)}${'median'.padStart(11)}${'p99'.padStart(11)}${'longest'.padStart(11)}`,
);

const opening = performance.now();
({ history } = openHistory(file, options));
report('open after a clean stop', [performance.now() - opening]);

const random = (round: number): number => Math.floor(((round * 0.618_033_988_75) % 1) * RUNS);
measure(`first page of ${PAGE}`, 500, () => history.page({}, undefined, PAGE));
measure('page at a random depth', 500, (round) => history.page({}, deepCursor(random(round)), PAGE));
measure('last page', 500, () => history.page({}, deepCursor(PAGE), PAGE));
measure('first page of one job', 500, (round) => history.page({ job: jobName(round) }, undefined, PAGE));
measure('page of one job at a random depth', 500, (round) =>
  history.page({ job: jobName(round) }, deepCursor(random(round)), PAGE),
);
measure('first page of what failed', 500, () => history.page({ outcomes: failedOutcomes }, undefined, PAGE));
measure('what failed, at a random depth', 500, (round) =>
  history.page({ outcomes: failedOutcomes }, deepCursor(random(round)), PAGE),
);
measure('what failed of one job, at a random depth', 500, (round) =>
  history.page({ outcomes: failedOutcomes, job: jobName(round) }, deepCursor(random(round)), PAGE),
);
measure('what was cancelled (no run was)', 500, () =>
  history.page({ outcomes: ['cancelled'] }, undefined, PAGE),
);
measure('the last day', 500, () => history.page({ since: END - 86_400_000 }, undefined, PAGE));
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
measure('find one run', 500, (round) => history.find((START + random(round) * SPACING_MS + 2).toString(36)));
measure('unfinished runs', 500, () => history.unfinished());

let number = RUNS;
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
  history.prune(jobName(0), { runs: RUNS / JOBS - 200 * (round + 1) }, END),
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
rmSync(folder, { recursive: true });
