import type { Configuration } from '../../config/configuration.ts';
import type { Problem } from '../../config/finding.ts';
import type { LoginEnvironment } from '../../config/login-environment.ts';
import type { ErrorDetails } from '../../errors.ts';
import type { UnfinishedRun } from '../../history/run.ts';
import type { Crash, Owner } from '../../lock/owner.ts';
import type { ProcessDetails } from '../../process/details.ts';
import type { TreeKey } from '../../run/tree.ts';
import type { StrayView } from '../report.ts';

/** What stands at a path: the link itself, not what it leads to. */
export interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'socket' | 'other';
  readonly mode: number;
  /** The user it belongs to; 0 on Windows. */
  readonly user: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Whether a path could be looked at: a network folder that is gone may hold up whoever asks for ever. */
export type Presence = 'there' | 'missing' | 'hangs' | 'not-asked';

/** What was heard at the control socket. */
export type Answer =
  | {
      readonly kind: 'answering';
      readonly owner: Owner;
      readonly version: string;
      readonly state: string;
      /** What is wrong with a newer configuration than the one in force. */
      readonly problem: ErrorDetails | null;
    }
  | { readonly kind: 'silent' | 'absent' | 'crashed' | 'elsewhere' }
  /** Something answers that is no daemon. */
  | { readonly kind: 'stranger'; readonly reason: string };

/** This program and this computer. */
export interface ProgramScene {
  readonly version: string;
  readonly node: string;
  readonly electron: string | undefined;
  readonly platform: NodeJS.Platform;
  /** The system's name and version. */
  readonly system: string;
  /** This user; undefined on Windows. */
  readonly user: number | undefined;
  readonly hostId: string;
}

export type HomeScene =
  | { readonly kind: 'folder'; readonly entry: Entry; readonly isLink: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'hangs' }
  | { readonly kind: 'unusable'; readonly message: string; readonly hint: string };

export interface LockScene {
  readonly path: string;
  readonly entry: Entry | undefined;
  readonly state:
    | { readonly kind: 'missing' | 'free' }
    /** The processes that have it locked, where the system tells. */
    | { readonly kind: 'held'; readonly holders: readonly ProcessDetails[] | undefined }
    | { readonly kind: 'unusable'; readonly reason: string };
}

export interface RecordScene {
  readonly path: string;
  readonly entry: Entry | undefined;
  /** Undefined if there is none, or what stands there is no record. */
  readonly owner: Owner | undefined;
  /** Whether it was written by another computer. */
  readonly isForeign: boolean;
  readonly isAlive: boolean;
  /** The owner's process, if it lives here. */
  readonly process: ProcessDetails | undefined;
  /** Whether that is suspended (SIGSTOP, Ctrl-Z). */
  readonly isSuspended: boolean;
  readonly lastCrash: Crash | null;
}

export interface HostLockScene {
  readonly entry: Entry | undefined;
  /** What other computers claim, by records beside the owner record which have not ended. */
  readonly foreign: readonly Owner[];
}

export interface SocketScene {
  readonly path: string;
  readonly entry: Entry | undefined;
  readonly isListening: boolean;
}

export type HistoryScene = {
  readonly file: string;
  /** What was found damaged before. */
  readonly aside: readonly Entry[];
} & (
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'read';
      readonly version: number;
      /** Whether its pages were checked, which is left alone while a daemon has it open. */
      readonly isChecked: boolean;
      readonly unfinished: readonly UnfinishedRun[];
      /** The latest time in it, epoch milliseconds. */
      readonly lastMs: number | undefined;
    }
  | { readonly kind: 'newer'; readonly version: number; readonly newest: number }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'unread'; readonly reason: string }
);

/** What of a run lives although no daemon does. */
export interface OrphanScene {
  readonly job: string | undefined;
  readonly run: string;
  readonly key: TreeKey;
  readonly processes: readonly ProcessDetails[];
  readonly graceMs: number;
  /** What its job wants; unknown while the configuration cannot be read. */
  readonly wish: 'end' | 'keep' | 'unknown';
}

export interface SpaceScene {
  readonly freeBytes: number;
  /** Undefined on file systems that do not count them. */
  readonly freeFiles: number | undefined;
}

export interface LogScene {
  readonly folder: string;
  /** Of the last hour. */
  readonly errors: number;
  readonly last: { readonly atMs: number; readonly message: string } | undefined;
  /** The latest time in it, epoch milliseconds. */
  readonly latestMs: number | undefined;
  readonly lines: readonly string[];
  /** The end of what the daemon printed outside of its log. */
  readonly printed: string;
}

/** What there is in a home that can be looked into. */
export interface InsideScene {
  readonly lock: LockScene;
  readonly record: RecordScene;
  readonly pid: {
    readonly entry: Entry | undefined;
    readonly text: string | undefined;
    readonly path: string;
  };
  readonly hostLock: HostLockScene;
  readonly socket: SocketScene;
  readonly answer: Answer;
  /** Of Soloist, in the home; temporary files among them. */
  readonly entries: readonly Entry[];
  /** Of these, what was staged to be renamed and never was. */
  readonly staged: readonly Entry[];
  /** What this user may not write to, with the reason. */
  readonly unwritable: readonly { readonly path: string; readonly reason: string }[];
  readonly space: SpaceScene | undefined;
  readonly history: HistoryScene;
  readonly orphans: readonly OrphanScene[];
  readonly log: LogScene;
}

export type ConfigurationScene = {
  readonly path: string;
  readonly entry: Entry | undefined;
  /** The folder that it lies in. */
  readonly folder: Entry | undefined;
} & (
  | { readonly kind: 'missing' | 'hangs' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[]; readonly text: string }
  | {
      readonly kind: 'usable';
      readonly configuration: Configuration;
      readonly warnings: readonly Problem[];
      readonly text: string;
    }
);

export interface EnvironmentScene {
  readonly login: LoginEnvironment;
  /** Why jobs could not start, each with a way out. */
  readonly jobs: readonly { readonly job: string; readonly message: string; readonly hint: string }[];
  /** Folders that jobs name and that are not there. */
  readonly folders: readonly { readonly job: string; readonly path: string; readonly presence: Presence }[];
}

export type LoginItemScene =
  | { readonly kind: 'app-tells' }
  | { readonly kind: 'none'; readonly path: string }
  | {
      readonly kind: 'entry';
      readonly path: string;
      readonly isEnabled: boolean;
      /** Its program, or what that one is to run, which is not there. */
      readonly missing: string | undefined;
    };

/** All that was seen, at one time. Judgements are made from it and from nothing else. */
export interface Scene {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly program: ProgramScene;
  /** The home as it was chosen, absolute. */
  readonly path: string;
  readonly home: HomeScene;
  /** Undefined unless the home is a folder that answers. */
  readonly inside: InsideScene | undefined;
  readonly configuration: ConfigurationScene;
  readonly environment: EnvironmentScene;
  readonly loginItem: LoginItemScene;
  readonly strays: readonly StrayView[];
}

/** Whether something holds the home now, so that nothing in it is to be changed. */
export function isHeld({ lock, record, answer }: Pick<InsideScene, 'lock' | 'record' | 'answer'>): boolean {
  const isOwned = record.owner?.endedAt === null && (record.isAlive || record.isForeign);
  return lock.state.kind === 'held' || isOwned || answer.kind === 'answering';
}
