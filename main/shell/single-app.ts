import type { Logger } from 'pino';
import { socketPath } from '../control/address.ts';
import { askAt, NoAnswerError } from '../control/client.ts';
import { startControlServer } from '../control/server.ts';
import { appTable } from '../control/single-app-calls.ts';
import { SoloistError } from '../daemon/errors.ts';
import { AlreadyRunningError, ownerInWords } from '../daemon/lock/already-running.ts';
import { InstanceLock, type LostLock } from '../daemon/lock/instance-lock.ts';
import type { Owner } from '../daemon/lock/owner.ts';
import { version } from '../version.ts';

/** How long a second launch tries to reach the first, which may just be starting. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 50;

export interface SingleAppOptions {
  /** The home's real path. */
  readonly home: string;
  readonly startedBy: string;
  readonly logger: Logger;
  /** Another launch wants this app to be seen. */
  readonly onShow: () => void;
  /** Resolves when the person can see this app. */
  readonly whenShown: () => Promise<void>;
  /** Another app may begin for this home at any moment. */
  readonly onLost: (lost: LostLock) => void;
  /** Milliseconds; for tests. */
  readonly patience?: number;
}

/** The one app of a home. */
export interface SingleApp {
  /** Stops answering, and lets another app begin. */
  release(): Promise<void>;
}

/**
 * Makes this process the one app of a home. If there is one already it is asked to show itself, and 'shown' is returned;
 * throws a `SoloistError` if it does not answer.
 */
export async function becomeSingleApp(options: SingleAppOptions): Promise<SingleApp | 'shown'> {
  const { home, startedBy, logger, onShow, onLost } = options;
  const path = socketPath(home, 'app');
  const lock = new InstanceLock({
    home,
    name: 'app',
    kind: 'app',
    version,
    startedBy,
    socket: path,
    onLost,
    warn: (message, cause) => logger.warn({ err: cause }, message),
  });
  const held = await lock.acquire().catch(async (error: unknown) => {
    if (!(error instanceof AlreadyRunningError)) throw error;
    await askToShow(error.owner?.socket ?? path, error.owner, options.patience ?? PATIENCE_MS);
    return undefined;
  });
  if (held === undefined) return 'shown';
  try {
    const stopAnswering = await startControlServer({
      path,
      instanceId: held.owner.instanceId,
      table: appTable,
      handlers: {
        show: async () => {
          onShow();
          return { pid: process.pid };
        },
        shown: async () => {
          await options.whenShown();
          return { pid: process.pid };
        },
      },
      logger,
      isOwner: () => held.lost() === undefined,
    });
    return {
      async release() {
        await stopAnswering();
        await held.release();
      },
    };
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function askToShow(socket: string, owner: Owner | undefined, patience: number): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      await askAt(socket, appTable.show, Math.max(1, deadline - performance.now()));
      return;
    } catch (error) {
      // It holds its lock before it listens.
      const mayComeYet = error instanceof NoAnswerError && error.code === 'unreachable';
      if (!mayComeYet || performance.now() >= deadline) throw notResponding(owner, error);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function notResponding(owner: Owner | undefined, cause: unknown): SoloistError {
  const who = owner === undefined ? '' : ` with ${ownerInWords(owner)}`;
  const hint =
    owner === undefined
      ? 'Wait a moment and open Soloist again.'
      : `Wait a moment and open Soloist again, or end it first: kill ${owner.pid}`;
  return new SoloistError(
    { code: 'app-not-responding', message: `Soloist is already running${who}, but does not respond.`, hint },
    { cause },
  );
}
