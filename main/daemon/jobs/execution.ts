import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { actionByNode, actionMessage } from '../actions/action-message.ts';
import type { Job, Variables } from '../config/configuration.ts';
import { SoloistError } from '../errors.ts';
import type { End } from '../history/life.ts';
import type { Outcome, QueuedRun, RunId, Usage } from '../history/run.ts';
import type { ActiveRun, RunEnd, RunRequest, RunTools } from '../run/active-run.ts';
import type { Command } from '../run/command.ts';
import { runMark } from '../run/mark.ts';
import { beginRun, notStarted, type PreparedRun, prepareRun } from '../run/run.ts';
import type { Preparations } from './prepared.ts';
import type { Records } from './records.ts';
import type { RunEnvironment } from './run-environment.ts';

/** What all executions share. */
export interface ExecutionTools {
  /** The home's real path. */
  readonly home: string;
  readonly records: Pick<Records, 'started' | 'moved'>;
  readonly prepared: Pick<Preparations, 'take'>;
  readonly logger: Logger;
  readonly run: RunTools;
  readonly environment: RunEnvironment;
  isOwner(): boolean;
  /** Told when the history knows that a run has started. */
  onStarted(run: RunId): void;
}

/** How an execution came to its end. */
export interface Ended {
  readonly end: End;
  /** How long it ran, in milliseconds of `performance.now`; 0 if it never started. */
  readonly ranMs: number;
}

/** A run that has its place: being started, going on, or being ended. */
export interface Execution {
  /** Settles when the run has started, or is known not to. Never rejects. */
  readonly begun: Promise<void>;
  /** Settles when nothing of the run is left. Never rejects. */
  readonly ended: Promise<Ended>;
  /** Ends the run; `graceMs` in place of the job's own grace. */
  cancel(reason: string, graceMs?: number): void;
  /** Lets go of a run that outlives its daemon: true if it is one, and then `ended` may never settle. */
  leave(): boolean;
}

const NOT_OWNER = 'the daemon lost its home';

const NO_USAGE: Usage = { cpuMs: undefined, peakMemoryBytes: undefined };

/**
 * Where the output of a run goes. The first characters of an id change every seventeen hours, so that no folder
 * gets more files than a file system likes.
 */
export function outputFile(home: string, run: RunId): string {
  return join(home, 'runs', run.slice(0, 3), `${run}.log`);
}

/** Whether a run of the job may be prepared: what its start reads or leaves must not depend on when it was prepared. */
export function canPrepare(job: Job): boolean {
  const readsFiles = job.environment.files.length > 0 || job.stdin.kind === 'file';
  // The output file of a run that outlives the daemon is there from its start.
  // An action would take the memory of its libraries before it has anything to do.
  return !readsFiles && job.orphans === 'end' && job.command.kind !== 'action';
}

/**
 * Starts the process of a run up to the point at which the job would begin. Rejects with a `SoloistError` if the command
 * cannot start.
 */
export async function prepareExecution(
  run: QueuedRun,
  job: Job,
  words: readonly string[],
  environment: Variables,
  tools: Pick<ExecutionTools, 'home' | 'run' | 'records'>,
): Promise<PreparedRun> {
  const action = actionMessage(job, tools.home);
  const request: RunRequest = {
    mark: runMark(tools.home, run.id),
    command: action === undefined ? commandWith(job.command, words) : actionByNode(action),
    action,
    cwd: job.cwd,
    environment,
    input: job.stdin,
    graceMs: job.grace,
    orphans: job.orphans,
    output: { file: outputFile(tools.home, run.id), limit: job.output.limit, streams: 'together' },
    timeLimitMs: job.kind === 'service' ? undefined : job.timeout,
    successCodes: job.successCodes,
    observe(event) {
      if (event.kind === 'moved') tools.records.moved(run.id, event.processes);
    },
  };
  mkdirSync(dirname(request.output.file), { recursive: true, mode: 0o700 });
  return prepareRun(request, tools.run);
}

/** Starts a run that was claimed and has its place. What goes wrong is its outcome. */
export function execute(
  run: QueuedRun,
  job: Job,
  words: readonly string[],
  tools: ExecutionTools,
): Execution {
  return new JobExecution(run, job, words, tools);
}

class JobExecution implements Execution {
  readonly begun: Promise<void>;
  readonly ended: Promise<Ended>;
  readonly #run: QueuedRun;
  readonly #job: Job;
  readonly #words: readonly string[];
  readonly #tools: ExecutionTools;
  readonly #stopped: Promise<void>;
  #begin: () => void = () => {};
  #noteStop: () => void = () => {};
  #active: ActiveRun | undefined;
  #stop: { readonly reason: string; readonly graceMs: number } | undefined;

