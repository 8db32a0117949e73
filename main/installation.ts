import type { JobsPartOptions } from './jobs-part.ts';

/** How the programs of this installation are started: by a Node, or, in the app, by its one executable. */
export interface Installation extends JobsPartOptions {
  /** The command line of the daemon without windows, up to its own options. */
  readonly daemon: readonly [program: string, ...words: string[]];
}
