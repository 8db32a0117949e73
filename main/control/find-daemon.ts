import { findHome } from '../daemon/home.ts';
import { currentHost } from '../daemon/lock/host.ts';
import { isForeign, type Owner, readOwner } from '../daemon/lock/owner.ts';
import { recordPath } from '../daemon/lock/paths.ts';
import { currentBootId, isAlive } from '../daemon/process/identity.ts';
import type { DaemonStatus } from '../daemon/status.ts';
import { socketPath } from './address.ts';
import { ask, NoAnswerError } from './client.ts';
import { statusOf } from './other-status.ts';

/** What stands in a home, as seen from outside. */
export type Finding =
  | { readonly kind: 'answering'; readonly owner: Owner; readonly status: DaemonStatus }
  /** The owner lives, or somebody listens, and nothing was said in time. */
  | { readonly kind: 'silent'; readonly owner: Owner | undefined }
  /** Its process cannot be seen from this computer. */
  | { readonly kind: 'elsewhere'; readonly owner: Owner }
  /** The record's owner is dead and had not released its lock. */
  | { readonly kind: 'crashed'; readonly owner: Owner }
  | { readonly kind: 'absent'; readonly last: Owner | undefined };

/** How long a daemon may take to answer before it counts as silent, in milliseconds. */
export const ANSWER_MS = 2_000;

/** Between two tries while a daemon that lives does not listen yet. */
const PAUSE_MS = 20;

/**
 * Finds out whether a daemon runs in a home and answers, waiting for an answer at most `patience` milliseconds.
 * Throws a `SoloistError` if the home cannot be looked into.
 */
export async function findDaemon(home: string, patience: number = ANSWER_MS): Promise<Finding> {
  const folder = findHome(home);
  if (folder === undefined) return { kind: 'absent', last: undefined };
  const deadline = performance.now() + patience;
  for (;;) {
    const owner = readOwner(recordPath(folder, 'daemon'));
    const current = owner?.endedAt === null ? owner : undefined;
    if (current !== undefined && isForeign(current, currentHost, await currentBootId()))
      return { kind: 'elsewhere', owner: current };
    // Without a record (a full disk) the daemon still answers where it always does.
    const answer = await tryToAsk(current?.socket ?? socketPath(folder), deadline - performance.now());
    if (typeof answer !== 'string') {
      const status = statusOf(answer, folder, current);
      if (status.owner !== null) return { kind: 'answering', owner: status.owner, status };
    } else if (answer === 'not-answering') {
      return { kind: 'silent', owner: current };
    } else if (current === undefined) {
      return { kind: 'absent', last: owner };
    } else if (!(await isAlive(current))) {
      // It may have ended in an orderly way since its record was read.
      const now = readOwner(recordPath(folder, 'daemon'));
      if (now?.instanceId === current.instanceId && now.endedAt === null)
        return { kind: 'crashed', owner: now };
    }
    if (performance.now() >= deadline) return { kind: 'silent', owner: current };
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function tryToAsk(
  socket: string,
  patience: number,
): Promise<DaemonStatus | 'unreachable' | 'not-answering'> {
  try {
    return await ask(socket, 'status', Math.max(1, patience));
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return error.code === 'unreachable' ? 'unreachable' : 'not-answering';
  }
}
