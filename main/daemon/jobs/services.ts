import type { Logger } from 'pino';
import type { Service } from '../config/configuration.ts';
import { durationWords } from '../config/duration.ts';
import type { Trigger } from '../history/run.ts';
import { afterServiceEnd, NO_FAILURES, type RestartState } from '../schedule/backoff.ts';
import type { Ended } from './execution.ts';

export interface ServicesParts {
  readonly logger: Logger;
  /** Asks for a run of a service. */
  start(job: string, trigger: Trigger): void;
  /** Ends the runs of a service, and settles when they are over. */
  end(job: string, reason: string): Promise<unknown>;
  /** Whether the service has a run that goes on or waits. */
  has(job: string): boolean;
  /** Told when what the words say of a service has changed. */
  onChanged(): void;
  /** A service is started no more, for this reason. */
  onGivenUp(job: string, why: string): void;
  /** What was against a service is forgotten: it is kept running, or it is down because somebody wants it. */
  onForgiven(job: string): void;
}

type State =
  | { readonly kind: 'up' }
  /** Its run has ended, and the next one is near. */
  | { readonly kind: 'restarting'; readonly timer: NodeJS.Timeout; readonly afterMs: number }
  /** It stays down until a person or the configuration wants otherwise. */
  | { readonly kind: 'down'; readonly why: string };

interface Kept {
  readonly job: Service;
  state: State;
  failures: RestartState;
  /** When it was last started, on the clock of `performance.now`. */
  since: number;
  /** Whether it is to start again at once when its run has ended, because what it runs has changed. */
  isRenewed: boolean;
}

/** A service that ran for so long (in milliseconds) is well, and its failures before that are forgotten. */
const STABLE_MS = 60_000;
/** More ends than these within this time, and it is given up. With the default backoff that takes 13 minutes. */
const FLAPPING = { most: 10, windowMs: 15 * 60_000 };
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Keeps services running: starts them again when they end, ever later, and gives up those that keep ending. */
export class Services {
  readonly #parts: ServicesParts;
  readonly #kept = new Map<string, Kept>();
  /** Those whose runs are being ended, and would not start again by themselves. */
  readonly #ending = new Map<string, number>();

  constructor(parts: ServicesParts) {
    this.#parts = parts;
  }

  /** Keeps this service running from now on, unless it runs already. What was against it is forgotten. */
  keep(job: Service): void {
    this.#calm(job.name);
    const isRenewed = this.#ending.has(job.name);
    const since = performance.now();
    this.#kept.set(job.name, { job, state: { kind: 'up' }, failures: NO_FAILURES, since, isRenewed });
    this.#parts.onForgiven(job.name);
    if (!this.#parts.has(job.name)) this.#parts.start(job.name, { kind: 'service' });
  }

  /** Takes a changed service: its run is ended, and another one started. */
  renew(job: Service, reason: string): void {
    this.keep(job);
    const kept = this.#kept.get(job.name);
    if (kept === undefined || !this.#parts.has(job.name)) return;
    kept.isRenewed = true;
    this.#end(job.name, reason);
  }

  /** Takes a service whose command is the same, without touching its run. */
  revise(job: Service): void {
    const kept = this.#kept.get(job.name);
    if (kept === undefined) this.keep(job);
    else this.#kept.set(job.name, { ...kept, job });
  }

  /** Ends the service and keeps it no more. */
  release(name: string, reason: string): void {
    this.#calm(name);
    if (!this.#kept.delete(name)) return;
    this.#parts.onForgiven(name);
    this.#end(name, reason);
  }

  #end(name: string, reason: string): void {
    if (!this.#parts.has(name)) return;
    this.#ending.set(name, (this.#ending.get(name) ?? 0) + 1);
    void this.#parts.end(name, reason).finally(() => {
      const others = (this.#ending.get(name) ?? 1) - 1;
      if (others === 0) this.#ending.delete(name);
      else this.#ending.set(name, others);
    });
  }

  /** The service will not be started again by itself, for this reason. */
  leaveDown(name: string, why: string): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#calm(name);
    kept.state = { kind: 'down', why };
    this.#parts.onForgiven(name);
    this.#parts.onChanged();
  }

  /** A person starts it: what was against it is forgotten. */
  startedByHand(name: string): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#calm(name);
    kept.failures = NO_FAILURES;
    kept.state = { kind: 'up' };
    this.#parts.onForgiven(name);
  }

