import type { Logger } from 'pino';
import type { Configuration, Job, OutputPolicy } from '../config/configuration.ts';
import type { History } from '../history/history.ts';
import type { End } from '../history/life.ts';
import type { RunningRun } from '../history/run.ts';
import { endRecorded, findRecorded, waitForRecorded } from '../run/end.ts';
import { runMark } from '../run/mark.ts';
import { settleFile } from '../run/output-file.ts';
import type { Look } from '../run/processes.ts';
import type { TreeKey } from '../run/tree.ts';
import type { Ended, Execution } from './execution.ts';

export interface LeftOverTools {
  /** The home's real path. */
  readonly home: string;
  readonly history: History;
  readonly logger: Logger;
  readonly look: Look;
  isOwner(): boolean;
}

/** A run of an earlier daemon that lives on, as its job wants it. */
export interface Orphan {
  readonly run: RunningRun;
  readonly execution: Execution;
}

/** The grace for what was left of a job that the configuration no longer has, in milliseconds. */
const DEFAULT_GRACE_MS = 10_000;

/**
 * Ends what the last daemon left, and records as lost all runs that were cut off. Those that their job wants kept
 * and that live are returned, to be watched.
 */
export async function clearLeftOver(
  configuration: Configuration,
  tools: LeftOverTools,
): Promise<readonly Orphan[]> {
  const { history, logger } = tools;
  const unfinished = history.unfinished();
  if (unfinished.length === 0) return [];
  const queued = unfinished.filter((run) => run.state === 'queued').map((run) => run.id);
  history.markLost(queued, Date.now());
  const running = unfinished.filter((run): run is RunningRun => run.state === 'running');
  const orphans: Orphan[] = [];
  await Promise.all(
    running.map(async (run) => {
      const key = treeKey(tools, run);
      if (key === undefined || !tools.isOwner()) return;
      const job = configuration.jobs.get(run.job);
      if (job?.orphans === 'keep' && (await findRecorded(key, tools.look)).length > 0) {
        orphans.push({ run, execution: new OrphanExecution(run, job, key, tools) });
        return;
      }
      const { left } = await endRecorded(key, { graceMs: job?.grace ?? DEFAULT_GRACE_MS, look: tools.look });
      if (left.length > 0) {
        logger.error({ job: run.job, run: run.id, left }, 'processes of a lost run could not be ended');
      }
      history.ended(run.id, await lostEnd(run, job?.output ?? configuration.output, logger));
    }),
  );
  const lost = unfinished.length - orphans.length;
  logger.warn({ lost, kept: orphans.length }, 'runs were cut off with the last daemon');
  return orphans;
}

function treeKey({ home, history }: LeftOverTools, run: RunningRun): TreeKey | undefined {
  const { child, shell } = run.execution.processes;
  const leader = child ?? shell;
  if (leader === undefined) return undefined;
  const known = [...(shell === undefined ? [] : [shell]), ...history.movedOf(run.id)];
  return { mark: runMark(home, run.id), leader, known };
}

async function lostEnd(run: RunningRun, { limit }: OutputPolicy, logger: Logger): Promise<End> {
  const { output } = run.execution;
  const end: End = { at: Date.now(), outcome: { kind: 'lost' } };
  if (output?.kind !== 'kept') return end;
  try {
    // How many bytes there are was to be recorded at the end. A run that wrote nothing has no file.
    return { ...end, outputBytes: (await settleFile(output.file, limit)).bytes };
  } catch (error) {
    logger.warn({ err: error, job: run.job, run: run.id }, 'the output of a lost run cannot be measured');
    return end;
  }
}

/** Waits for the end of a run that outlived its daemon. How it ended, nobody is told: it is lost. */
class OrphanExecution implements Execution {
  readonly begun: Promise<void> = Promise.resolve();
  readonly ended: Promise<Ended>;
  readonly #stopWatching = new AbortController();
  readonly #watched = performance.now();
  #cancelled: { readonly reason: string; readonly graceMs: number } | undefined;
  readonly #job: Job;

  constructor(run: RunningRun, job: Job, key: TreeKey, tools: LeftOverTools) {
    this.#job = job;
    this.ended = this.#live(run, key, tools).catch((error: unknown): Ended => {
      tools.logger.error({ job: run.job, run: run.id, err: error }, 'a kept run could not be watched');
      return this.#end({ at: Date.now(), outcome: { kind: 'lost' } });
    });
  }

  cancel(reason: string, graceMs: number = this.#job.grace): void {
    this.#cancelled ??= { reason, graceMs };
    this.#stopWatching.abort();
  }

  leave(): boolean {
    return this.#cancelled === undefined;
  }

  async #live(run: RunningRun, key: TreeKey, tools: LeftOverTools): Promise<Ended> {
    await waitForRecorded(key, tools.look, this.#stopWatching.signal);
    const cancelled = this.#cancelled;
    if (cancelled !== undefined) await endRecorded(key, { graceMs: cancelled.graceMs, look: tools.look });
    const end = await lostEnd(run, this.#job.output, tools.logger);
    if (cancelled === undefined) return this.#end(end);
    return this.#end({ ...end, outcome: { kind: 'cancelled', reason: cancelled.reason } });
  }

  #end(end: End): Ended {
    return { end, ranMs: performance.now() - this.#watched };
  }
}
