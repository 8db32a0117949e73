import { join } from 'node:path';
import { prepareHome } from '../../main/daemon/home.ts';
import type { InstanceLockOptions } from '../../main/daemon/lock/instance-lock.ts';

/** What a lock needs, for a home that is made if need be. */
export function lockOptions(home: string, more: Partial<InstanceLockOptions> = {}): InstanceLockOptions {
  return {
    home: prepareHome(home),
    name: 'daemon',
    kind: 'headless',
    version: '1.2.3',
    startedBy: 'a test',
    socket: join(home, 'daemon.sock'),
    onLost: () => {},
    warn: () => {},
    ...more,
  };
}
