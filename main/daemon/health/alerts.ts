import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Job } from '../config/configuration.ts';
import type { AlertKind } from '../history/alert-kinds.ts';
import { type Alert, type Cause, causeText, type Meeting, type Raised } from '../history/alerts.ts';
import type { History } from '../history/history.ts';
import type { EndedRun, Outcome, RunId, Time } from '../history/run.ts';
import { concerns, type Evidence, isCertainlyOver, lookedKinds, type Watched } from './concerns.ts';
import { Quiet } from './quiet.ts';
import { failingAlert, givenUpAlert, judgeEnd, missingFolderAlert, quietAlert } from './verdicts.ts';

export interface AlertsParts {
  readonly history: History;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => Time;
  /** Whether a job is not to become due now: it is paused. */
  isHeld(job: string): boolean;
  /** The list of alerts is another one. */
  onChanged(): void;
  /** An alert is a new one, or over. Not told of one that repeats, is acknowledged or archived. */
  onNews?(news: AlertNews, alert: Alert): void;
}

export type AlertNews = 'raised' | 'resolved';

const DAY_MS = 24 * 3_600_000;
/** How long one that is over is listed before it is archived, and how long it is kept after that. */
const LISTED_MS = 7 * DAY_MS;
const ARCHIVED_MS = 90 * DAY_MS;
/** How long until what the disk did not take is tried again. */
const AGAIN_MS = 60_000;
/** Among so many of the last runs of a job is one that tells whether it is well again. */
const LAST_RUNS = 20;

/**
 * Raises and resolves alerts, as verdicts, outcomes and looks say: one for each cause, for as long as it is there. What
 * nobody told of is found out when the configuration is put in force, and once a day.
 */
export class Alerts {
  readonly #parts: AlertsParts;
  readonly #quiet: Quiet;
  /** The jobs that may have an alert that stands: most runs end well and have none to be resolved. */
  #alerted: Set<string>;
  /** What is configured; undefined before it is in force. */
  #watched: Watched | undefined;
  /** What looks have told so far, in numbers that grow: of each state, when it was last found. */
  #tellings = 0;
  readonly #foundAt = new Map<string, number>();
  /** The tellings as of the last complete look at a kind, and as of the last tidying. */
  readonly #lookedAt = new Map<AlertKind, number>();
  /** Causes that are gone and whose alerts the history did not resolve, and when that was tried last. */
  readonly #owed = new Map<string, Cause>();
  #triedAt = 0;
  #tidiedAt: { readonly time: Time; readonly tellings: number } | undefined;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    const { history, now, isHeld } = parts;
    this.#quiet = new Quiet({
      history,
      now,
      isHeld,
      onQuiet: (job, afterMs) => this.#meet(quietAlert(job, afterMs), 'stand'),
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
    const isAny = this.#parts.history.acknowledge(id, this.#parts.now()) > 0;
    if (isAny) this.#parts.onChanged();
    return isAny || (id !== undefined && this.#parts.history.alert(id) !== undefined);
  }

  /** Archives what is over, at once. What stands is never archived. */
  archive(): void {
    const now = this.#parts.now();
    // Also what a clock that was ahead has resolved.
    if (this.#parts.history.archiveAlerts(Number.MAX_SAFE_INTEGER, now) > 0) this.#parts.onChanged();
  }

  /** To be called once, before anything is told: a new daemon has given up no service yet. */
  begin(watched: Watched): void {
    this.#attempt(() => {
      for (const { id, kind } of this.standing()) if (kind === 'given-up') this.#resolveById(id);
    });
    this.configured(watched);
    this.tidy(this.#parts.now());
  }

  /** This is in force now. What concerns others, or disabled ones, is over. */
  configured(watched: Watched): void {
    this.#watched = watched;
    this.#attempt(() => this.#lookThrough());
    this.#alerted = new Set(this.standing().flatMap(({ job }) => job ?? []));
    this.#quiet.follow(watched.jobs);
  }

