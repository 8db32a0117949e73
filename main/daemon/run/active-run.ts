import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionMessage, LaunchAction } from '../actions/action-message.ts';
import type { RunProcess, Usage } from '../history/run.ts';
import type { Capture, OutputPlan } from './capture.ts';
import { type EndReport, endTree, isEmptyWithin } from './end.ts';
import type { Exit, Launch, LaunchRequest } from './launcher.ts';
import { startTimeLimit } from './limits.ts';
import { judge, type RunOutcome, type StopCause } from './outcome.ts';
import type { OutputSummary } from './output.ts';
import type { Stream } from './output-index.ts';
import type { OutputPart } from './output-read.ts';
import type { OutputPipes } from './pipes.ts';
import type { Look } from './processes.ts';
import { signalExactly, signalGroup } from './signals.ts';
import { findTree, identityOf, type TreeKey } from './tree.ts';
import type { UsageMeter } from './usage.ts';

export interface RunRequest extends Omit<LaunchRequest, 'output'> {
  readonly output: OutputPlan;
  /** What the action is told, if it is one; `command` then runs it by Node. */
  readonly action?: ActionMessage | undefined;
  /** How long the run may take while the computer is awake, in milliseconds; undefined for no limit. */
  readonly timeLimitMs: number | undefined;
  /** The exit codes that count as success. */
  readonly successCodes: readonly number[];
  /** Told of everything that happens to the run, as it happens. */
  readonly observe: (event: RunEvent) => void;
}

/** What all runs of a daemon share. */
export interface RunTools {
  readonly pipes: OutputPipes;
  /** From `shareLooks(systemLook())`. */
  readonly look: Look;
  /** Where the process of an action cannot be a Node: how it is started instead. */
  readonly launchAction?: LaunchAction | undefined;
}

export type RunEvent =
  | { readonly kind: 'started'; readonly at: number; readonly process: RunProcess }
  /** Processes of the run that are outside its group, and were not seen there before. */
  | { readonly kind: 'moved'; readonly processes: readonly RunProcess[] }
  | {
      readonly kind: 'output';
      readonly offset: number;
      readonly stream: Stream;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'ended'; readonly end: RunEnd };

/** How a run ended. Times are milliseconds since 1970-01-01T00:00Z. */
export interface RunEnd {
  readonly outcome: RunOutcome;
  /** How the job's own process ended; undefined if it did not, even after SIGKILL. */
  readonly exit: Exit | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly output: OutputSummary;
  readonly usage: Usage;
  /** The processes that had to be ended; after an exit of its own, what the job had left behind. */
  readonly ended: readonly RunProcess[];
  /** Those of them that are still there. */
  readonly left: readonly RunProcess[];
}

/**
 * When a run's processes are looked at, so that those that move away are known: at growing distances, never
 * polled.
 */
const FIRST_LOOK_MS = 250;
const LOOK_FACTOR = 8;
const LAST_LOOK_MS = 24 * 3_600_000;

/** How long what a job leaves behind may take to end by itself, such as the `tee` behind its output. */
const LINGER_MS = 500;

/** How long after SIGKILL the system may take to report the end of the job's own process. */
const EXIT_REPORT_MS = 5_000;

/** A run that is going on. */
export class ActiveRun {
  /** The job's own process. */
  readonly process: RunProcess;
  readonly startedAt: number;
  /** Settles when nothing of the run is left. Rejects only for a fault of Soloist or a broken system. */
  readonly ended: Promise<RunEnd>;
  readonly #request: RunRequest;
  readonly #look: Look;
  readonly #launch: Launch;
  readonly #capture: Capture;
  readonly #meter: UsageMeter;
  readonly #hurry = new AbortController();
  readonly #stopped: Promise<StopCause>;
  #requestStop: (cause: StopCause) => void = () => {};
  #isStopping = false;
  #graceMs: number;
  #known: readonly RunProcess[] = [];
  #lookTimer: NodeJS.Timeout | undefined;
  #callOffLimit = (): void => {};

