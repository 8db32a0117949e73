import { join } from 'node:path';
import type { LockName } from './already-running.ts';

/** The files by which one lock of a home is held and shown. */
export interface LockPaths {
  /** The owner record. */
  readonly record: string;
  /** The owner record before it is published: it tells other hosts who may be about to hold the host lock. */
  readonly claim: string;
  isClaim(name: string): boolean;
  /** The owner's PID and a newline, for `kill $(cat daemon.pid)`. */
  readonly pid: string;
  /** proper-lockfile's folder. */
  readonly hostLock: string;
  /** What proper-lockfile is told to lock; nothing needs to stand there. */
  readonly hostLockSubject: string;
}

/** Where the owner record of a lock is, in a home (its real path). */
export const recordPath = (home: string, name: LockName): string => join(home, `${name}.owner.json`);

/** The paths of the lock `name` in a home (its real path) as seen from the host with this id. */
export function lockPaths(home: string, name: LockName, hostId: string): LockPaths {
  const claim = new RegExp(`^${name}\\.owner\\.[0-9a-f]{16}\\.json$`);
  return {
    record: recordPath(home, name),
    claim: join(home, `${name}.owner.${hostId}.json`),
    isClaim: (file) => claim.test(file),
    pid: join(home, `${name}.pid`),
    hostLock: join(home, `${name}.host.lock`),
    hostLockSubject: join(home, `${name}.host`),
  };
}
