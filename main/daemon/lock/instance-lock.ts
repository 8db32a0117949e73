import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inodeOf } from '../files.ts';
import { reasonOf } from '../home.ts';
import { currentBootId, identifySelf, isAlive, isSameProcess } from '../process/identity.ts';
import { randomId } from '../random-id.ts';
import { AlreadyRunningError, type LockName, LockReplacedError } from './already-running.ts';
import { currentHost } from './host.ts';
import { type HostLock, holdHostLock } from './host-lock.ts';
import { type KernelLock, tryKernelLock } from './kernel.ts';
import { type Crash, crashOf, isForeign, type Owner, type OwnerKind, readOwner } from './owner.ts';
import { claimRecord, isPidWritten, publishRecord, retireRecord, writePid } from './owner-files.ts';
import { type LockPaths, lockPaths } from './paths.ts';
import { watchHeldFiles } from './watch.ts';

/** Every point at which a process may die while it acquires or releases; tests kill it at each. */
export type LockStep =
  | 'kernel-locked'
  | 'owner-checked'
  | 'claimed'
  | 'host-locked'
  | 'recorded'
  | 'release-started'
  | 'retired'
  | 'host-released'
  | 'released';

/** Why an owner is one no longer although it lives. */
export interface LostLock {
  readonly path: string;
  /** A sentence. */
  readonly reason: string;
}

export interface InstanceLockOptions {
  /** The home's real path, as `prepareHome` returns it. */
  readonly home: string;
  readonly name: LockName;
  readonly kind: OwnerKind;
  readonly version: string;
  readonly startedBy: string;
  /** Where the owner will answer. */
  readonly socket: string;
  /** Take the home although another host has it. */
  readonly takeOver?: boolean;
  /** Called once if the lock is lost while held. */
  readonly onLost: (lost: LostLock) => void;
  readonly warn: (message: string, cause: unknown) => void;
  readonly observe?: (step: LockStep) => void;
}

export interface HeldLock extends AsyncDisposable {
  readonly owner: Owner;
  /** Looks whether the lock is still this process's; to be asked before each thing that it starts. */
  lost(): LostLock | undefined;
  /** Gives the lock back. Calling it again waits for the first call. */
  release(): Promise<void>;
}

/** How long a starter waits for an owner that is just writing its record, or just dying. */
const PATIENCE_MS = 2_000;

/** How long files that were deleted are left so before any is written: more of them may be about to go. */
const SETTLE_MS = 100;

/** Keeps one process at a time owner of a home: `acquire` once per start. */
export class InstanceLock {
  readonly #options: InstanceLockOptions;
  readonly #paths: LockPaths;

  constructor(options: InstanceLockOptions) {
    this.#options = options;
    this.#paths = lockPaths(options.home, options.name, currentHost().id);
  }