  /** For a launch that was just let go. */
  constructor(request: RunRequest, tools: RunTools, launch: Launch, capture: Capture, meter: UsageMeter) {
    this.#request = request;
    this.#look = tools.look;
    this.#launch = launch;
    this.#capture = capture;
    this.#meter = meter;
    this.#graceMs = request.graceMs;
    this.process = launch.process;
    this.startedAt = Date.now();
    this.#stopped = new Promise((resolve) => {
      this.#requestStop = resolve;
    });
    request.observe({ kind: 'started', at: this.startedAt, process: launch.process });
    if (request.timeLimitMs !== undefined)
      this.#callOffLimit = startTimeLimit(request.timeLimitMs, () => this.#stop({ kind: 'timed-out' }));
    this.#lookLater(FIRST_LOOK_MS);
    this.ended = this.#live();
  }

  /**
   * Ends the run: SIGTERM, the grace period in milliseconds, SIGKILL. Called again, it can only shorten the
   * grace.
   *
   * @param reason who or what wants it, for the history
   */
  cancel(reason: string, graceMs: number = this.#request.graceMs): Promise<RunEnd> {
    if (!this.#isStopping) this.#graceMs = graceMs;
    else setTimeout(() => this.#hurry.abort(), graceMs).unref();
    this.#stop({ kind: 'cancelled', reason });
    return this.ended;
  }

  #stop(cause: StopCause): void {
    this.#isStopping = true;
    this.#requestStop(cause);
  }

  /**
   * The output from its beginning on, and then as it comes, until the run has ended or the caller stops
   * asking.
   */
  follow(): AsyncGenerator<OutputPart> {
    return this.#capture.follow();
  }

  /**
   * Lets a run that outlives its daemon (`orphans: keep`) go on alone, and the daemon end without it. `ended`
   * may never settle after this.
   */
  leave(): void {
    this.#callOffLimit();
    clearTimeout(this.#lookTimer);
    this.#launch.release();
  }

  async #live(): Promise<RunEnd> {
    try {
      return await this.#untilEnded();
    } catch (error) {
      // The processes could not be listed, say. What can be ended without that must not stay.
      if (this.#launch.isGroupHeld()) signalGroup(this.process.group, 'SIGKILL');
      // Has it no group of its own, it is ended alone; what keeps that from being done is what has failed already.
      else await signalExactly([this.process], ['SIGKILL']).catch(() => {});
      throw error;
    } finally {
      this.#callOffLimit();
      clearTimeout(this.#lookTimer);
    }
  }

  async #untilEnded(): Promise<RunEnd> {
    const first = await Promise.race([
      this.#launch.exited.then((exit) => ({ kind: 'exited', exit }) as const),
      this.#stopped.then((cause) => ({ kind: 'stopped', cause }) as const),
    ]);
    this.#isStopping = true;
    this.#callOffLimit();
    clearTimeout(this.#lookTimer);
    this.#meter.sample();
    const report = await this.#endTree(first.kind === 'exited');
    const exit = first.kind === 'exited' ? first.exit : await this.#exitWithin(EXIT_REPORT_MS);
    const [output] = await Promise.all([this.#capture.finish(), this.#launch.dismissGuard()]);
    const end: RunEnd = {
      outcome: judge(first.kind === 'stopped' ? first.cause : undefined, exit, this.#request.successCodes),
      exit,
      startedAt: this.startedAt,
      endedAt: Date.now(),
      output,
      usage: this.#meter.usage,
      ...report,
    };
    this.#request.observe({ kind: 'ended', end });
    return end;
  }

  async #endTree(mayLinger: boolean): Promise<EndReport> {
    const isHeld = (): boolean => this.#launch.isGroupHeld();
    const options = { graceMs: this.#graceMs, look: this.#look, hurry: this.#hurry.signal };
    const lingerMs = Math.min(LINGER_MS, this.#graceMs);
    if (mayLinger && (await isEmptyWithin(this.#key(), isHeld, lingerMs, options)))
      return { ended: [], left: [] };
    return endTree(this.#key(), isHeld, options);
  }

  #key(): TreeKey {
    return { mark: this.#request.mark, leader: this.process, known: this.#known };
  }

  async #exitWithin(ms: number): Promise<Exit | undefined> {
    const giveUp = new AbortController();
    const tooLong = sleep(ms, undefined, { signal: giveUp.signal }).catch(() => undefined);
    const exit = await Promise.race([this.#launch.exited, tooLong]);
    giveUp.abort();
    return exit;
  }

  #lookLater(ms: number): void {
    if (ms > LAST_LOOK_MS) return;
    this.#lookTimer = setTimeout(() => {
      // A look that fails costs one chance to see a process that moves away; the next look is not far.
      this.#lookNow().catch(() => {});
      this.#lookLater(ms * LOOK_FACTOR);
    }, ms).unref();
  }

  async #lookNow(): Promise<void> {
    const { members } = findTree(this.#key(), await this.#look(), this.#launch.isGroupHeld());
    if (this.#isStopping) return;
    this.#meter.watch(members.map((member) => member.pid));
    this.#meter.sample();
    const before = new Set(this.#known.map(placeOf));
    this.#known = members
      .filter((member) => member.pid !== this.process.pid)
      .map((member) => identityOf(member, this.process));
    const processes = this.#known.filter(
      (one) => one.group !== this.process.group && !before.has(placeOf(one)),
    );
    if (processes.length > 0) this.#request.observe({ kind: 'moved', processes });
  }
}

function placeOf({ pid, processStarted, group }: RunProcess): string {
  return `${pid} ${processStarted} ${group}`;
}
