import { setTimeout as sleep } from 'node:timers/promises';
import { socketPath } from '../../control/address.ts';
import { follow, type StreamEvent } from '../../control/client.ts';
import { type FileWatch, watchFile } from '../../daemon/config/file-watch.ts';
import { currentHost } from '../../daemon/lock/host.ts';
import { isOwnerAlive } from '../../daemon/lock/instance-lock.ts';
import { isForeign, type Owner, readOwner } from '../../daemon/lock/owner.ts';
import { recordPath } from '../../daemon/lock/paths.ts';
import { currentBootId, identifySelf, isSameProcess } from '../../daemon/process/identity.ts';

/** Before a daemon that lives and does not listen is called again. */
const CALL_AGAIN_MS = 1_000;
/** Who clears up after a crash owns the home for a moment too, and is no daemon. */
const SETTLED_MS = 150;

export interface OtherDaemonOptions {
  /** The home's real path. */
  readonly home: string;
  /** Another daemon holds the home. */
  readonly onFound: (owner: Owner) => void;
  /** The one that held it does so no more. */
  readonly onEnded: () => void;
  /** It tells something. Not checked. */
  readonly onEvent: (event: StreamEvent) => void;
  readonly warn: (message: string, cause: unknown) => void;
}

/**
 * Notices a daemon of the home that is not this process's, and its end: by file events on the owner record, and by its
 * event stream, which ends with it however it ends. Nothing polls.
 */
export class OtherDaemon {
  readonly #options: OtherDaemonOptions;
  readonly #record: string;
  #watch: FileWatch | undefined;
  /** The one that is known of. */
  #known: { readonly owner: Owner | null; readonly hangUp: AbortController } | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: OtherDaemonOptions) {
    this.#options = options;
    this.#record = recordPath(options.home, 'daemon');
  }

  /** Begins to look. */
  watch(): void {
    const onChange = (): void => {
      this.#watch?.refresh();
      void this.look();
    };
    this.#watch = watchFile({ file: this.#record, onChange, warn: this.#options.warn });
    onChange();
  }

  /** Whether another daemon is known to hold the home. */
  get isThere(): boolean {
    return this.#known !== undefined;
  }

  /** A start was refused because of this owner; null if it has no record. */
  expect(owner: Owner | null): void {
    if (this.#known === undefined || this.#known.owner?.instanceId !== owner?.instanceId) {
      this.#forget();
      this.#know(owner);
    }
    // It may have ended meanwhile.
    void this.look();
  }

  /** Looks at the record now; resolves when what changed has been told. */
  look(): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#look())
      .catch((error: unknown) =>
        this.#options.warn('The owner record of the daemon could not be looked at.', error),
      );
    return this.#turn;
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.close();
    this.#known?.hangUp.abort();
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return;
    const current = await this.#current();
    const known = this.#known;
    if (current === undefined) {
      // One without a record is only seen by its socket.
      if (known === undefined || known.owner === null) return;
      this.#forget();
      this.#options.onEnded();
    } else if (known?.owner?.instanceId !== current.instanceId) {
      await sleep(SETTLED_MS);
      if ((await this.#current())?.instanceId !== current.instanceId) return this.#look();
      this.#forget();
      this.#know(current);
      this.#options.onFound(current);
    }
  }

  /** The living owner of the record, if it is not this process. */
  async #current(): Promise<Owner | undefined> {
    const owner = readOwner(this.#record);
    if (owner === undefined || owner.endedAt !== null) return undefined;
    if (isSameProcess(owner, await identifySelf())) return undefined;
    return (await isOwnerAlive(owner)) ? owner : undefined;
  }

  #know(owner: Owner | null): void {
    const hangUp = new AbortController();
    this.#known = { owner, hangUp };
    void this.#follow(owner, hangUp.signal);
  }

  #forget(): void {
    this.#known?.hangUp.abort();
    this.#known = undefined;
  }

  async #follow(owner: Owner | null, signal: AbortSignal): Promise<void> {
    if (owner !== null && isForeign(owner, currentHost, await currentBootId())) return;
    while (!signal.aborted) {
      let hasTold = false;
      try {
        for await (const event of follow(owner?.socket ?? socketPath(this.#options.home), signal)) {
          hasTold = true;
          if (!signal.aborted) this.#options.onEvent(event);
        }
      } catch {
        // It does not listen: it is starting, stuck or gone, which its record tells.
      }
      if (signal.aborted) return;
      if (owner === null && !hasTold) {
        this.#forget();
        return this.#options.onEnded();
      }
      await this.look();
      await new Promise((resolve) => setTimeout(resolve, CALL_AGAIN_MS));
      await this.look();
    }
  }
}
