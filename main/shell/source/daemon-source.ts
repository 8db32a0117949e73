import type { Logger } from 'pino';
import type { Handlers } from '../../control/contract.ts';
import { contractDifference } from '../../control/contract-version.ts';
import { type ControlActions, daemonHandlers } from '../../control/control-part.ts';
import { stopDaemon } from '../../control/stop-daemon.ts';
import type { Daemon } from '../../daemon/daemon.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { AlreadyRunningError, ownerInWords } from '../../daemon/lock/already-running.ts';
import type { Owner } from '../../daemon/lock/owner.ts';
import type { DaemonStatus } from '../../daemon/status.ts';
import { attachedHandlers, type DaemonEmit, type DaemonHandlers, passOn } from './attached.ts';
import { OtherDaemon } from './other-daemon.ts';
import { nextSource, type Source, type SourceEvent } from './source.ts';

/** How long another daemon may take to stop before it is ended by force: as `soloist down`. */
const STOP_MS = 10_000;

export interface DaemonSourceOptions {
  /** The home's real path. */
  readonly home: string;
  /** The app's own daemon. */
  readonly daemon: Daemon;
  readonly actions: ControlActions;
  readonly logger: Logger;
  /** Gets the events of the daemon that is shown. */
  readonly emit: DaemonEmit;
  /** The source, or the status of what is shown, is another one. */
  readonly onChange: () => void;
  /** What is shown from now on is another daemon's. */
  readonly onOther?: () => void;
}

/** The daemon that the app shows: its own, or another one of the same home, and what may be done about that. */
export class DaemonSource {
  readonly #options: DaemonSourceOptions;
  readonly #other: OtherDaemon;
  readonly #own: DaemonHandlers;
  readonly #ownEvents: Handlers['events'];
  readonly #attached: DaemonHandlers;
  #source: Source = { kind: 'own' };
  /** The last that the other daemon told of itself. */
  #otherStatus: DaemonStatus | null = null;
  #isTakingOver = false;
  /** The contract's calls, answered by the daemon that is shown. */
  readonly handlers: DaemonHandlers;

