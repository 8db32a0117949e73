import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Configuration } from '../../main/daemon/config/configuration.ts';
import { DEFAULTS } from '../../main/daemon/config/resolve.ts';
import { Daemon, type DaemonOptions } from '../../main/daemon/daemon.ts';
import { defaultLogSettings } from '../../main/daemon/log/log.ts';

const daemons: Daemon[] = [];
afterEach(async () => {
  await Promise.all(daemons.splice(0).map((daemon) => daemon.stop()));
});

export const emptyConfiguration: Configuration = {
  timezone: 'UTC',
  maxConcurrent: 4,
  log: defaultLogSettings,
  output: DEFAULTS.output,
  jobs: new Map(),
  guards: new Map(),
  onAlert: undefined,
};

/** A daemon in this process, without a socket; stopped at the end of the test, which must be the only one that goes on. */
export function daemonIn(home: string, more: Partial<DaemonOptions> = {}): Daemon {
  const daemon = newDaemon(home, more);
  daemons.push(daemon);
  return daemon;
}

/** A daemon in this process, without a socket, that the test itself has to stop. */
export const newDaemon = (home: string, more: Partial<DaemonOptions> = {}): Daemon =>
  new Daemon({
    home,
    kind: 'headless',
    version: '1.2.3',
    startedBy: 'a test',
    socketPath: (home) => join(home, 'daemon.sock'),
    configuration: { path: join(home, 'soloist.yaml'), load: async () => emptyConfiguration },
    standing: [],
    configured: [],
    ...more,
  });
