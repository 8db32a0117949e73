import { rmSync } from 'node:fs';
import { SoloistError } from '../daemon/errors.ts';
import { findHome } from '../daemon/home.ts';
import { AlreadyRunningError } from '../daemon/lock/already-running.ts';
import { withLock } from '../daemon/lock/instance-lock.ts';
import { type Owner, readOwner } from '../daemon/lock/owner.ts';
import { recordPath } from '../daemon/lock/paths.ts';
import { descendantsOf } from '../daemon/process/descendants.ts';
import { currentBootId, isAlive, type ProcessIdentity, signalProcess } from '../daemon/process/identity.ts';
import { processPlatform } from '../daemon/process/platform.ts';
import { version } from '../version.ts';
import { socketPath } from './address.ts';
import { ask, NoAnswerError } from './client.ts';
import { ANSWER_MS, findDaemon } from './find-daemon.ts';

/** How often it is looked whether the daemon is gone: no process can wait for one that is not its child. */
const LOOK_EVERY_MS = 20;

/** A process that was killed is gone within this time, or sits in the kernel where nothing reaches it. */
const KILLED_MS = 5_000;

/** What became of the daemon of a home. */
export type Stopped =
  | { readonly kind: 'absent' }
  /** It had crashed; what it left was cleared. */
  | { readonly kind: 'cleared'; readonly owner: Owner }
  | { readonly kind: 'stopped'; readonly owner: Owner }
  | { readonly kind: 'forced'; readonly owner: Owner; readonly children: number };

export interface StopOptions {
  /** Milliseconds until it is ended by force. */
  readonly timeout: number;
  /** Who wants it, in words, as the owner record would say. */
  readonly by: string;
}

/**
 * Stops the daemon of a home gracefully, and after `timeout` ends it and its children by force. Leaves neither process
 * nor `daemon.pid` nor socket, also where the daemon had crashed before. Throws a `SoloistError` if it cannot be ended.
 */
export async function stopDaemon(chosenHome: string, { timeout, by }: StopOptions): Promise<Stopped> {
  const home = findHome(chosenHome);
  if (home === undefined) return { kind: 'absent' };
  const finding = await findDaemon(home, Math.min(ANSWER_MS, timeout));
  switch (finding.kind) {
    case 'absent':
      return { kind: 'absent' };
    case 'crashed':
      await clearLeftovers(home, by);
      return { kind: 'cleared', owner: finding.owner };
    case 'elsewhere':
      throw new SoloistError({
        code: 'held-by-another-host',
        message: `The daemon runs on another computer: ${finding.owner.host.name}, PID ${finding.owner.pid}.`,
        hint: `Use 'soloist down' there.`,
      });
    case 'silent':
      if (finding.owner === undefined) throw unknownOwner(home);
      return stop(home, finding.owner, { timeout, by });
    case 'answering':
      return stop(home, finding.owner, { timeout, by });
  }
}

function unknownOwner(home: string): SoloistError {
  return new SoloistError({
    code: 'owner-unknown',
    message: `Something listens at ${socketPath(home)} but does not answer, and no record says which process it is.`,
    hint: `Find it with 'lsof ${socketPath(home)}' and end it.`,
  });
}

async function stop(home: string, owner: Owner, { timeout, by }: StopOptions): Promise<Stopped> {
  const deadline = performance.now() + timeout;
  try {
    await ask(owner.socket, 'stop', Math.min(ANSWER_MS, timeout));
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    // The same wish by another way; a suspended daemon reads it when it is resumed.
    await signalProcess(owner, 'SIGTERM');
  }
  if (await waitUntil(() => hasEnded(home, owner), deadline)) return { kind: 'stopped', owner };
  return { kind: 'forced', owner, children: await endByForce(home, owner, by) };
}

/** A headless daemon ends with its process; the menu-bar app stays and says in the record that it released. */
async function hasEnded(home: string, owner: Owner): Promise<boolean> {
  if (!(await isAlive(owner))) return true;
  if (owner.kind === 'headless') return false;
  const record = readOwner(recordPath(home, 'daemon'));
  return record === undefined || record.instanceId !== owner.instanceId || record.endedAt !== null;
}

/** Kills the daemon and everything below it; returns how many processes were below it. */
async function endByForce(home: string, owner: Owner, by: string): Promise<number> {
  const bootId = await currentBootId();
  const children = descendantsOf(owner.pid, await processPlatform().list()).map(
    ({ pid, started }): ProcessIdentity => ({ pid, processStarted: started, bootId }),
  );
  // The daemon first: it would start its services again.
  for (const process of [owner, ...children]) await signalProcess(process, 'SIGKILL');
  const deadline = performance.now() + KILLED_MS;
  for (const process of [owner, ...children]) {
    if (await waitUntil(async () => !(await isAlive(process)), deadline)) continue;
    throw new SoloistError({
      code: 'cannot-be-killed',
      message: `Process ${process.pid} was killed and is still there.`,
      hint: 'It waits in the kernel, usually for a disk or a network folder. It ends when that answers, or at a restart of the computer.',
    });
  }
  await clearLeftovers(home, by);
  return children.length;
}

/** Removes what a dead owner left, as the owner that follows it; another daemon that was faster keeps its files. */
export async function clearLeftovers(home: string, by: string): Promise<void> {
  const socket = socketPath(home);
  const options = {
    home,
    name: 'daemon',
    kind: 'headless',
    version,
    startedBy: by,
    socket,
  } as const;
  try {
    await withLock({ ...options, onLost: () => {}, warn: () => {} }, async () => {
      if (process.platform !== 'win32') rmSync(socket, { force: true });
    });
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
  }
}

async function waitUntil(holds: () => Promise<boolean>, deadline: number): Promise<boolean> {
  while (!(await holds())) {
    if (performance.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
