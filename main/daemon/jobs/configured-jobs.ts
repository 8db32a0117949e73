import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Changes } from '../config/compare.ts';
import type { Configuration, Job, Service } from '../config/configuration.ts';
import type { History } from '../history/history.ts';
import type { Pause } from '../history/jobs.ts';
import type { QueuedRun, RunningRun, Trigger } from '../history/run.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { FileTriggers } from './file-triggers.ts';
import type { FirstSeen } from './first-seen.ts';
import type { JobSchedule } from './job-schedule.ts';
import type { Preparations } from './prepared.ts';
import type { Services } from './services.ts';

export interface AppliedParts {
  readonly logger: Logger;
  readonly history: History;
  readonly firstSeen: FirstSeen;
  readonly pauses: Map<string, Pause>;
}

export interface ConfiguredParts extends AppliedParts {
  readonly dispatcher: Dispatcher;
  readonly services: Services;
  readonly schedule: JobSchedule;
  readonly files: FileTriggers;
  readonly prepared: Preparations;
  /** Asks for a first attempt. */
  arrive(job: string, trigger: Trigger): void;
}

/** The configuration in force, and what it means for what is scheduled, kept running, and chained. */
export class ConfiguredJobs {
  readonly #parts: ConfiguredParts;
  #configuration: Configuration;
  /** The jobs that are due after another one has succeeded, by that one's name. */
  #followers: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(configuration: Configuration, parts: ConfiguredParts) {
    this.#configuration = configuration;
    this.#parts = parts;
  }

  get current(): Configuration {
    return this.#configuration;
  }

  /** Puts the first configuration in force, and starts what is to start with the daemon. */
  begin(): void {
    const { jobs } = this.#configuration;
    const { firstSeen, history } = this.#parts;
    this.#followers = followersIn(this.#configuration);
    firstSeen.keepOnly((name) => jobs.get(name)?.enabled === true);
    const lastDue = history.lastDue();
    for (const job of jobs.values()) {
      this.#apply(job, lastDue.get(job.name));
      if (job.enabled && job.kind === 'triggered' && job.triggers.some(({ kind }) => kind === 'start'))
        this.#parts.arrive(job.name, { kind: 'start' });
    }
    this.#saveFirstSeen();
  }

  /** Puts another configuration in force. Jobs that did not change are not touched. */
  update(next: Configuration, { added, changed, removed }: Changes): void {
    const before = this.#configuration;
    const { schedule, dispatcher, services, history, files, prepared } = this.#parts;
    this.#configuration = next;
    this.#followers = followersIn(next);
    for (const name of [...changed, ...removed]) prepared.forget(name);
    for (const name of removed) {
      schedule.remove(name);
      files.remove(name);
      dispatcher.dropWaiting((run) => run.job === name, 'the job was removed from the configuration');
      services.release(name, 'the service was removed from the configuration');
    }
    const lastDue = added.length + changed.length > 0 ? history.lastDue() : new Map<string, number>();
    for (const name of [...changed, ...added]) {
      const job = next.jobs.get(name);
      if (job !== undefined) this.#apply(job, lastDue.get(name), before.jobs.get(name));
    }
    this.#saveFirstSeen();
    // There may be more room now.
    dispatcher.pump();
  }

  /** Why a job runs only by hand now, or undefined if it runs. */
  withheld(name: string): string | undefined {
    const job = this.#configuration.jobs.get(name);
    if (job === undefined) return 'the job is not in the configuration any more';
    if (!job.enabled) return 'the job is disabled';
    const pause = this.#parts.pauses.get(name);
    return pause === undefined ? undefined : `the job is paused (${pause.by})`;
  }

  /** Starts what is due after this run, which has succeeded. */
  succeeded(run: QueuedRun | RunningRun): void {
    for (const name of this.#followers.get(run.job) ?? [])
      this.#parts.arrive(name, { kind: 'after', run: run.id });
  }

  /** A paused job starts nothing by itself; a paused service, which would never end, is ended. */
  paused(job: Job, by: string): void {
    const reason = `the job was paused (${by})`;
    this.#parts.prepared.forget(job.name);
    this.#parts.dispatcher.dropWaiting(
      (run) => run.job === job.name && run.trigger.kind !== 'person',
      reason,
    );
    this.#parts.services.release(job.name, reason);
  }

  resumed(job: Job): void {
    if (job.kind === 'service' && job.enabled) this.#parts.services.keep(job);
  }

  #apply(job: Job, lastDueMs: number | undefined, before?: Job): void {
    const { schedule, dispatcher, services, files } = this.#parts;
    if (!job.enabled || job.kind === 'service') files.remove(job.name);
    if (!job.enabled) {
      schedule.remove(job.name);
      dispatcher.dropWaiting((run) => run.job === job.name, 'the job was disabled');
      services.release(job.name, 'the service was disabled');
    } else if (job.kind === 'triggered') {
      services.release(job.name, 'it is no service any more');
      schedule.set(job, lastDueMs);
      files.set(job);
    } else {
      schedule.remove(job.name);
      this.#applyService(job, before);
    }
  }

  #applyService(job: Service, before: Job | undefined): void {
    const { services, pauses } = this.#parts;
    if (pauses.has(job.name)) return;
    if (before?.kind !== 'service' || !before.enabled) services.keep(job);
    else if (isDeepStrictEqual(runPart(before), runPart(job))) services.revise(job);
    else services.renew(job, 'the configuration of the service has changed');
  }

  #saveFirstSeen(): void {
    try {
      this.#parts.firstSeen.save();
    } catch (error) {
      // Costs a missed run that is not made up for, if the daemon ends before it is saved.
      this.#parts.logger.error({ err: error }, 'since when jobs are known could not be saved');
    }
  }
}

/**
 * What a run of a service is made from, without what only concerns how it is shown, what is kept of it and when it is
 * started again.
 */
function runPart(service: Service): Partial<Service> {
  const {
    description: _,
    tags: __,
    notify: ___,
    restart: ____,
    backoff: _____,
    output: ______,
    ...rest
  } = service;
  return rest;
}

function followersIn(configuration: Configuration): ReadonlyMap<string, readonly string[]> {
  const followers = new Map<string, string[]>();
  for (const job of configuration.jobs.values()) {
    if (job.kind !== 'triggered' || !job.enabled) continue;
    for (const trigger of job.triggers) {
      if (trigger.kind !== 'after') continue;
      followers.set(trigger.job, [...(followers.get(trigger.job) ?? []), job.name]);
    }
  }
  return followers;
}
