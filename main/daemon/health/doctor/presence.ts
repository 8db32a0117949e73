import { spawn } from 'node:child_process';
import type { Presence } from './scene.ts';

/** Prints a line for each path that it could look at. */
const LOOK = 'for path do [ -e "$path" ]; echo "$?"; done';
/** A folder that has not answered after so long does not answer (milliseconds). */
const PATIENCE_MS = 1_500;
/** After so many that did not answer, nobody waits for more. */
const MOST_HANGING = 2;
/** A command line cannot be endless. */
const AT_ONCE = 200;

/**
 * Whether something stands at each of these paths (absolute). Asked by another process, since whoever asks a network
 * folder that is gone may never be able to end.
 */
export async function presences(
  paths: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Promise<ReadonlyMap<string, Presence>> {
  const found = new Map<string, Presence>();
  const wanted = [...new Set(paths)];
  if (platform === 'win32') return new Map(wanted.map((path) => [path, 'there']));
  let hanging = 0;
  while (wanted.length > 0) {
    if (hanging >= MOST_HANGING) {
      for (const path of wanted.splice(0)) found.set(path, 'not-asked');
      break;
    }
    const asked = wanted.slice(0, AT_ONCE);
    const answers = await ask(asked);
    for (const there of answers) {
      const path = wanted.shift();
      if (path !== undefined) found.set(path, there ? 'there' : 'missing');
    }
    if (answers.length === asked.length) continue;
    const silent = wanted.shift();
    if (silent !== undefined) found.set(silent, 'hangs');
    hanging++;
  }
  return found;
}

/** As many answers as came in time. */
function ask(paths: readonly string[]): Promise<readonly boolean[]> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', LOOK, 'sh', ...paths], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    const finish = (): void => {
      clearTimeout(timer);
      // One that waits in the kernel ends when the folder answers, and nobody waits for it.
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      resolve(
        text
          .split('\n')
          .slice(0, -1)
          .map((line) => line === '0'),
      );
    };
    let timer = setTimeout(finish, PATIENCE_MS);
    child.once('error', reject);
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      clearTimeout(timer);
      timer = setTimeout(finish, PATIENCE_MS);
    });
    child.once('close', finish);
  });
}
