import { socketPath } from './control/address.ts';
import { controlPart } from './control/control-part.ts';
import type { ConfigurationSource } from './daemon/config/source.ts';
import { Daemon, type DaemonOptions } from './daemon/daemon.ts';
import { type ErrorDetails, errorDetails } from './daemon/errors.ts';
import { daemonParts } from './daemon-parts.ts';
import type { JobsPartOptions } from './jobs-part.ts';
import { handleFaults, handleSignals } from './process-events.ts';
import { version } from './version.ts';

export interface HeadlessOptions {
  readonly home: string;
  readonly configuration: ConfigurationSource;
  readonly startedBy: string;
  readonly takeOver?: boolean;
  readonly jobs?: JobsPartOptions;
  readonly terminal?: DaemonOptions['terminal'];
  readonly observe?: DaemonOptions['observe'];
  /** Told once: the daemon runs, or why it could not start. */
  readonly onStarted: (error: ErrorDetails | null) => void;
}

const exitCodes = { asked: 0, signal: 0, restart: 0, 'lock-lost': 1, fault: 70 } as const;

/**
 * Lives as a daemon without windows in this process. Resolves to the exit code when the daemon has ended: 0 if it
 * was asked to, 1 if it could not start or owns its home no more, 70 after a fault.
 */
export async function runHeadless(options: HeadlessOptions): Promise<number> {
  const { home, configuration, startedBy, takeOver, terminal, observe } = options;
  const parts = daemonParts(options.jobs);
  const daemon = new Daemon({
    home,
    kind: 'headless',
    version,
    startedBy,
    socketPath,
    configuration,
    standing: [controlPart({ stop: (daemon) => void daemon.stop({ kind: 'asked' }), ...parts.answers })],
    configured: parts.configured,
    ...(takeOver === undefined ? {} : { takeOver }),
    ...(terminal === undefined ? {} : { terminal }),
    ...(observe === undefined ? {} : { observe }),
  });
  handleSignals({
    stop: (signal) => void daemon.stop({ kind: 'signal', signal }),
    reload: () => void daemon.reload(),
  });
  handleFaults((error) => void daemon.stop({ kind: 'fault', error: errorDetails(error) }, error));

  const ended = new Promise<number>((resolve) => {
    daemon.subscribe(({ daemon: state }) => {
      if (state.state === 'stopped') resolve(exitCodes[state.reason?.kind ?? 'asked']);
      if (state.state === 'failed') resolve(1);
    });
  });
  try {
    await daemon.start();
    options.onStarted(null);
  } catch (error) {
    options.onStarted(errorDetails(error));
  }
  return ended;
}
