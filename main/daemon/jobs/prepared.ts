import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Job, Variables } from '../config/configuration.ts';
import type { QueuedRun, RunId, Trigger } from '../history/run.ts';
import type { PreparedRun } from '../run/run.ts';
import type { NearTime } from './job-schedule.ts';
import type { RunEnvironment } from './run-environment.ts';

/** How long before they are due runs are prepared, in milliseconds: enough for a few hundred of one second. */
export const LEAD_MS = 2_000;

/** How long after its time a process is held that nobody has asked for, in milliseconds. */
const HELD_MS = 5_000;

export interface PreparationsParts {
  readonly logger: Logger;
  /** The time in epoch milliseconds. */
  now(): number;
  /** The job, if a run of it would begin at once were it due now. */
  startable(name: string): Job | undefined;
  /** How many more runs may go on at one time. */
  places(): number;
  /** An id for a run that may be claimed later. */
  reserve(): RunId;
  readonly environment: RunEnvironment;
  /** Starts a process up to the point at which the job would begin. */
  prepare(run: QueuedRun, job: Job, environment: Variables): Promise<PreparedRun>;
}

/** A process that waits for its run to be due. */
interface Held {
  readonly run: QueuedRun;
  /** Undefined if it could not be started. */
  readonly process: Promise<PreparedRun | undefined>;
  /** Nobody wants it any more. */
  drop(): void;
}

/** A due time that is about to come, and what is held for it. */
interface Near {
  readonly time: NearTime;
  readonly timer: NodeJS.Timeout;
  held: Held | undefined;
}

/**
 * Starts the processes of runs shortly before they are due, so that at the due time nothing is left to do but to
 * claim it, to record the process and to let it go. What is prepared is no run: it is in no history and takes no
 * place, and is ended again when anything comes between. Whatever is not prepared starts when it is due.
 */
export class Preparations {
  readonly #parts: PreparationsParts;
  /** Taken in with the next turn, when what is due in this one has been claimed. */
  readonly #told: NearTime[] = [];
  /** One for each job, the nearest. */
  readonly #near = new Map<string, Near>();
  readonly #ending = new Set<Promise<void>>();
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: PreparationsParts) {
    this.#parts = parts;
  }

  /** These due times are about to come. */
  near(times: readonly NearTime[]): void {
    this.#told.push(...times);
    this.prepare();
  }

  /** Prepares what was in the way before: to be called when a run has ended. */
  prepare(): void {
    if (this.#isStopped || this.#near.size + this.#told.length === 0) return;
    this.#working ??= this.#work()
      .catch((error: unknown) => this.#parts.logger.warn({ err: error }, 'runs could not be prepared'))
      .finally(() => {
        this.#working = undefined;
      });
  }

  /** One after the other, each in a turn of its own, so that whatever is due meanwhile does not wait for them. */
  async #work(): Promise<void> {
    for (;;) {
      await nextTurn();
      for (const time of this.#told.splice(0)) this.#add(time);
      const near = this.#nextToPrepare();
      if (near === undefined) return;
      const job = this.#parts.startable(near.time.job);
      if (job === undefined) continue;
      near.held = this.#hold(near.time, job);
      await near.held.process;
    }
  }

  #add(time: NearTime): void {
    if (this.#isStopped || this.#near.has(time.job)) return;
    const waitMs = time.atMs - this.#parts.now() + HELD_MS;
    // The clock was set back, or the history did not take the claim.
    const timer = setTimeout(() => this.forget(time.job), waitMs).unref();
    this.#near.set(time.job, { time, timer, held: undefined });
  }

  #nextToPrepare(): Near | undefined {
    if (this.#isStopped) return undefined;
    let places = this.#parts.places();
    for (const { held } of this.#near.values()) if (held !== undefined) places--;
    if (places <= 0) return undefined;
    for (const near of this.#near.values())
      if (near.held === undefined && this.#parts.startable(near.time.job) !== undefined) return near;
    return undefined;
  }

  #hold({ job: name, trigger }: NearTime, job: Job): Held {
    const { reserve, now, logger } = this.#parts;
    const run: QueuedRun = {
      state: 'queued',
      id: reserve(),
      job: name,
      trigger,
      attempt: 1,
      queuedAt: now(),
    };
    let drop = (): void => {};
    const dropped = new Promise<undefined>((resolve) => {
      drop = () => resolve(undefined);
    });
    const process = this.#start(run, job, dropped).catch((error: unknown) => {
      // When it is due it is tried again, and what is wrong then is the outcome of the run.
      logger.debug({ err: error, job: name }, 'a run could not be prepared');
      return undefined;
    });
    return { run, process, drop };
  }

  async #start(run: QueuedRun, job: Job, dropped: Promise<undefined>): Promise<PreparedRun | undefined> {
    // The login shell may take its time, and a daemon that stops does not wait for it.
    const environment = await Promise.race([this.#parts.environment(job, run), dropped]);
    return environment === undefined ? undefined : this.#parts.prepare(run, job, environment);
  }

  /** The id that the run of this due time is to have, if it is prepared. */
  idFor(job: string, trigger: Trigger): RunId | undefined {
    const near = this.#near.get(job);
    if (near?.held === undefined || !('due' in trigger)) return undefined;
    const { kind, due } = near.time.trigger;
    return kind === trigger.kind && due === trigger.due ? near.held.run.id : undefined;
  }

  /** Hands over the process of a claimed run, which then is the caller's to let go or to abandon. */
  async take({ job, id }: QueuedRun): Promise<PreparedRun | undefined> {
    const near = this.#near.get(job);
    if (near?.held?.run.id !== id) return undefined;
    const { process } = near.held;
    near.held = undefined;
    this.#remove(near);
    return process;
  }

  /** A run of a job was claimed for this trigger, and has taken its process if it could begin. */
  claimed(job: string, trigger: Trigger): void {
    const near = this.#near.get(job);
    if (near === undefined) return;
    if ('due' in trigger && trigger.due >= near.time.trigger.due) this.forget(job);
    // Another run of the job has come between, and ids of a job are given out in the order of its runs.
    else this.#abandon(near);
  }

  /** The job is another one now, or is not to run. */
  forget(job: string): void {
    const near = this.#near.get(job);
    if (near === undefined) return;
    this.#remove(near);
    this.#abandon(near);
  }

  #remove(near: Near): void {
    clearTimeout(near.timer);
    this.#near.delete(near.time.job);
  }

  #abandon(near: Near): void {
    const { held } = near;
    near.held = undefined;
    if (held === undefined) return;
    held.drop();
    const ending = held.process
      .then((prepared) => prepared?.abandon())
      .catch((error: unknown) =>
        this.#parts.logger.error({ err: error, job: near.time.job }, 'a prepared run could not be ended'),
      )
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** Ends all that is prepared, and prepares nothing more; settles when nothing of it is left. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const job of [...this.#near.keys()]) this.forget(job);
    await Promise.all([...this.#ending]);
  }
}
