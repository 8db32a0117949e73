import { isatty } from 'node:tty';

/** What a fault has broken gets this long to end its children and give its lock back. */
const LAST_WORDS_MS = 10_000;

/** The exit code after a fault of Soloist itself. */
export const FAULT_EXIT_CODE = 70;

export interface SignalActions {
  /** Begins to stop, for good. */
  stop(signal: NodeJS.Signals): void;
  /** Reads the configuration again. */
  reload(): void;
}

/**
 * A Ctrl-C comes from the terminal, and from npm once more, which hands it on; so do a service manager and `timeout`. What
 * comes again within this time is the same wish.
 */
const SAME_WISH_MS = 500;

/** SIGTERM and SIGINT stop; a second one exits at once. SIGHUP reloads, or stops where it tells of a closed terminal. */
export function handleSignals({ stop, reload }: SignalActions): void {
  let askedAt: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      // Who asks twice does not want to wait. The guard shells of the runs end what this leaves behind.
      if (askedAt !== undefined && now - askedAt > SAME_WISH_MS)
        process.exit(signal === 'SIGINT' ? 130 : 143);
      if (askedAt !== undefined) return;
      askedAt = now;
      stop(signal);
    });
  }
  const hadTerminal = isatty(0);
  process.on('SIGHUP', () => {
    // The same signal tells of a terminal that was closed; then there is nobody left to run in front of.
    if (hadTerminal && !isatty(0)) stop('SIGHUP');
    else reload();
  });
}

/** Tells of what nothing caught; the process ends with exit code 70 by then or when its last words took too long. */
export function handleFaults(end: (error: unknown) => void): void {
  const onFault = (error: unknown): void => {
    setTimeout(() => process.exit(FAULT_EXIT_CODE), LAST_WORDS_MS).unref();
    end(error);
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
}