  /**
   * Resolves to the held lock, or rejects: with an `AlreadyRunningError` that carries the owner's record if there
   * is one, or with a `SoloistError` that names the file in the way. Nothing stays behind when it rejects.
   */
  async acquire(): Promise<HeldLock> {
    const undo: (() => void | Promise<void>)[] = [];
    try {
      // 1 and 2. Kernel lock, same file: only the kernel knows that an owner is dead, and knows it at once.
      const kernel = await this.#lockOrRefuse();
      undo.push(() => kernel.release());
      this.#reached('kernel-locked');

      // 3. Fail closed: an owner that lives although its lock could be had was robbed of its lock file.
      const previous = await this.#previousOwner(kernel.path);
      this.#reached('owner-checked');

      let owner = await this.#describe(previous, kernel.path);
      let claimed = this.#tryToWrite('claim', () => claimRecord(this.#paths, owner));
      undo.push(() => rmSync(this.#paths.claim, { force: true }));
      this.#reached('claimed');

      // 4. proper-lockfile: the kernels of two hosts on one network file system may not know of each other.
      const host = await this.#lockHost(kernel, owner);
      undo.push(() => host.release());
      const latest = readOwner(this.#paths.record);
      if (latest?.instanceId !== previous?.instanceId) {
        // Another host came and went between the two locks.
        owner = await this.#describe(latest, kernel.path);
        claimed = this.#tryToWrite('claim', () => claimRecord(this.#paths, owner));
      }
      this.#reached('host-locked');

      // 5. Owner record and PID file. They inform; the locks above decide, so a full disk is only a warning.
      const recorded = claimed && this.#tryToWrite('record', () => publishRecord(this.#paths, owner));
      this.#reached('recorded');
      return this.#held(kernel, host, owner, { recorded, before: latest });
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  async #lockOrRefuse(): Promise<KernelLock> {
    const { home, name } = this.#options;
    for await (const last of attempts()) {
      const kernel = tryKernelLock(home, name);
      if (kernel !== undefined) return kernel;
      const owner = readOwner(this.#paths.record);
      // The record of the last, dead owner stands until the new one has written its own.
      const current = owner !== undefined && owner.endedAt === null && (await isOwnerAlive(owner));
      if (current) throw new AlreadyRunningError(name, owner);
      if (last) throw new AlreadyRunningError(name, undefined);
    }
    throw new AlreadyRunningError(name, undefined);
  }

  async #previousOwner(path: string): Promise<Owner | undefined> {
    const self = await identifySelf();
    for await (const last of attempts()) {
      const owner = readOwner(this.#paths.record);
      if (owner === undefined || owner.endedAt !== null || isSameProcess(owner, self)) return owner;
      // A process that is being killed gives up its locks a moment before it is gone from the process list.
      if (!(await isAlive(owner))) return owner;
      if (last) throw new LockReplacedError(this.#options.name, path, owner);
    }
    return undefined;
  }

  async #describe(previous: Owner | undefined, lock: string): Promise<Owner> {
    const { kind, version, startedBy, socket } = this.#options;
    const startedAt = new Date().toISOString();
    return {
      ...(await identifySelf()),
      host: currentHost(),
      kind,
      version,
      startedAt,
      startedBy,
      instanceId: randomId(),
      generation: (previous?.generation ?? 0) + 1,
      lock,
      socket,
      lastCrash: lastCrash(previous, startedAt),
      endedAt: null,
    };
  }

  async #lockHost(kernel: KernelLock, owner: Owner): Promise<HostLock> {
    return holdHostLock({
      paths: this.#paths,
      host: owner.host,
      bootId: await currentBootId(),
      takeOver: this.#options.takeOver ?? false,
      isOurs: () => kernel.inPlace() === 'same',
      onForeign: (error) => this.#onForeign(error),
      warn: this.#options.warn,
    });
  }

  /** Replaced once the lock is held; before that, another host's claim is an error of `acquire`. */
  #onForeign: (error: Error) => void = () => {};

  /** @param written whether this owner's record could be written, and the record that stood there before */
  #held(
    kernel: KernelLock,
    host: HostLock,
    owner: Owner,
    written: { readonly recorded: boolean; readonly before: Owner | undefined },
  ): HeldLock {
    const { home, onLost, warn } = this.#options;
    const paths = this.#paths;
    const homeInode = inodeOf(home);
    let isRecorded = written.recorded;
    let ended: Promise<void> | undefined;
    let lostAlready = false;

    const lost = (): LostLock | undefined => {
      if (inodeOf(home) !== homeInode)
        return { path: home, reason: `The home ${home} was deleted, moved or replaced.` };
      const lock = kernel.inPlace();
      if (lock !== 'same') return { path: kernel.path, reason: `The lock file ${kernel.path} was ${lock}.` };
      const there = readOwner(paths.record)?.instanceId;
      if (there === owner.instanceId) isRecorded = true;
      // Not even the owner that could not write its record (a full disk) stands by while another one writes its own.
      else if (isRecorded || (there !== undefined && there !== written.before?.instanceId))
        return { path: paths.record, reason: `The owner record ${paths.record} was deleted or replaced.` };
      return undefined;
    };
    const lose = (reason: LostLock): void => {
      if (lostAlready || ended !== undefined) return;
      lostAlready = true;
      onLost(reason);
    };
    const isLost = (): boolean => {
      const reason = lost();
      if (reason !== undefined) lose(reason);
      return reason !== undefined;
    };
    let mending: NodeJS.Timeout | undefined;
    const check = (): void => {
      if (isLost() || (isRecorded && isPidWritten(paths, owner))) return;
      // A home that is being deleted loses one file after the other, and is to lose this one for good.
      mending ??= setTimeout(() => {
        mending = undefined;
        if (!isLost()) mend();
      }, SETTLE_MS).unref();
    };
    const mend = (): void => {
      if (!isRecorded) {
        const write = (): void => {
          claimRecord(paths, owner);
          publishRecord(paths, owner);
        };
        isRecorded = this.#tryToWrite('record', write, isLost);
      } else if (!isPidWritten(paths, owner)) {
        this.#tryToWrite('PID file', () => writePid(paths, owner), isLost);
      }
    };
    const stopWatching = watchHeldFiles({ home, names: [paths.record, paths.pid, kernel.path], check, warn });
    this.#onForeign = (error) => lose({ path: home, reason: error.message });

    const release = async (): Promise<void> => {
      this.#reached('release-started');
      stopWatching();
      clearTimeout(mending);
      // In a home that is being deleted, what is written between two of its files would be what is left of it.
      if (lostAlready) await sleep(SETTLE_MS);
      this.#tryToWrite('record', () => retireRecord(paths, owner, new Date().toISOString()));
      this.#reached('retired');
      await host.release();
      this.#reached('host-released');
      // The kernel lock goes last: until then nobody else may write what was just taken back.
      kernel.release();
      this.#reached('released');
    };
    const releaseOnce = (): Promise<void> => {
      ended ??= release();
      return ended;
    };
    return { owner, lost, release: releaseOnce, [Symbol.asyncDispose]: releaseOnce };
  }

  /** `isOver` is asked where it fails: then there is nothing to warn of. */
  #tryToWrite(what: string, write: () => void, isOver = (): boolean => false): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (!isOver())
        this.#options.warn(
          `The owner's ${what} in ${this.#options.home} was not written: ${reasonOf(error)}.`,
          error,
        );
      return false;
    }
  }

  #reached(step: LockStep): void {
    this.#options.observe?.(step);
  }
}

/** Runs `scope` while the lock is held and releases it afterwards, also when `scope` throws. */
export async function withLock<Result>(
  options: InstanceLockOptions,
  scope: (held: HeldLock) => Promise<Result>,
): Promise<Result> {
  const held = await new InstanceLock(options).acquire();
  try {
    return await scope(held);
  } finally {
    await held.release();
  }
}

/** Whether the process that wrote a record lives; one of another host is believed, as nobody here can see it. */
export async function isOwnerAlive(owner: Owner): Promise<boolean> {
  return isForeign(owner, currentHost, await currentBootId()) || isAlive(owner);
}

function lastCrash(previous: Owner | undefined, foundAt: string): Crash | null {
  if (previous === undefined || previous.endedAt !== null) return previous?.lastCrash ?? null;
  return crashOf(previous, foundAt);
}

/** Yields at once and then after growing pauses; true for the last time that the caller's patience allows. */
async function* attempts(): AsyncGenerator<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = 1; performance.now() < deadline; pause = Math.min(pause * 2, 50)) {
    yield false;
    await sleep(pause);
  }
  yield true;
}