  /** Decides what follows the end of a run. Runs of jobs that are no services, or are kept no more, are left alone. */
  ended(name: string, { end, ranMs }: Ended): void {
    const kept = this.#kept.get(name);
    if (kept === undefined || this.#parts.has(name)) return;
    const { outcome } = end;
    if (kept.isRenewed) {
      kept.isRenewed = false;
      this.#parts.start(name, { kind: 'service' });
      return;
    }
    if (outcome.kind === 'cancelled') this.leaveDown(name, outcome.reason);
    else if (kept.job.restart === 'on-failure' && outcome.kind === 'succeeded')
      this.leaveDown(name, 'it ended by itself and successfully');
    else this.#restartLater(kept, ranMs);
  }

  #restartLater(kept: Kept, ranMs: number): void {
    const { name, backoff } = kept.job;
    const firstMs = Math.max(1, backoff.from);
    const endedMs = performance.now();
    const { state, decision } = afterServiceEnd(
      kept.failures,
      { startedMs: endedMs - ranMs, endedMs },
      {
        backoff: { firstMs, mostMs: Math.max(firstMs, backoff.to) },
        stableMs: STABLE_MS,
        flapping: FLAPPING,
      },
      Math.random,
    );
    kept.failures = state;
    if (decision.kind === 'give-up') {
      const why = `it ended ${decision.ends} times within ${durationWords(decision.windowMs)}`;
      this.#parts.logger.error({ job: name, ends: decision.ends }, `a service is given up: ${why}`);
      kept.failures = NO_FAILURES;
      this.leaveDown(name, `given up: ${why}`);
      this.#parts.onGivenUp(name, why);
      return;
    }
    const { afterMs, failures } = decision;
    this.#parts.logger.warn({ job: name, afterMs, failures }, 'a service has ended and is started again');
    const timer = setTimeout(
      () => {
        kept.state = { kind: 'up' };
        kept.since = performance.now();
        if (!this.#parts.has(name)) this.#parts.start(name, { kind: 'service' });
      },
      Math.min(afterMs, LONGEST_TIMER_MS),
    );
    kept.state = { kind: 'restarting', timer, afterMs };
    this.#parts.onChanged();
  }

  /** The services that ended lately and are up or started again, with how often in a row. */
  restarted(): readonly { readonly job: string; readonly times: number }[] {
    return [...this.#kept].flatMap(([job, { state, failures, since }]) => {
      const isStable = state.kind === 'up' && performance.now() - since >= STABLE_MS;
      return state.kind === 'down' || failures.failures === 0 || isStable
        ? []
        : { job, times: failures.failures };
    });
  }

  /** What is to be known about a service beyond that it should run, or undefined. */
  stateInWords(name: string): string | undefined {
    const state = this.#kept.get(name)?.state;
    switch (state?.kind) {
      case 'restarting':
        return `starts again after a pause of ${durationWords(state.afterMs)}`;
      case 'down':
        return `down: ${state.why}`;
      case 'up':
      case undefined:
        return undefined;
    }
  }

  /** Starts nothing more. */
  stop(): void {
    for (const name of this.#kept.keys()) this.#calm(name);
    this.#kept.clear();
  }

  #calm(name: string): void {
    const state = this.#kept.get(name)?.state;
    if (state?.kind === 'restarting') clearTimeout(state.timer);
  }
}
