import { SoloistError } from '../errors.ts';
import type { Owner, OwnerKind } from './owner.ts';

export const kindInWords: Record<OwnerKind, string> = { headless: 'headless', app: 'menu-bar app' };

/** A clock time in the computer's time zone, with the date if it was not today: `09:14`, `2026-11-21 09:14`. */
export function momentInWords(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** `PID 4242 (headless, since 09:14)` */
export function ownerInWords(owner: Owner): string {
  return `PID ${owner.pid} (${kindInWords[owner.kind]}, since ${momentInWords(owner.startedAt)})`;
}

/** What is held, in the words of its refusal. */
export type LockName = 'daemon' | 'app';

const words: Record<LockName, { subject: string; hint: string }> = {
  daemon: { subject: 'Daemon', hint: "Use 'soloist down' to stop it first." },
  app: { subject: 'Soloist', hint: 'Quit it from its menu to start it again.' },
};

/** The refusal of a second start. It carries the whole record of the owner, so that it can be shown and reached. */
export class AlreadyRunningError extends SoloistError {
  override readonly name = 'AlreadyRunningError';
  /** Undefined if the owner holds the lock but has no record (yet, or for want of disk space). */
  readonly owner: Owner | undefined;

  constructor(lock: LockName, owner: Owner | undefined) {
    const { subject, hint } = words[lock];
    const message = owner
      ? `${subject} already running with ${ownerInWords(owner)}.`
      : `${subject} already running or starting: its lock is held, by a process that has not written who it is.`;
    super({ code: 'already-running', message, hint });
    this.owner = owner;
  }
}

/** The lock could be had only because its file was replaced under an owner that still lives. */
export class LockReplacedError extends AlreadyRunningError {
  constructor(lock: LockName, path: string, owner: Owner) {
    super(lock, owner);
    this.message = `${this.message} Its lock file ${path} was deleted or replaced while it ran, and it has not noticed.`;
  }
}
