import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Job } from '../../main/daemon/config/configuration.ts';
import type { Outcome, QueuedRun } from '../../main/daemon/history/run.ts';
import {
  type Ended,
  type Execution,
  type ExecutionTools,
  outputFile,
} from '../../main/daemon/jobs/execution.ts';
import type { HeldClock } from '../unit/schedule/clock.ts';

const MINUTE_MS = 60_000;
const SUCCESS: Outcome = { kind: 'succeeded', exitCode: 0 };
const FAILURE: Outcome = { kind: 'failed', cause: { kind: 'exit', code: 1 } };

interface Part {
  readonly ms: number;
  readonly outcome: Outcome;
}

/** What becomes of a run: how long it goes on, and how it ends, by the tags of its job. */
function partOf(job: Job, { attempt }: QueuedRun, below: (below: number) => number): Part {
  const ms = 1 + below(20_000);
  if (job.kind === 'service')
    return job.tags.includes('ends')
      ? { ms: 4_000, outcome: FAILURE }
      : { ms: Number.POSITIVE_INFINITY, outcome: SUCCESS };
  if (job.tags.includes('times-out')) return { ms: job.timeout ?? ms, outcome: { kind: 'timed-out' } };
  if (job.tags.includes('fails')) return { ms, outcome: FAILURE };
  if (job.tags.includes('flaky')) return { ms, outcome: attempt === 3 ? SUCCESS : FAILURE };
  if (job.tags.includes('long')) return { ms: (3 + below(15)) * MINUTE_MS, outcome: SUCCESS };
  return { ms, outcome: below(20) === 0 ? FAILURE : SUCCESS };
}

/** Plays runs on a held clock in place of processes: they go on for a while, print a little, and end. */
export class Player {
  readonly #clock: HeldClock;
  readonly #below: (below: number) => number;
  /** How many were begun, and how many go on. */
  played = 0;
  going = 0;

  constructor(clock: HeldClock, below: (below: number) => number) {
    this.#clock = clock;
    this.#below = below;
  }

  readonly play = (run: QueuedRun, job: Job, _: readonly string[], tools: ExecutionTools): Execution => {
    const part = partOf(job, run, this.#below);
    const file = outputFile(tools.home, run.id);
    const started = tools.records.started(run.id, {
      at: Date.now(),
      processes: {
        shell: undefined,
        // No process has this number.
        child: { pid: 2 ** 30, processStarted: '1', bootId: 'played', group: 2 ** 30 },
      },
      outputFile: file,
    });
    this.played += 1;
    this.going += 1;
    const begunMs = this.#clock.steady;
    let resolve: (ended: Ended) => void = () => {};
    const ended = new Promise<Ended>((over) => {
      resolve = over;
    });
    const end = (outcome: Outcome): void => {
      cancelTimer();
      const outputBytes = this.#print(file);
      const usage = { cpuMs: 1, peakMemoryBytes: 1_000_000 };
      resolve({ end: { at: Date.now(), outcome, outputBytes, usage }, ranMs: this.#clock.steady - begunMs });
    };
    const cancelTimer = Number.isFinite(part.ms)
      ? this.#clock.setTimer(part.ms, () => end(part.outcome))
      : () => {};
    const begun = started.then(() => tools.onStarted(run.id));
    return {
      begun,
      ended: begun.then(() => ended).finally(() => this.going--),
      cancel: (reason) => end({ kind: 'cancelled', reason }),
      leave: () => false,
    };
  };

  #print(file: string): number {
    const text = 'played\n'.repeat(1 + this.#below(30));
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text);
    return text.length;
  }
}
