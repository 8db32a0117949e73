import { processPlatform } from './platform.ts';

/**
 * Who a process is. A PID alone says nothing: it is given to a stranger after its process has ended, and
 * starts over at boot.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the platform's own form; only ever compared for equality. */
  readonly processStarted: string;
  readonly bootId: string;
}

let knownBootId: string | undefined;

/** What names this boot of this computer; read once, since it cannot change under a process. */
export async function currentBootId(): Promise<string> {
  knownBootId ??= await processPlatform().bootId();
  return knownBootId;
}

/** The largest PID that any supported system gives out (Windows: 32 bits). */
const LARGEST_PID = 0xffff_ffff;

/** The identity of a living process, or undefined if the PID is free, impossible or that of a zombie. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!Number.isInteger(pid) || pid <= 0 || pid > LARGEST_PID) return undefined;
  const processStarted = await processPlatform().started(pid);
  return processStarted === undefined ? undefined : { pid, processStarted, bootId: await currentBootId() };
}

let ownIdentity: ProcessIdentity | undefined;

/** The identity of this very process. */
export async function identifySelf(): Promise<ProcessIdentity> {
  if (ownIdentity?.pid !== process.pid) ownIdentity = await identifyProcess(process.pid);
  if (ownIdentity === undefined) throw new Error(`the system does not tell when PID ${process.pid} started`);
  return ownIdentity;
}

/** Whether both are the same process of the same boot. */
export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.processStarted === other.processStarted && one.bootId === other.bootId;
}

/** Whether exactly this process still lives: PID, start time and boot all match, and it is no zombie. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(identity.pid);
  return now !== undefined && isSameProcess(now, identity);
}

/** Those of these processes that still live, asked for at once. */
export async function livingAmong<Identity extends ProcessIdentity>(
  identities: readonly Identity[],
): Promise<Identity[]> {
  const bootId = await currentBootId();
  const started = await processPlatform().startedAmong(identities.map((identity) => identity.pid));
  return identities.filter((one) => one.bootId === bootId && started.get(one.pid) === one.processStarted);
}

/**
 * Sends a signal to exactly this process. Returns false, having sent nothing, if it has ended or its PID is a
 * stranger's by now.
 */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
