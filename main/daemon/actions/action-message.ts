import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Job } from '../config/configuration.ts';
import type { Command } from '../run/command.ts';
import type { Launch, LaunchRequest } from '../run/launcher.ts';
import type { ActionCommand } from './action.ts';
import { actionState } from './action-state.ts';

/** What the process of an action is told, as its one argument, in JSON. */
export interface ActionMessage {
  readonly command: ActionCommand;
  readonly job: string;
  /** A folder of the job's own; it exists. */
  readonly state: string;
  /** The paths that the job watches, absolute. */
  readonly watched: readonly string[];
}

/** Starts the process of an action up to the gate, in another way than by Node. */
export type LaunchAction = (message: ActionMessage, request: LaunchRequest) => Promise<Launch>;

/** What an action may take, so that a large vault or picture makes it fail, and nothing else. */
export const ACTION_FLAGS: readonly string[] = ['--max-old-space-size=1024'];

/** What the action of a job is told; undefined for a job that runs a command. `home` is the home's real path. */
export function actionMessage(job: Job, home: string): ActionMessage | undefined {
  const { command, name } = job;
  if (command.kind !== 'action') return undefined;
  const triggers = job.kind === 'triggered' ? job.triggers : [];
  const watched = triggers.flatMap((trigger) => (trigger.kind === 'watch' ? trigger.paths : []));
  return { command, job: name, state: actionState(home, name), watched };
}

/** The command that runs an action in a Node of its own. */
export function actionByNode(message: ActionMessage): Command {
  return {
    kind: 'program',
    program: process.execPath,
    arguments: [...ACTION_FLAGS, actionProgram(), JSON.stringify(message)],
  };
}

/** The program in which actions run: beside the built programs, or among the sources. */
export function actionProgram(): string {
  const places = ['action.cjs', '../action.cjs', '../../action.ts'];
  const found = places.map((place) => resolve(import.meta.dirname, place)).find((path) => existsSync(path));
  if (found === undefined) throw new Error('the program of the actions is not where this program is');
  return found;
}
