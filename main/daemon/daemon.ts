import type { DestinationStream, Logger } from 'pino';
import { contractVersion } from '../version.ts';
import type { Configuration } from './config/configuration.ts';
import type { ConfigurationSource } from './config/source.ts';
import { type ErrorDetails, errorDetails } from './errors.ts';
import type { Vitals } from './health/facts.ts';
import type { HealthSummary } from './health/report.ts';
import { prepareHome } from './home.ts';
import { type HeldLock, InstanceLock, type LostLock } from './lock/instance-lock.ts';
import type { OwnerKind } from './lock/owner.ts';
import { type DaemonLog, defaultLogSettings, openLog } from './log/log.ts';
import type { DaemonPart, PartContext, RunningPart } from './part.ts';
import { type DaemonState, type StopReason, stopReasonInWords } from './state.ts';
import type { ConfigurationStatus, DaemonStatus } from './status.ts';
import { type Undo, undoAll } from './undo.ts';

/** Each point of start and stop at which a process may die; tests kill it at each. */
export type DaemonStep = 'locked' | 'logged' | 'part-started' | 'running' | 'part-stopped' | 'stopped';

export interface DaemonOptions {
  /** The home as it was chosen; made and checked when the daemon starts. */
  readonly home: string;
  readonly kind: OwnerKind;
  readonly version: string;
  readonly startedBy: string;
  readonly takeOver?: boolean;
  /** Where it answers, given the home's real path. */
  readonly socketPath: (home: string) => string;
  readonly configuration: ConfigurationSource;
  /** Parts that stay through a restart, such as the control socket. */
  readonly standing: readonly DaemonPart<Daemon>[];
  /** Parts that work from the configuration, started after the standing ones. */
  readonly configured: readonly DaemonPart<Configuration>[];
  /** Gets the log's lines too. */
  readonly terminal?: DestinationStream;
  readonly observe?: (step: DaemonStep | Parameters<NonNullable<LockObserver>>[0]) => void;
}

type LockObserver = ConstructorParameters<typeof InstanceLock>[0]['observe'];

/** What is there only while the home is owned. */
interface Ownership {
  readonly context: PartContext;
  readonly lock: HeldLock;
  readonly log: DaemonLog;
  readonly undo: Undo[];
  readonly undoConfigured: Undo[];
  /** The started parts that work from the configuration. */
  running: RunningPart<Configuration>[];
}

