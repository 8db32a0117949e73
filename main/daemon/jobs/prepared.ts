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
      const next = this.#nextToPrepare();
      if (next === undefined) return;
      const { near, job } = next;
      const run = this.#runFor(near.time);
      // The first time this asks the login shell, which takes its time.
      const environment = await this.#parts.environment(job, run);
      if (this.#near.get(job.name) !== near || this.#parts.startable(job.name) !== job) continue;
      near.held = { run, process: this.#start(run, job, environment) };
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

  #nextToPrepare(): { readonly near: Near; readonly job: Job } | undefined {
    let places = this.#parts.places();
    for (const { held } of this.#near.values()) if (held !== undefined) places--;
    if (places <= 0) return undefined;
    for (const near of this.#near.values()) {
      const job = near.held === undefined ? this.#parts.startable(near.time.job) : undefined;
      if (job !== undefined) return { near, job };
    }
    return undefined;
  }

  #runFor({ job, trigger }: NearTime): QueuedRun {
    const { reserve, now } = this.#parts;
    return { state: 'queued', id: reserve(), job, trigger, attempt: 1, queuedAt: now() };
  }

  async #start(run: QueuedRun, job: Job, environment: Variables): Promise<PreparedRun | undefined> {
    try {
      return await this.#parts.prepare(run, job, environment);
    } catch (error) {
      // When it is due it is tried again, and what is wrong then is the outcome of the run.
      this.#parts.logger.debug({ err: error, job: job.name }, 'a run could not be prepared');
      return undefined;
    }
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
    else {
      // Another run of the job has come between, and the ids of a job are in the order of its runs: begin anew.
      this.#abandon(near);
      this.#near.set(job, { ...near });
    }
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
