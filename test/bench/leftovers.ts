import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { killOwner, ownerOf } from '../support/command-line.ts';
import { beginTemporary } from '../support/temporary.ts';

const children = new Set<ChildProcess>();

/** Has a process killed when the bench ends, however it ends. */
export function endWithBench(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Makes the folder for all that is measured. It goes, with all daemons in it, when the bench ends, by Ctrl-C too. */
export function beginBench(): void {
  const removeTemporary = beginTemporary();
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
    killDaemons(process.env.SOLOIST_TEST_FOLDER ?? '');
    removeTemporary();
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

/** Kills the owners of all homes in a folder, and waits until they write to them no more. */
function killDaemons(folder: string): void {
  const homes = readdirSync(folder)
    .map((name) => join(folder, name, 'home'))
    .filter((home) => existsSync(home));
  for (const home of homes) killOwner(home);
  const deadline = performance.now() + 1_000;
  while (homes.some(isOwned) && performance.now() < deadline) pause(10);
}

function isOwned(home: string): boolean {
  const owner = ownerOf(home);
  if (owner === undefined || owner.endedAt !== null) return false;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Nothing asynchronous happens any more once a process exits. */
const pause = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};