  constructor(options: DaemonSourceOptions) {
    this.#options = options;
    const { home, daemon, actions, logger } = options;
    const { events, ...own } = daemonHandlers(daemon, actions);
    this.#own = own;
    this.#ownEvents = events;
    this.#attached = attachedHandlers(() => this.#attachedSocket());
    this.handlers = this.#dispatching();
    this.#other = new OtherDaemon({
      home,
      onFound: (owner) => this.#apply({ kind: 'other-found', owner }),
      onEnded: () => this.#isTakingOver || this.#apply({ kind: 'other-ended' }),
      onEvent: ({ event, data }) => this.#onOtherEvent(event, data),
      warn: (message, cause) => logger.warn({ err: cause }, message),
    });
  }

  get source(): Source {
    return this.#source;
  }

  /** Of the daemon that is shown; null of one that is only known of. */
  status(): DaemonStatus | null {
    if (this.#source.kind === 'own') return this.#options.daemon.status();
    return this.#source.kind === 'attached' ? this.#otherStatus : null;
  }

  /** Begins to tell of the own daemon, and to notice others of the home. */
  watch(): void {
    this.#ownEvents({}, ((event: 'status', data: DaemonStatus) => {
      if (this.#source.kind === 'own') this.#emit(event, data);
    }) as DaemonEmit);
    this.#other.watch();
  }

  /** Starts the own daemon; another one that holds the home is shown. Throws what else a start fails with. */
  async start(): Promise<void> {
    const { daemon } = this.#options;
    try {
      await daemon.start();
      this.#apply({ kind: 'own' });
    } catch (error) {
      if (!(error instanceof AlreadyRunningError)) {
        this.#apply({ kind: 'own' });
        throw error;
      }
      this.#apply({ kind: 'other-found', owner: error.owner ?? null });
      this.#other.expect(error.owner ?? null);
    }
  }

  /**
   * Shows the other daemon that holds the home. Throws a `SoloistError` if there is none, or not on this computer, or it
   * speaks another contract.
   */
  async attach(): Promise<void> {
    if (this.#source.kind === 'attached') return;
    const owner = this.#source.kind === 'duplicate' ? (this.#source.owner ?? this.#otherStatus?.owner) : null;
    if (owner === null || owner === undefined)
      throw new SoloistError({
        code: 'not-running',
        message: 'There is no other daemon to attach to.',
        hint: 'Start the daemon here.',
      });
    const status = this.#otherStatus ?? (await statusAt(owner.socket));
    const difference = status === null ? undefined : contractDifference(owner, status, 'this app');
    if (difference !== undefined) throw difference;
    this.#apply({ kind: 'attached', owner });
  }

  /** Stops the other daemon, by force if it must be, and starts the own one. */
  async takeOver(): Promise<void> {
    const { home, logger } = this.#options;
    this.#isTakingOver = true;
    try {
      const stopped = await stopDaemon(home, { timeout: STOP_MS, by: 'the menu-bar app' });
      logger.info({ stopped }, 'the other daemon was stopped, to start here');
      await this.start();
    } finally {
      await this.#other.look();
      this.#isTakingOver = false;
      if (!this.#other.isThere) this.#apply({ kind: 'other-ended' });
    }
  }

  close(): void {
    this.#other.close();
  }

  #apply(event: SourceEvent): void {
    const next = nextSource(this.#source, event);
    if (next === this.#source) return;
    this.#options.logger.info({ from: this.#source.kind, to: next.kind }, 'another daemon is shown');
    const isOtherDaemon = !(this.#source.kind === 'duplicate' && next.kind === 'attached');
    if (isOtherDaemon) this.#otherStatus = null;
    this.#source = next;
    this.#options.onOther?.();
    this.#options.onChange();
    const status = this.status();
    if (status !== null) this.#options.emit('status', status);
    // Whoever shows the jobs has those of another daemon.
    this.#options.emit('jobs', {});
    this.#options.emit('alerts', {});
    this.#options.emit('links', {});
  }

  #onOtherEvent(event: string, data: unknown): void {
    const isKnown = passOn(
      ((event: 'status', data: DaemonStatus) => {
        if (event === 'status') this.#otherStatus = data;
        if (this.#source.kind === 'attached') this.#emit(event, data);
      }) as DaemonEmit,
      event,
      data,
    );
    if (!isKnown) this.#options.logger.warn({ event }, 'an event of the other daemon is not known here');
  }

  #emit(event: 'status', data: DaemonStatus): void {
    this.#options.emit(event, data);
    if (event === 'status') this.#options.onChange();
  }

  #attachedSocket(): string {
    if (this.#source.kind === 'attached') return this.#source.owner.socket;
    throw notShown(this.#source);
  }

  /** Each call goes to the daemon that is shown when it comes. */
  #dispatching(): DaemonHandlers {
    const names = Object.keys(this.#own) as (keyof DaemonHandlers)[];
    const dispatch = (name: keyof DaemonHandlers) => (input: never) => {
      const { kind } = this.#source;
      if (kind === 'own' || name === 'status')
        return (kind === 'attached' ? this.#attached : this.#own)[name](input);
      return this.#attached[name](input);
    };
    return Object.fromEntries(names.map((name) => [name, dispatch(name)])) as unknown as DaemonHandlers;
  }
}

/** What a daemon tells of itself; null if it tells nothing, or nothing that is known here. */
async function statusAt(socket: string): Promise<DaemonStatus | null> {
  try {
    return await attachedHandlers(() => socket).status({});
  } catch (error) {
    if (error instanceof SoloistError) return null;
    throw error;
  }
}

function notShown(source: Source): SoloistError {
  const owner: Owner | null = source.kind === 'own' ? null : source.owner;
  const who = owner === null ? '' : ` with ${ownerInWords(owner)}`;
  return source.kind === 'gone'
    ? new SoloistError({
        code: 'not-running',
        message: 'The other daemon has ended.',
        hint: 'Start the daemon here.',
      })
    : new SoloistError({
        code: 'not-attached',
        message: `Another daemon is already running${who}.`,
        hint: 'Attach to it, or stop it and start the daemon here.',
      });
}
