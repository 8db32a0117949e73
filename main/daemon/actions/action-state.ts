import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the action of a job keeps things, in the home; it need not be there. */
export function actionStatePath(home: string, job: string): string {
  return join(home, 'actions', job);
}

/** That folder, made if it is missing. */
export function actionState(home: string, job: string): string {
  const folder = actionStatePath(home, job);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
