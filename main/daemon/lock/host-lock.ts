import {
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { lock as lockFolder } from 'proper-lockfile';
import { SoloistError, systemErrorCode } from '../errors.ts';
import { reasonOf } from '../home.ts';
import { momentInWords } from './already-running.ts';
import type { Host } from './host.ts';
import { isForeign, readOwner } from './owner.ts';
import type { LockPaths } from './paths.ts';

/** Slow: it only tells other hosts when this one was last seen. Nothing is ever concluded from its being late. */
const HEARTBEAT_MS = 60_000;

/** A folder is cleared and taken again at most so often in a row; more means that somebody else makes it. */
const ATTEMPTS = 5;

export interface HostLockOptions {
  readonly paths: LockPaths;
  readonly host: Host;
  readonly bootId: string;
  readonly takeOver: boolean;
  /** Whether the kernel lock still stands: without it, nothing at these paths is this process's to change. */
  readonly isOurs: () => boolean;
  /** Another host has the home: this host's daemon is to stop. */
  readonly onForeign: (error: SoloistError) => void;
  readonly warn: (message: string, cause: unknown) => void;
}

export interface HostLock {
  release(): Promise<void>;
}

/**
 * Holds `NAME.host.lock`, proper-lockfile's folder, which carries the exclusion to other hosts when the home is
 * on a network file system. To be called under the kernel lock only: under it, whatever this host left there is
 * dead, and is cleared. What another host left is never taken without `takeOver`; then this throws a
 * `SoloistError` that says which host and when it was last seen. A disk too full for it is a warning.
 */
export async function holdHostLock(options: HostLockOptions): Promise<HostLock> {
  const { paths, warn } = options;
  let release: (() => Promise<void>) | undefined;
  let released = false;
  let retry: NodeJS.Timeout | undefined;

  const take = async (takeOver: boolean): Promise<void> => {
    let candidates = [paths.record];
    for (let attempt = 1; ; attempt++) {
      const foreign = takeOver ? undefined : foreignHolder(options, candidates);
      if (foreign !== undefined) throw foreign;
      try {
        release = await lockFolder(paths.hostLockSubject, {
          lockfilePath: paths.hostLock,
          realpath: false,
          // It never steals: no age makes a lock stale, since a clock step or a long sleep makes any look old.
          stale: Number.POSITIVE_INFINITY,
          update: HEARTBEAT_MS,
          fs: lockFileSystem(options.isOurs),
          onCompromised,
        });
        // They lost against this one, now or long ago.
        for (const claim of otherClaims(paths)) rmSync(claim, { force: true });
        return;
      } catch (error) {
        if (systemErrorCode(error) !== 'ELOCKED' || attempt > ATTEMPTS) throw error;
        candidates = [paths.record, ...otherClaims(paths)];
        // A file, or a folder with something in it, would make proper-lockfile refuse for ever.
        const dead = takeOver || foreignHolder(options, candidates) === undefined;
        if (dead) rmSync(paths.hostLock, { recursive: true, force: true });
      }
    }
  };

  /** The folder was touched, replaced or deleted; that alone says nothing about this host's daemon. */
  const onCompromised = (error: Error): void => {
    release = undefined;
    warn(`The host lock ${paths.hostLock} was changed by somebody else; it is taken again.`, error);
    void retake();
  };

  const retake = async (): Promise<void> => {
    if (released || !options.isOurs()) return;
    try {
      await take(false);
      if (released) await letGo();
    } catch (error) {
      if (error instanceof SoloistError) options.onForeign(error);
      else retryLater(error);
    }
  };

  const retryLater = (error: unknown): void => {
    warn(
      `The host lock ${paths.hostLock} cannot be taken now (${reasonOf(error)}); it is tried again.`,
      error,
    );
    retry = setTimeout(retake, HEARTBEAT_MS);
    retry.unref();
  };

  const letGo = async (): Promise<void> => {
    const held = release;
    release = undefined;
    if (held === undefined) return;
    try {
      await held();
    } catch (error) {
      // Something was put into the folder, or the home is gone.
      if (systemErrorCode(error) !== 'ENOENT' && options.isOurs())
        rmSync(paths.hostLock, { recursive: true, force: true });
    }
  };

  try {
    await take(options.takeOver);
  } catch (error) {
    const full = ['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '');
    if (!full) throw error;
    retryLater(error);
  }

  return {
    async release() {
      released = true;
      clearTimeout(retry);
      await letGo();
    },
  };
}

type Done<Result> = (error: unknown, result?: Result) => void;

/**
 * The file system as proper-lockfile uses it. Synchronous, since each trip to the thread pool would wake several
 * threads at every heartbeat; and it removes nothing once the lock is not ours: proper-lockfile removes its folder
 * by path, at release and at exit, and by then it may be another owner's.
 */
function lockFileSystem(isOurs: () => boolean): object {
  const call = <Result>(done: Done<Result>, action: () => Result): void => {
    let result: Result;
    try {
      result = action();
    } catch (error) {
      done(error);
      return;
    }
    done(null, result);
  };
  return {
    mkdir: (path: string, done: Done<void>) => call(done, () => mkdirSync(path, 0o700)),
    stat: (path: string, done: Done<Stats>) => call(done, () => statSync(path)),
    utimes: (path: string, accessed: Date, modified: Date, done: Done<void>) =>
      call(done, () => utimesSync(path, accessed, modified)),
    rmdir: (path: string, done: Done<void>) => call(done, () => (isOurs() ? rmdirSync(path) : undefined)),
    rmdirSync: (path: string) => (isOurs() ? rmdirSync(path) : undefined),
  };
}

/** The refusal, if one of these records or claims is that of an owner on another host which has not ended. */
function foreignHolder(
  { paths, host, bootId }: HostLockOptions,
  candidates: readonly string[],
): SoloistError | undefined {
  const owner = candidates
    .map(readOwner)
    .find((owner) => owner !== undefined && owner.endedAt === null && isForeign(owner, () => host, bootId));
  if (owner === undefined) return undefined;
  const seen = lstatSync(paths.hostLock, { throwIfNoEntry: false })?.mtime.toISOString() ?? owner.startedAt;
  return new SoloistError({
    code: 'held-by-another-host',
    message:
      `The home ${dirname(paths.record)} is in use on another computer: ${owner.host.name}, PID ${owner.pid}, ` +
      `last seen ${momentInWords(seen)}.`,
    hint:
      `Stop the daemon on ${owner.host.name}. Only if it surely runs there no more, start here with ` +
      "'soloist up --take-over'.",
  });
}

function otherClaims(paths: LockPaths): string[] {
  const folder = dirname(paths.record);
  const own = basename(paths.claim);
  return readdirSync(folder)
    .filter((name) => paths.isClaim(name) && name !== own)
    .map((name) => `${folder}/${name}`);
}
