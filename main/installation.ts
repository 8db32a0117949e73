import type { JobsPartOptions } from './jobs-part.ts';

/** A program, absolute, and the words behind it. */
export type CommandWords = readonly [program: string, ...words: string[]];

/** How the programs of this installation are started: by a Node, or, in the app, by its one executable. */
export interface Installation extends JobsPartOptions {
  /** The command line of the daemon without windows, up to its own options. */
  readonly daemon: CommandWords;
  /** The command line itself, up to what a person types. */
  readonly tool: CommandWords;
  /** The menu-bar app, up to its own options; or why there is none. Asked only when it is wanted. */
  readonly app: () => CommandWords | { readonly reason: string };
}
