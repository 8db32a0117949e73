import { readFileSync, renameSync, rmSync } from 'node:fs';
import { setFolderAside, stage, writeWhole } from '../files.ts';
import { type Owner, readOwner } from './owner.ts';
import type { LockPaths } from './paths.ts';

const recordText = (owner: Owner): string => `${JSON.stringify(owner, null, 2)}\n`;

/** Writes the record under its claim's name, where only other hosts look. */
export function claimRecord(paths: LockPaths, owner: Owner): void {
  setFolderAside(paths.claim, owner.instanceId);
  stage(paths.claim, recordText(owner));
}

/** Makes the claimed record the owner record, and writes `daemon.pid`. */
export function publishRecord(paths: LockPaths, owner: Owner): void {
  setFolderAside(paths.record, owner.instanceId);
  renameSync(paths.claim, paths.record);
  writePid(paths, owner);
}

/** Writes `daemon.pid`: the PID and a newline, so that `kill $(cat daemon.pid)` works. */
export function writePid(paths: LockPaths, owner: Owner): void {
  setFolderAside(paths.pid, owner.instanceId);
  writeWhole(paths.pid, `${paths.pid}.${owner.host.id}`, `${owner.pid}\n`);
}

/** Whether `daemon.pid` is the one that this owner wrote. */
export function isPidWritten(paths: LockPaths, owner: Owner): boolean {
  try {
    return readFileSync(paths.pid, 'utf8') === `${owner.pid}\n`;
  } catch {
    return false;
  }
}

/**
 * Takes the owner's files back: `daemon.pid` goes, the record stays and says that it ended, since the next owner
 * counts its generation from it. Files that are not this owner's are left alone.
 */
export function retireRecord(paths: LockPaths, owner: Owner, endedAt: string): void {
  if (isPidWritten(paths, owner)) rmSync(paths.pid, { force: true });
  if (readOwner(paths.record)?.instanceId !== owner.instanceId) return;
  try {
    writeWhole(paths.record, paths.claim, recordText({ ...owner, endedAt }));
  } catch (error) {
    // Rather no record (the generations count from 1 again) than one that tells of a crash that was none.
    rmSync(paths.claim, { force: true });
    rmSync(paths.record, { force: true });
    throw error;
  }
}
