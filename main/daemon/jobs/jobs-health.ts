import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration } from '../config/configuration.ts';
import type { Alerts } from '../health/alerts.ts';
import type { JobsFacts } from '../health/facts.ts';
import type { JobsHealth } from '../health/health.ts';
import { usualQuietMs } from '../health/usual.ts';
import type { Alert, Cause, Raised } from '../history/alerts.ts';
import type { History } from '../history/history.ts';
import type { Statistics } from '../history/statistics.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { FileTriggers } from './file-triggers.ts';
import type { JobSchedule } from './job-schedule.ts';
import type { Records } from './records.ts';
import type { Services } from './services.ts';
import type { Jobs, JobView } from './views.ts';

export interface EngineHealthParts {
  readonly history: History;
  readonly records: Records;
  readonly dispatcher: Dispatcher;
  readonly schedule: JobSchedule;
  readonly services: Services;
  readonly files: FileTriggers;
  readonly alerts: Alerts;
  readonly jobs: Pick<Jobs, 'list'>;
  configuration(): Configuration;
}

/** What a job's statistics are made from. */
const STATISTICS_RUNS = 100;
/** What is usual for a job is told from so many due times, or successes. */
const HABIT_TIMES = 12;
/** Of so many jobs it is learned at one time, and of so many before others have a turn. */
const LEARNED_AT_ONCE = 500;
const CHUNK = 20;

/** What the engine gives to the health of its daemon. */
export class EngineHealth implements JobsHealth {
  readonly #parts: EngineHealthParts;
  /** The jobs of which the usual is to be learned next. */
  #toLearn: string[] = [];

  constructor(parts: EngineHealthParts) {
    this.#parts = parts;
  }

  async facts(probe: boolean): Promise<JobsFacts> {
    const { history, records, dispatcher, schedule, services, files } = this.#parts;
    const watched = await files.watched(probe);
    const jobs = [...this.#parts.configuration().jobs.values()];
    const { unclaimed, ...runs } = dispatcher.facts();
    return {
      jobs: { all: jobs.length, enabled: jobs.filter(({ enabled }) => enabled).length },
      scheduler: schedule.facts(),
      watched,
      history: { ...history.facts(), unclaimed, unrecorded: records.unrecorded },
      ...runs,
      restarted: services.restarted(),
    };
  }

  statistics(job: string): Statistics {
    return this.#parts.history.statistics(job, STATISTICS_RUNS);
  }

  standing(): readonly Alert[] {
    return this.#parts.alerts.standing();
  }

  met(raised: Raised): void {
    this.#parts.alerts.met(raised);
  }

  gone(cause: Cause): void {
    this.#parts.alerts.gone(cause);
  }

  views(): readonly JobView[] {
    return this.#parts.jobs.list();
  }

  /** Learns what is usual, of some jobs after the others. */
  async tend(): Promise<void> {
    const { jobs } = this.#parts.configuration();
    if (this.#toLearn.length === 0) this.#toLearn = [...jobs.keys()];
    for (const [index, name] of this.#toLearn.splice(0, LEARNED_AT_ONCE).entries()) {
      if (index % CHUNK === CHUNK - 1) await nextTurn();
      this.#learn(name);
    }
  }

  #learn(name: string): void {
    const { history, schedule, alerts } = this.#parts;
    const job = this.#parts.configuration().jobs.get(name);
    if (job?.kind !== 'triggered' || !job.enabled || job.quietAfter !== 'usual') return;
    const nextDue = schedule.nextDueTimes(name, HABIT_TIMES);
    const quietMs = usualQuietMs({
      nextDue,
      successes: nextDue.length > 1 ? [] : history.successes(name, HABIT_TIMES),
      durationMs: this.statistics(name).durations?.p90,
    });
    alerts.expect(job, quietMs);
  }
}
