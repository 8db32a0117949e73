import type { CommandWords } from '../installation.ts';

/** How a service that keeps a daemon running stands in the manager of a system. */
export type ServiceState =
  | { readonly kind: 'none' }
  /** There is a file of that name that Soloist did not write. */
  | { readonly kind: 'foreign'; readonly path: string }
  | {
      readonly kind: 'installed';
      readonly path: string;
      /** Whether it is as it would be written now; else it is for another place of Soloist, or for other options. */
      readonly isRight: boolean;
      /** Whether the manager starts it by itself. */
      readonly isEnabled: boolean;
      /** Of the daemon that the manager started, while it runs. */
      readonly pid: number | null;
      /** What the manager says of it, in its own words. */
      readonly said: string;
    };

/** What a service is to be. */
export interface ServicePlan {
  /** What tells it from that of another home; null of the usual home. */
  readonly suffix: string | null;
  /** The daemon, to be run in the foreground. */
  readonly command: CommandWords;
  /** The folder of the logs, absolute. */
  readonly logs: string;
}

/** The manager of services of a system. All of it throws a `SoloistError` if the manager refuses. */
export interface ServiceManager {
  /** Why there is none here and what to do instead; undefined if there is one. */
  whyNone(): Reason | undefined;
  /** The file that describes the service, absolute. */
  readonly path: string;
  state(): ServiceState;
  /** Writes the file and has it loaded; it will be started at the next login. */
  write(): void;
  /** Starts it now. */
  start(): Promise<void>;
  /** Has it start nothing before the next login, also if it was about to; returns whether it might have. */
  rest(): boolean;
  /** Stops it, for good, and removes its file. */
  remove(): void;
  /** When it runs, and what changes that: a sentence or more. */
  whenItRuns(): string;
  /** Where it is told why it does not start: a command. */
  readonly explain: string;
}

export interface Reason {
  readonly message: string;
  readonly hint: string;
}

/** What a command of the system ended with. */
export interface Ended {
  /** Null if it could not be started. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the system to its end. */
export type RunCommand = (file: string, words: readonly string[]) => Ended;

/** By this a file is known to be ours. */
export const SERVICE_MARK = 'written by Soloist: soloist service uninstall removes it';
