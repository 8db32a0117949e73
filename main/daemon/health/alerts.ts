import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Job } from '../config/configuration.ts';
import type { Alert, Cause, Raised } from '../history/alerts.ts';
import type { History } from '../history/history.ts';
import type { Outcome, RunId } from '../history/run.ts';
import { Quiet } from './quiet.ts';
import { failingAlert, givenUpAlert, judgeEnd, missingFolderAlert, quietAlert } from './verdicts.ts';

export interface AlertsParts {
  readonly history: History;
  readonly logger: Logger;
  /** Whether a job is not to become due now: it is paused. */
  isHeld(job: string): boolean;
  /** The list of alerts is another one. */
  onChanged(): void;
}

/** Raises and resolves alerts, as verdicts and outcomes say. */
export class Alerts {
  readonly #parts: AlertsParts;
  readonly #quiet: Quiet;
  /** The jobs with an alert that stands: most runs end well and have none to be resolved. */
  #alerted: Set<string>;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    const { history, isHeld } = parts;
    this.#quiet = new Quiet({
      history,
      now: Date.now,
      isHeld,
      onQuiet: (job, afterMs) => this.#raise(quietAlert(job, afterMs)),
    });
    this.#alerted = new Set(this.standing().flatMap(({ job }) => job ?? []));
  }

  standing(): readonly Alert[] {
    return this.#parts.history.alerts('standing');
  }

  all(): readonly Alert[] {
    return this.#parts.history.alerts('all');
  }

  /** Acknowledges an alert, or all that are open; returns whether there was one. */
  acknowledge(id: string | undefined): boolean {
    const isAny = this.#parts.history.acknowledge(id, Date.now()) > 0;
    if (isAny) this.#parts.onChanged();
    return isAny || (id !== undefined && this.#parts.history.alert(id) !== undefined);
  }

  /** Puts away what is over. */
  archive(): void {}

  /** These jobs are in force now. What concerns others, or disabled ones, is over. */
  configured(jobs: ReadonlyMap<string, Job>): void {
    const at = Date.now();
    let isAny = false;
    for (const alert of this.standing()) {
      if (alert.job === undefined || this.#concerns(alert, jobs.get(alert.job))) continue;
      isAny = this.#parts.history.resolveAlert(alert.id, at) || isAny;
    }
    this.#alerted = new Set(this.standing().flatMap(({ job }) => job ?? []));
    this.#quiet.follow(jobs);
    if (isAny) this.#parts.onChanged();
  }

  /** A state that a look has found. It is raised once, for as long as it lasts. */
  met(raised: Raised): void {
    this.#change(() => this.#parts.history.stand(raised, Date.now()));
    if (raised.job !== undefined) this.#alerted.add(raised.job);
  }

  /** A state that a look has found to be over, or never was. */
  gone(cause: Cause): void {
    this.#change(() => this.#parts.history.resolve(cause, Date.now()));
  }

  /** A run has ended, as the history has it. */
  ended(run: RunId, job: Job, outcome: Outcome, isRetried: boolean): void {
    const verdict = judgeEnd(job.kind, outcome, isRetried);
    if (verdict.kind === 'failing') this.#raise(failingAlert(job.name, run, verdict.how));
    if (verdict.kind !== 'well') return;
    this.#quiet.succeeded(job.name);
    this.#resolve({ kind: 'failing', job: job.name });
    this.#resolve({ kind: 'quiet', job: job.name });
  }

  /** What is usual for this job is known now: it is quiet after so long (milliseconds), or never. */
  expect(job: Job, quietAfterMs: number | undefined): void {
    this.#quiet.expect(job, quietAfterMs);
  }

  /** The computer has woken. */
  woke(): void {
    this.#quiet.woke();
  }

  /** A service is started no more. */
  givenUp(job: string, run: RunId | undefined, why: string): void {
    this.#raise(givenUpAlert(job, run, why));
  }

  /** A service is kept running again. */
  kept(job: string): void {
    this.#resolve({ kind: 'given-up', job });
  }

  /** A watched folder is there, or is not. */
  folder(job: string, path: string, isThere: boolean): void {
    if (isThere) this.#resolve({ kind: 'watch', job, detail: path });
    else this.#raise(missingFolderAlert(job, path));
  }

  stop(): void {
    this.#quiet.stop();
  }

  #concerns(alert: Alert, job: Job | undefined): boolean {
    if (job === undefined || !job.enabled) return false;
    switch (alert.kind) {
      case 'failing':
        return job.kind === 'triggered';
      case 'given-up':
        return job.kind === 'service';
      case 'quiet':
        return job.kind === 'triggered' && job.quietAfter !== undefined;
      case 'watch':
        return alert.detail !== undefined && watches(job, alert.detail) && !existsSync(alert.detail);
      // The next look at the health tells.
      default:
        return true;
    }
  }

  #raise(raised: Raised): void {
    this.#change(() => {
      this.#parts.history.raise(raised, Date.now());
      if (raised.job !== undefined) this.#alerted.add(raised.job);
      return true;
    });
  }

  #resolve(cause: Cause): void {
    if (cause.job !== undefined && !this.#alerted.has(cause.job)) return;
    this.#change(() => this.#parts.history.resolve(cause, Date.now()));
  }

  /** What the history does not take must not keep a run from what follows its end. */
  #change(action: () => boolean): void {
    try {
      if (action()) this.#parts.onChanged();
    } catch (error) {
      this.#parts.logger.error({ err: error }, 'an alert could not be recorded');
    }
  }
}

function watches(job: Job, path: string): boolean {
  if (job.kind !== 'triggered') return false;
  return job.triggers.some((trigger) => trigger.kind === 'watch' && trigger.paths.includes(path));
}
