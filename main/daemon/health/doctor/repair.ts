import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { SoloistError } from '../../errors.ts';
import { unusableHome } from '../../home.ts';
import { isOwnerAlive } from '../../lock/instance-lock.ts';
import { tryKernelLock } from '../../lock/kernel.ts';
import { readOwner } from '../../lock/owner.ts';
import { recordPath } from '../../lock/paths.ts';
import { endProcesses } from '../../process/end-processes.ts';
import { endRecorded } from '../../run/end.ts';
import { systemLook } from '../../run/processes.ts';
import type { Fix } from './diagnosis.ts';

/** What a repair needs that only the control socket's side can do, in a home (its real path). */
export interface Hands {
  /** Stops the daemon, by force if it must be, and clears what it leaves. */
  stopDaemon(home: string): Promise<void>;
  /** Clears what a crashed daemon left, as the owner that follows it. */
  clearCrash(home: string): Promise<void>;
}

/** The order in which repairs are made: what holds the home goes first, what only lies there last. */
const ORDER: readonly Fix['kind'][] = [
  'tighten',
  'end-daemon',
  'end-processes',
  'move-aside',
  'end-run',
  'clear-crash',
  'remove',
];

/** Each of these fixes once, in the order in which they are to be made. */
export function inOrder(fixes: readonly Fix[]): readonly Fix[] {
  const once = new Map(fixes.map((fix) => [JSON.stringify(fix), fix]));
  return [...once.values()].sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
}

/**
 * Makes a repair in a home (its real path), and says in a sentence what was done. Throws a `SoloistError` if it cannot be
 * made, or not safely any more because a daemon has come to hold the home.
 */
export async function repair(home: string, fix: Fix, hands: Hands, now: Date): Promise<string> {
  switch (fix.kind) {
    case 'end-daemon':
      await hands.stopDaemon(home);
      return `The daemon with PID ${fix.owner.pid} was stopped.`;
    case 'clear-crash':
      await hands.clearCrash(home);
      return `What the dead daemon with PID ${fix.pid} left was cleared.`;
    case 'end-processes': {
      const { left } = await endProcesses(fix.processes, { graceMs: GRACE_MS });
      const [first] = left;
      if (first !== undefined) throw cannotBeKilled(first.pid);
      return `${counted(fix.processes)} ended.`;
    }
    case 'end-run': {
      const { left } = await endRecorded(fix.key, { graceMs: fix.graceMs, look: systemLook() });
      const [first] = left;
      if (first !== undefined) throw cannotBeKilled(first.pid);
      return `${counted(fix.processes)} ended.`;
    }
    case 'tighten':
      tighten(fix.path, fix.mode);
      return `Only you can write to ${fix.path} now.`;
    case 'move-aside': {
      const target = await whileUnheld(home, () => moveAside(fix.path, now));
      return `${fix.path} was renamed to ${target}.`;
    }
    case 'remove':
      await whileUnheld(home, () => rmSync(fix.path, { recursive: true, force: true }));
      return `${fix.path} was removed.`;
  }
}

const counted = (processes: readonly unknown[]): string =>
  processes.length === 1 ? 'One process was' : `${processes.length} processes were`;

/** Through no link, which could lead to a file that is nobody's concern here. */
function tighten(path: string, mode: number): void {
  try {
    if (lstatSync(path).isSymbolicLink()) throw new Error('it has become a link');
    // Two findings may have asked for it, in ways of their own.
    chmodSync(path, lstatSync(path).mode & mode & 0o7777);
  } catch (error) {
    throw unusableHome(path, error);
  }
}

function moveAside(path: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '');
  let target = `${path}.aside-${stamp}`;
  for (let other = 2; lstatSync(target, { throwIfNoEntry: false }) !== undefined; other++)
    target = `${path}.aside-${stamp}-${other}`;
  try {
    renameSync(path, target);
  } catch (error) {
    throw unusableHome(path, error);
  }
  return target;
}

/** Does something in a home while no daemon can hold it. A lock file that is no file can be held by nobody. */
async function whileUnheld<Result>(home: string, action: () => Result): Promise<Result> {
  const file = lstatSync(`${home}/daemon.lock`, { throwIfNoEntry: false });
  const lock = file === undefined || file.isFile() ? tryKernelLock(home, 'daemon') : null;
  if (lock === undefined) throw heldMeanwhile(home);
  try {
    const owner = readOwner(recordPath(home, 'daemon'));
    if (owner !== undefined && owner.endedAt === null && (await isOwnerAlive(owner)))
      throw heldMeanwhile(home);
    return action();
  } finally {
    lock?.release();
  }
}

function heldMeanwhile(home: string): SoloistError {
  return new SoloistError({
    code: 'already-running',
    message: `A daemon holds ${home} by now, so that nothing was changed in it.`,
    hint: "Look again with 'soloist doctor'.",
  });
}

/** A daemon ends its runs first, which by default have 10 s for it. */
const GRACE_MS = 15_000;

function cannotBeKilled(pid: number): SoloistError {
  return new SoloistError({
    code: 'cannot-be-killed',
    message: `Process ${pid} was killed and is still there.`,
    hint: 'It belongs to another user, or waits in the kernel, usually for a disk or a network folder.',
  });
}