  /**
   * Archives and removes what is old, and resolves what is over although nobody told, at the first call and once a day
   * (epoch milliseconds); cheap to be called more often.
   */
  tidy(now: Time): void {
    this.#resolveOwed(now);
    const last = this.#tidiedAt;
    if (last !== undefined && now >= last.time && now - last.time < DAY_MS) return;
    this.#tidiedAt = { time: now, tellings: this.#tellings };
    const { history } = this.#parts;
    this.#attempt(() => {
      this.#lookThrough();
      // Without any look since the last time, nothing is known.
      if (last !== undefined && this.#tellings > last.tellings)
        this.#resolveUnfound(lookedKinds, () => last.tellings);
    });
    this.#change(() => history.archiveAlerts(now - LISTED_MS, now) > 0);
    this.#change(() => history.forgetAlerts(now - ARCHIVED_MS) > 0);
  }

  /** A state that a look has found. It is raised once, for as long as it lasts, however often it is found again. */
  met(raised: Raised): void {
    this.#foundAt.set(causeText(raised), ++this.#tellings);
    this.#meet(raised, 'stand');
    this.tidy(this.#parts.now());
  }

  /** A state that a look has found to be over, or never was. */
  gone(cause: Cause): void {
    this.#tellings++;
    this.#resolve(cause);
    this.tidy(this.#parts.now());
  }

  /** A look has told of all states of these kinds: those that it did not find again are over. */
  looked(kinds: readonly AlertKind[]): void {
    this.#attempt(() => this.#resolveUnfound(kinds, (kind) => this.#lookedAt.get(kind) ?? 0));
    for (const kind of kinds) this.#lookedAt.set(kind, this.#tellings);
  }

  /** A run has ended, as the history has it. */
  ended(run: RunId, job: Job, outcome: Outcome, isRetried: boolean): void {
    const verdict = judgeEnd(job.kind, outcome, isRetried);
    if (verdict.kind === 'failing') this.#meet(failingAlert(job.name, run, verdict), 'raise');
    if (verdict.kind === 'well') {
      this.#quiet.succeeded(job.name);
      this.#resolveOf(job.name, { kind: 'failing', job: job.name });
      this.#resolveOf(job.name, { kind: 'quiet', job: job.name });
    }
    this.tidy(this.#parts.now());
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
    this.#meet(givenUpAlert(job, run, why), 'raise');
  }

  /** What was against a service is forgotten: it is kept running, or it is down because somebody wants it. */
  forgiven(job: string): void {
    this.#resolveOf(job, { kind: 'given-up', job });
  }

  /** A watched folder is there, or is not. */
  folder(job: string, path: string, isThere: boolean): void {
    if (isThere) this.#resolveOf(job, { kind: 'watch', job, detail: path });
    else this.#meet(missingFolderAlert(job, path), 'stand');
  }

  stop(): void {
    this.#quiet.stop();
  }

  /** Late news of what is configured no more raise nothing: nobody would tell when it is over. */
  #meet(raised: Raised, how: 'raise' | 'stand'): void {
    if (this.#watched !== undefined && !concerns(raised, this.#watched)) return;
    this.#owed.delete(causeText(raised));
    this.#change(() => {
      const meeting: Meeting = this.#parts.history[how](raised, this.#parts.now());
      if (raised.job !== undefined) this.#alerted.add(raised.job);
      if (meeting.kind === 'raised') this.#parts.onNews?.('raised', meeting.alert);
      return meeting.kind !== 'same';
    });
  }

  #resolveOf(job: string, cause: Cause): void {
    if (this.#alerted.has(job)) this.#resolve(cause);
  }

  #resolve(cause: Cause): void {
    const isTaken = this.#change(() =>
      this.#isResolved(this.#parts.history.resolve(cause, this.#parts.now())),
    );
    if (isTaken) return;
    this.#owed.set(causeText(cause), cause);
    this.#triedAt = this.#parts.now();
  }

  #resolveOwed(now: Time): void {
    if (this.#owed.size === 0 || Math.abs(now - this.#triedAt) < AGAIN_MS) return;
    const causes = [...this.#owed.values()];
    this.#owed.clear();
    for (const cause of causes) this.#resolve(cause);
  }

  #resolveById(id: string): void {
    this.#change(() => this.#isResolved(this.#parts.history.resolveAlert(id, this.#parts.now())));
  }

  #isResolved(alert: Alert | undefined): boolean {
    if (alert === undefined) return false;
    this.#foundAt.delete(causeText(alert));
    this.#parts.onNews?.('resolved', alert);
    return true;
  }

  /** Resolves what stands and can be no more, or is certainly over. */
  #lookThrough(): void {
    const watched = this.#watched;
    if (watched === undefined) return;
    const evidence = this.#evidence();
    for (const alert of this.standing())
      if (!concerns(alert, watched) || isCertainlyOver(alert, watched, evidence)) this.#resolveById(alert.id);
  }

  #resolveUnfound(kinds: readonly AlertKind[], since: (kind: AlertKind) => number): void {
    for (const alert of this.standing()) {
      const foundAt = this.#foundAt.get(causeText(alert)) ?? 0;
      if (kinds.includes(alert.kind) && foundAt <= since(alert.kind)) this.#resolveById(alert.id);
    }
  }

  #evidence(): Evidence {
    const { history, now } = this.#parts;
    return {
      now: now(),
      isThere: existsSync,
      lastRuns: (job) =>
        (history.latest([job], LAST_RUNS, 'ended').get(job) ?? []).filter(
          (run): run is EndedRun => run.state === 'ended',
        ),
      lastSuccess: (job) => history.lastSuccess(job),
    };
  }

  /** Tells if the action changed anything. Returns whether the history took it. */
  #change(action: () => boolean): boolean {
    return this.#attempt(() => {
      if (action()) this.#parts.onChanged();
    });
  }

  /** What the history does not take must not keep a run from what follows its end. */
  #attempt(action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      this.#parts.logger.error({ err: error }, 'an alert could not be recorded');
      return false;
    }
  }
}
