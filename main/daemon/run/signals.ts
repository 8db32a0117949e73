import { systemErrorCode } from '../errors.ts';
import { livingAmong, type ProcessIdentity } from '../process/identity.ts';

/**
 * Sends a signal to a whole process group; to be called only while the group is known to be ours. Returns
 * false if nobody is in it, or nobody in it may be signalled (a job that became another user).
 */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  return send(-group, signal);
}

/**
 * Sends signals, in order, to exactly these processes: to none that has ended, nor to a stranger that was
 * given the PID of one. Returns those that were sent them all.
 */
export async function signalExactly<Identity extends ProcessIdentity>(
  identities: readonly Identity[],
  signals: readonly NodeJS.Signals[],
): Promise<Identity[]> {
  if (identities.length === 0) return [];
  const living = await livingAmong(identities);
  return living.filter(({ pid }) => signals.map((signal) => send(pid, signal)).every(Boolean));
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    // Whether anything is left is found by looking, not by what kill(2) said.
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
