import { readFileSync, statSync } from 'node:fs';
import type { ProcessIdentity } from '../process/identity.ts';
import type { Host } from './host.ts';

/** How a daemon lives: in a Node process without windows, or in the menu-bar app's main process. */
export type OwnerKind = 'headless' | 'app';

/** The last time that an owner died without releasing its lock. */
export interface Crash {
  readonly pid: number;
  readonly generation: number;
  /** When the dead owner had started. */
  readonly startedAt: string;
  /** When the crash was found: at the next start. Its own instant nobody saw. */
  readonly foundAt: string;
}

/** The process that holds a home's lock. Times are ISO 8601 in UTC. */
export interface Owner extends ProcessIdentity {
  readonly host: Host;
  readonly kind: OwnerKind;
  readonly version: string;
  readonly startedAt: string;
  /** Who started it, in words: `soloist up`, `login`, ... */
  readonly startedBy: string;
  /** Random; a new one for each time the lock is acquired. */
  readonly instanceId: string;
  /** One more than the last owner's. */
  readonly generation: number;
  /** The file that is locked: in the home, or elsewhere if the home's file system has no locks. */
  readonly lock: string;
  /** Where the owner answers: a socket's path or a pipe's name. */
  readonly socket: string;
  readonly lastCrash: Crash | null;
  /** Null while the lock is held. A record that stays null and whose process is dead tells of a crash. */
  readonly endedAt: string | null;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

function isRecordOf<T>(
  value: unknown,
  fields: { [Key in keyof T]: (field: unknown) => boolean },
): value is T {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Record<string, unknown>;
  return Object.entries<(field: unknown) => boolean>(fields).every(([key, holds]) => holds(candidate[key]));
}

// By hand rather than by a schema library: the command line reads it on every call, and loading one costs more
// than the whole call may.
export const isOwner = (value: unknown): value is Owner =>
  isRecordOf<Owner>(value, {
    pid: isCount,
    processStarted: isText,
    bootId: isText,
    host: (field) => isRecordOf<Host>(field, { name: isText, id: isText }),
    kind: (field) => field === 'headless' || field === 'app',
    version: isText,
    startedAt: isText,
    startedBy: isText,
    instanceId: isText,
    generation: isCount,
    lock: isText,
    socket: isText,
    lastCrash: (field) =>
      field === null ||
      isRecordOf<Crash>(field, { pid: isCount, generation: isCount, startedAt: isText, foundAt: isText }),
    endedAt: (field) => field === null || isText(field),
  });

/**
 * Reads an owner record. Undefined if there is none, or if what stands there is no record (a folder, garbage,
 * unreadable): nothing can be concluded from such a file, and the next owner replaces it.
 */
export function readOwner(path: string): Owner | undefined {
  try {
    // Reading a pipe would never end.
    if (!statSync(path).isFile()) return undefined;
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isOwner(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The crash of an owner that is dead and had not released its lock, found at this time (ISO 8601, UTC). */
export function crashOf({ pid, generation, startedAt }: Owner, foundAt: string): Crash {
  return { pid, generation, startedAt, foundAt };
}

/** Whether a record was written by another computer. Containers of one computer share its boot, not its name. */
export function isForeign(owner: Owner, host: () => Host, bootId: string): boolean {
  return owner.bootId !== bootId && owner.host.id !== host().id;
}
