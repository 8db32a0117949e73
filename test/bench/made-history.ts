import type { History } from '../../main/daemon/history/history.ts';
import type { Outcome } from '../../main/daemon/history/run.ts';

/** A history that is made up: a run every so often, of one job after the other. */
export const JOBS = 50;
export const START = Date.UTC(2026, 0, 1);
export const SPACING_MS = 20_000;

export const jobName = (number: number): string => `job-${String(number % JOBS).padStart(2, '0')}`;
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

/** Claims, starts and ends the run of this number. */
export function oneRun(history: History, number: number): void {
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

/** Fills a history with so many runs. */
export function fill(history: History, runs: number): void {
  for (let number = 0; number < runs; ) {
    history.together(() => {
      for (const stop = Math.min(runs, number + 2_000); number < stop; number++) oneRun(history, number);
    });
  }
}