/** The one scheduler of a home. Its methods may be called at any time and in any number; they take turns. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #listeners = new Set<(status: DaemonStatus) => void>();
  #state: DaemonState = { state: 'stopped', since: now(), reason: null };
  /** The configuration in force. */
  #configuration: Configuration | undefined;
  /** What is wrong with a newer configuration. */
  #problem: ErrorDetails | null = null;
  #health: HealthSummary | null = null;
  #ownership: Ownership | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Why parts are being stopped; they may hurry for some reasons. */
  #stopReason: StopReason = { kind: 'asked' };
  /** Whether what is stopping is to wait for nothing. */
  #hurry: 'no' | 'wanted' | 'told' = 'no';

  constructor(options: DaemonOptions) {
    this.#options = options;
  }

  status(): DaemonStatus {
    const { home, version, configuration } = this.#options;
    return {
      daemon: this.#state,
      home: this.#ownership?.context.home ?? home,
      version,
      contract: contractVersion,
      owner: this.#ownership?.lock.owner ?? null,
      configuration: { path: configuration.path, problem: this.#problem, kept: keptBy(this.#configuration) },
      health: this.#state.state === 'running' ? this.#health : null,
    };
  }

  /** Calls the listener after each change of the status. Returns how to end that. */
  subscribe(listener: (status: DaemonStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes the lock, then starts everything. Resolves when the daemon runs (also if it ran already). Rejects, with
   * every earlier step taken back, if one fails: with an `AlreadyRunningError` if the home has an owner.
   */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state.state === 'running') return;
      this.#stopReason = { kind: 'asked' };
      this.#set({ state: 'starting', since: now() });
      try {
        await this.#start();
      } catch (error) {
        this.#set({ state: 'failed', since: now(), error: errorDetails(error) });
        throw error;
      }
      this.#set({ state: 'running', since: now(), pid: process.pid });
      this.#observe('running');
    });
  }

  /**
   * Stops everything in reverse, the lock last. Resolves when all is gone; a stopped daemon stays stopped. `cause`
   * is the fault itself, for the log.
   */
  stop(reason: StopReason = { kind: 'asked' }, cause?: unknown): Promise<void> {
    return this.#inTurn(async () => {
      const ownership = this.#ownership;
      if (ownership === undefined) return;
      this.#announceStop(reason);
      const { logger } = ownership.context;
      const message = `stopping ${stopReasonInWords(reason)}`;
      if (reason.kind === 'fault') logger.fatal({ err: cause }, message);
      else if (reason.kind === 'lock-lost') logger.error({ reason }, message);
      else logger.info({ reason }, message);
      await this.#end(ownership);
      this.#set({ state: 'stopped', since: now(), reason });
    });
  }

  /** Ends the runs that a stop under way, or one just asked for, waits for: without their grace. */
  hurry(): void {
    this.#hurry = 'wanted';
    if (this.#state.state === 'stopping' && this.#state.waiting !== null) this.#hurryParts();
  }

  #hurryParts(): void {
    this.#hurry = 'told';
    for (const part of this.#ownership?.running ?? []) part.hurry?.();
  }

  /**
   * Stops and starts what works from the configuration, keeping the lock and the socket. Ends with the daemon
   * running: with the new configuration or, if that one is broken, with the old one; then it returns the problem.
   */
  restart(): Promise<ErrorDetails | null> {
    return this.#inTurn(async () => {
      const ownership = this.#ownership;
      const old = this.#configuration;
      if (ownership === undefined || old === undefined) throw new Error('the daemon does not run');
      const { logger } = ownership.context;
      const next = await this.#readOr(old, () => this.#options.configuration.load());
      this.#announceStop({ kind: 'restart' });
      await this.#stopParts(ownership.undoConfigured, logger);
      this.#set({ state: 'starting', since: now() });
      try {
        await this.#startConfiguredOr(ownership, next, old);
      } catch (error) {
        await this.#end(ownership);
        this.#set({ state: 'failed', since: now(), error: errorDetails(error) });
        throw error;
      }
      this.#set({ state: 'running', since: now(), pid: process.pid });
      logger.info(this.#problem ? 'restarted with the former configuration' : 'restarted');
      return this.#problem;
    });
  }

  /**
   * Reads the configuration again (`read`: as it was read already) and puts it in force without stopping anything.
   * A broken one changes nothing but the status, and is returned.
   */
  reload(read = () => this.#options.configuration.load()): Promise<ErrorDetails | null> {
    return this.#inTurn(async () => {
      const ownership = this.#ownership;
      const old = this.#configuration;
      if (ownership === undefined || old === undefined) return null;
      const next = await this.#readOr(old, read);
      if (next !== old) {
        this.#configuration = next;
        ownership.log.apply(next.log);
        for (const part of ownership.running) part.update?.(next);
        ownership.context.logger.info('the configuration was read again');
      }
      this.#set(this.#state);
      return this.#problem;
    });
  }

  async #start(): Promise<void> {
    const { kind, version, startedBy, takeOver, configuration } = this.#options;
    const undo: Undo[] = [];
    const undoConfigured: Undo[] = [];
    let log: DaemonLog | undefined;
    try {
      const home = prepareHome(this.#options.home);
      // Nothing is written to the log before this process owns it.
      const early: [string, unknown][] = [];
      const lock = await new InstanceLock({
        home,
        name: 'daemon',
        kind,
        version,
        startedBy,
        socket: this.#options.socketPath(home),
        ...(takeOver === undefined ? {} : { takeOver }),
        onLost: (lost) => this.#onLost(lost),
        warn: (message, cause) =>
          log ? log.logger.warn({ err: cause }, message) : early.push([message, cause]),
        ...(this.#options.observe === undefined ? {} : { observe: this.#options.observe }),
      }).acquire();
      undo.push(() => lock.release());
      this.#observe('locked');

      const opened = openLog(home, defaultLogSettings, this.#options.terminal);
      log = opened;
      const { logger } = log;
      undo.push(() => opened.close());
      for (const [message, cause] of early) logger.warn({ err: cause }, message);
      const { lastCrash, generation, instanceId } = lock.owner;
      logger.info({ pid: process.pid, version, generation, instanceId, home, kind }, 'starting');
      if (lastCrash?.generation === generation - 1) logger.warn({ lastCrash }, 'the last daemon had crashed');
      this.#observe('logged');

      const context: PartContext = {
        home,
        owner: lock.owner,
        logger,
        isOwner: () => this.#isOwner(lock),
        vitals: () => this.#vitals(lock, opened),
        judged: (summary, isOther) => {
          this.#health = summary;
          if (isOther) this.#set(this.#state);
        },
        changed: () => this.#set(this.#state),
        waiting: (runs, untilMs) => this.#waitFor(runs, untilMs),
      };
      const ownership: Ownership = { context, lock, log, undo, undoConfigured, running: [] };
      this.#ownership = ownership;
      this.#health = null;
      for (const part of this.#options.standing) await this.#startPart(part, context, this, undo);
      await this.#startConfigured(ownership, await configuration.load());
      const stopFollowing = configuration.follow?.(
        (read) => void this.reload(read),
        (message, cause) => logger.warn({ err: cause }, message),
      );
      if (stopFollowing !== undefined) undo.push(stopFollowing);
      this.#problem = null;
      logger.info('running');
    } catch (error) {
      log?.logger.error({ err: error }, 'the daemon could not start');
      const onError = (error: unknown): void => log?.logger.error({ err: error }, 'undoing the start failed');
      await undoAll(undoConfigured, onError);
      await undoAll(undo, onError);
      this.#ownership = undefined;
      throw error;
    }
  }

  async #startConfigured(ownership: Ownership, configuration: Configuration): Promise<void> {
    ownership.running = [];
    for (const part of this.#options.configured) {
      const { context, undoConfigured } = ownership;
      ownership.running.push(await this.#startPart(part, context, configuration, undoConfigured));
    }
    this.#configuration = configuration;
    ownership.log.apply(configuration.log);
  }

  async #startConfiguredOr(ownership: Ownership, next: Configuration, old: Configuration): Promise<void> {
    const { logger } = ownership.context;
    try {
      await this.#startConfigured(ownership, next);
    } catch (error) {
      logger.error({ err: error }, 'the new configuration could not be put in force');
      await this.#stopParts(ownership.undoConfigured, logger);
      if (next === old) throw error;
      this.#problem = errorDetails(error);
      await this.#startConfigured(ownership, old);
    }
  }

  /** The configuration as it stands now, or the old one (and the problem noted) if it is broken. */
  async #readOr(old: Configuration, read: () => Promise<Configuration>): Promise<Configuration> {
    try {
      const next = await read();
      this.#problem = null;
      return next;
    } catch (error) {
      this.#problem = errorDetails(error);
      // A check of its own tells of it, until it is mended.
      this.#ownership?.context.logger.warn(
        { err: error },
        'the configuration is broken; the former one stays in force',
      );
      return old;
    }
  }

  async #startPart<Input>(
    part: DaemonPart<Input>,
    context: PartContext,
    input: Input,
    undo: Undo[],
  ): Promise<RunningPart<Input>> {
    const running = await part.start(context, input);
    undo.push(async () => {
      await running.stop(this.#stopReason);
      this.#observe('part-stopped');
    });
    this.#observe('part-started');
    return running;
  }

  #stopParts(undo: Undo[], logger: Logger): Promise<void> {
    return undoAll(undo, (error) => logger.error({ err: error }, 'a part did not stop cleanly'));
  }

  #announceStop(reason: StopReason): void {
    this.#stopReason = reason;
    this.#set({ state: 'stopping', since: now(), reason, waiting: null });
  }

  #waitFor(runs: number, untilMs: number): void {
    if (this.#state.state !== 'stopping') return;
    const waiting = runs === 0 ? null : { runs, until: new Date(untilMs).toISOString() };
    this.#set({ ...this.#state, waiting });
    if (waiting !== null && this.#hurry === 'wanted') this.#hurryParts();
  }

  async #end(ownership: Ownership): Promise<void> {
    const { logger } = ownership.context;
    await this.#stopParts(ownership.undoConfigured, logger);
    await this.#stopParts(ownership.undo, logger);
    this.#ownership = undefined;
    this.#observe('stopped');
  }

  #isOwner(lock: HeldLock): boolean {
    const lost = lock.lost();
    if (lost !== undefined) this.#onLost(lost);
    return lost === undefined;
  }

  #vitals({ owner, lost }: HeldLock, log: DaemonLog): Vitals {
    return {
      lock: { path: owner.lock, pid: owner.pid, lost: lost()?.reason },
      errors: log.errors(Date.now()),
      configuration: { path: this.#options.configuration.path, problem: this.#problem },
    };
  }

  /** Another daemon may own the home at any moment: everything ends, now. */
  #onLost(lost: LostLock): void {
    if (this.#stopReason.kind === 'lock-lost') return;
    this.#stopReason = { kind: 'lock-lost', lost };
    void this.stop({ kind: 'lock-lost', lost });
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => {});
    return result;
  }

  #set(state: DaemonState): void {
    this.#state = state;
    if (state.state !== 'stopping') this.#hurry = 'no';
    const status = this.status();
    for (const listener of this.#listeners) listener(status);
  }

  #observe(step: DaemonStep): void {
    this.#options.observe?.(step);
  }
}

function keptBy(configuration: Configuration | undefined): ConfigurationStatus['kept'] {
  if (configuration === undefined) return null;
  const { output, log } = configuration;
  return { output, log: { keep: log.keep, maxSize: log.maxSize } };
}

const now = (): string => new Date().toISOString();
