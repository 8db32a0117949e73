import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import { currentHost } from '../../lock/host.ts';
import { tryKernelLock } from '../../lock/kernel.ts';
import { isForeign, type Owner, readOwner } from '../../lock/owner.ts';
import type { LockPaths } from '../../lock/paths.ts';
import { ownProcesses, type ProcessDetails, processDetails } from '../../process/details.ts';
import { currentBootId, isAlive } from '../../process/identity.ts';
import { readLinuxStatFields } from '../../process/platform.ts';
import { entryAt, namesIn, readEnd } from './entries.ts';
import type { HostLockScene, InsideScene, LockScene, RecordScene, SocketScene } from './scene.ts';

/** The lock of a home (its real path): tried without waiting, and given back at once. No file is made. */
export async function lookAtLock(home: string): Promise<LockScene> {
  const path = join(home, 'daemon.lock');
  const entry = entryAt(path);
  if (entry === undefined) return { path, entry, state: { kind: 'missing' } };
  if (entry.kind !== 'file') {
    const reason =
      entry.kind === 'folder' ? 'it is a folder' : entry.kind === 'link' ? 'it is a link' : 'it is no file';
    return { path, entry, state: { kind: 'unusable', reason } };
  }
  try {
    const lock = tryKernelLock(home, 'daemon');
    if (lock === undefined) return { path, entry, state: { kind: 'held', holders: await holdersOf(path) } };
    lock.release();
    return { path: lock.path, entry, state: { kind: 'free' } };
  } catch (error) {
    return { path, entry, state: { kind: 'unusable', reason: reasonOf(error) } };
  }
}

/** The processes of this user that have a file open with a lock on it; undefined where the system does not tell. */
async function holdersOf(path: string): Promise<readonly ProcessDetails[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  return processDetails((await ownProcesses()).filter(({ pid }) => hasLocked(pid, path)));
}

function hasLocked(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (file) =>
        readlinkSync(`/proc/${pid}/fd/${file}`) === path &&
        /^lock:/m.test(readFileSync(`/proc/${pid}/fdinfo/${file}`, 'utf8')),
    );
  } catch {
    // It has ended, has closed that file meanwhile, or is not to be looked into.
    return false;
  }
}

/** The owner record, and what became of its owner. */
export async function lookAtRecord({ record: path }: LockPaths): Promise<RecordScene> {
  const entry = entryAt(path);
  // Reading a pipe would wait for ever.
  const owner = entry?.kind === 'file' || entry?.kind === 'link' ? readOwnerPatiently(path) : undefined;
  const isOthers = owner !== undefined && isForeign(owner, currentHost, await currentBootId());
  const lives = owner !== undefined && !isOthers && (await isAlive(owner));
  const process_ = lives
    ? (await ownProcesses()).filter(
        ({ pid, started }) => pid === owner.pid && started === owner.processStarted,
      )
    : [];
  const [details] = await processDetails(process_);
  return {
    path,
    entry,
    owner,
    isForeign: isOthers,
    isAlive: lives,
    process: details,
    isSuspended: lives && process.platform === 'linux' && readLinuxStatFields(owner.pid)?.[0] === 'T',
    lastCrash: owner?.lastCrash ?? null,
  };
}

function readOwnerPatiently(path: string): Owner | undefined {
  return readEnd(path, 1) === undefined ? undefined : readOwner(path);
}

export function lookAtPid({ pid: path }: LockPaths): InsideScene['pid'] {
  const entry = entryAt(path);
  return { path, entry, text: entry?.kind === 'file' ? readEnd(path, 100) : undefined };
}

/** proper-lockfile's folder, and who else claims the home. */
export async function lookAtHostLock(paths: LockPaths): Promise<HostLockScene> {
  const bootId = await currentBootId();
  const folder = dirname(paths.record);
  const claims = namesIn(folder).filter((name) => paths.isClaim(name));
  const records = [paths.record, ...claims.map((name) => join(folder, name))];
  const owners = records.flatMap((path) => readOwnerPatiently(path) ?? []);
  const foreign = owners.filter((owner) => owner.endedAt === null && isForeign(owner, currentHost, bootId));
  return { entry: entryAt(paths.hostLock), foreign };
}

/** Somebody who listens takes a connection at once, also while it is suspended: the system takes it. */
const CONNECT_MS = 1_000;

/** The control socket: what stands there, and whether anybody listens. */
export async function lookAtSocket(path: string): Promise<SocketScene> {
  const entry = process.platform === 'win32' ? undefined : entryAt(path);
  const isListening = await new Promise<boolean>((resolve) => {
    const connection = connect(path);
    const finish = (isListening: boolean): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(isListening);
    };
    // Its queue is full: nobody has taken a connection for long.
    const timer = setTimeout(() => finish(true), CONNECT_MS);
    connection.once('connect', () => finish(true));
    connection.once('error', (error) => finish(systemErrorCode(error) === 'EAGAIN'));
  });
  return { path, entry, isListening };
}
