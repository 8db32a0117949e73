import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logFiles } from '../../main/daemon/log/day-files.ts';

/** What the app itself has logged, a line for each entry. */
export function appLog(home: string): readonly { readonly level: number; readonly msg: string }[] {
  return logFiles(join(home, 'logs'), 'app')
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
