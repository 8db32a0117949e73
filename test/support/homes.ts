import { join } from 'node:path';
import { afterEach } from 'vitest';
import {
  type HeldLock,
  InstanceLock,
  type InstanceLockOptions,
} from '../../main/daemon/lock/instance-lock.ts';
import { lockOptions } from './lock-options.ts';
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
