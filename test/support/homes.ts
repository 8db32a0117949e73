import { join } from 'node:path';
import { afterEach } from 'vitest';
import { prepareHome } from '../../main/daemon/home.ts';
import {
  type HeldLock,
  InstanceLock,
  type InstanceLockOptions,
} from '../../main/daemon/lock/instance-lock.ts';
import { Starter } from './starters.ts';
import { temporaryFolder } from './temporary.ts';

const held: HeldLock[] = [];
const starters: Starter[] = [];

afterEach(async () => {
  await Promise.all(held.splice(0).map((lock) => lock.release()));
  await Promise.all(starters.splice(0).map((starter) => starter.kill()));
});

/** A home that does not exist yet. */
export const newHome = (): string => join(temporaryFolder(), 'home');

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

/** Acquires in this process; released at the end of the test. */
export async function acquire(home: string, more: Partial<InstanceLockOptions> = {}): Promise<HeldLock> {
  const lock = await new InstanceLock(lockOptions(home, more)).acquire();
  held.push(lock);
  return lock;
}

/** Another process that can own; killed at the end of the test. */
export async function starter(): Promise<Starter> {
  const starter = await Starter.spawn();
  starters.push(starter);
  return starter;
}
