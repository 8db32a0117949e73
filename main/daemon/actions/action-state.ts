import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder in the home for what the action of a job keeps; made if it is missing. */
export function actionState(home: string, job: string): string {
  const folder = join(home, 'actions', job);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