  constructor(run: QueuedRun, job: Job, words: readonly string[], tools: ExecutionTools) {
    this.#run = run;
    this.#job = job;
    this.#words = words;
    this.#tools = tools;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#stopped = new Promise((resolve) => {
      this.#noteStop = resolve;
    });
    this.ended = this.#live()
      .catch((error: unknown) => this.#failed(error))
      .finally(this.#begin);
  }

  cancel(reason: string, graceMs: number = this.#job.grace): void {
    // The first reason holds; the grace can only become shorter.
    this.#stop = { reason: this.#stop?.reason ?? reason, graceMs };
    this.#noteStop();
    void this.#active?.cancel(reason, graceMs).catch(() => {
      // `ended` tells of it.
    });
  }

  leave(): boolean {
    if (this.#job.orphans !== 'keep' || this.#active === undefined || this.#stop !== undefined) return false;
    this.#active.leave();
    return true;
  }

  async #live(): Promise<Ended> {
    const prepared = (await this.#tools.prepared.take(this.#run)) ?? (await this.#prepare());
    const prevented = this.#prevented();
    if (prepared === undefined || prevented !== undefined) {
      await prepared?.abandon();
      return neverStarted({ kind: 'cancelled', reason: prevented ?? NOT_OWNER });
    }
    const active = await beginRun(prepared, (process) =>
      this.#tools.records.started(this.#run.id, {
        at: Date.now(),
        processes: { shell: undefined, child: process },
        outputFile: outputFile(this.#tools.home, this.#run.id),
      }),
    );
    this.#active = active;
    const startedMs = performance.now();
    // It may have been cancelled while it was being recorded.
    if (this.#stop !== undefined) this.cancel(this.#stop.reason, this.#stop.graceMs);
    this.#begin();
    this.#tools.onStarted(this.#run.id);
    const end = await active.ended;
    this.#report(end);
    const { outcome, endedAt: at, usage } = end;
    const ranMs = performance.now() - startedMs;
    return { end: { at, outcome, outputBytes: end.output.bytes, usage }, ranMs };
  }

  /** Undefined if it must not start. */
  async #prepare(): Promise<PreparedRun | undefined> {
    const environment = await Promise.race([
      this.#tools.environment(this.#job, this.#run),
      // The login shell may take its time, and a daemon that stops does not wait for it.
      this.#stopped.then(() => undefined),
    ]);
    if (environment === undefined || this.#prevented() !== undefined) return undefined;
    return prepareExecution(this.#run, this.#job, this.#words, environment, this.#tools);
  }

  /** Why it must not start, or undefined if it may. */
  #prevented(): string | undefined {
    return this.#stop?.reason ?? (this.#tools.isOwner() ? undefined : NOT_OWNER);
  }

  #report(end: RunEnd): void {
    const { logger } = this.#tools;
    if (end.left.length > 0) {
      logger.error({ ...this.#name(), left: end.left }, 'processes of a run could not be ended');
    }
    if (end.output.problem !== undefined) {
      const { problem } = end.output;
      logger.warn({ ...this.#name(), problem }, 'the output of a run could not be kept whole');
    }
  }

  #failed(error: unknown): Ended {
    const isExpected = error instanceof SoloistError;
    const level = isExpected ? 'warn' : 'error';
    const message = isExpected ? 'a run could not start' : 'a run failed before or outside its command';
    this.#tools.logger[level]({ ...this.#name(), err: error }, message);
    // Of a run that began, the daemon has lost sight.
    if (this.#active !== undefined) return { end: { at: Date.now(), outcome: { kind: 'lost' } }, ranMs: 0 };
    const reason = error instanceof Error ? error.message : String(error);
    return neverStarted(
      isExpected ? notStarted(error) : { kind: 'failed', cause: { kind: 'not-started', reason } },
    );
  }

  #name(): { readonly job: string; readonly run: RunId } {
    return { job: this.#run.job, run: this.#run.id };
  }
}

function neverStarted(outcome: Outcome): Ended {
  return { end: { at: Date.now(), outcome, usage: NO_USAGE }, ranMs: 0 };
}

/** The words go to a program as its last arguments, and to a text for a shell as "$@". */
function commandWith(command: Job['command'], words: readonly string[]): Command {
  switch (command.kind) {
    case 'shell':
      return { ...command, arguments: words };
    case 'program':
      return { ...command, arguments: [...command.arguments, ...words] };
    case 'action':
      throw new Error('an action is no command');
  }
}
