import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sandboxWords } from '../../main/daemon/executable.ts';
import { electronPath } from '../e2e/runtime.ts';
import { type CommandOutput, run } from '../support/command-line.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
/** What `npm run package -- --dir` makes on this platform. */
export const PACKAGE = join(ROOT, 'release/linux-unpacked');
export const RESOURCES = join(PACKAGE, 'resources');
export const ASAR = join(RESOURCES, 'app.asar');
export const EXECUTABLE = join(PACKAGE, 'soloist-app');

/** Makes the package of what is built, with the Electron of the other tests, unless it is there already. */
export function makePackage(): void {
  const built = statSync(join(ROOT, 'out/index.cjs')).mtimeMs;
  const packaged = statSync(ASAR, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (packaged > built) return;
  execFileSync(process.execPath, [join(ROOT, 'build/package.ts'), '--linux', '--dir'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ELECTRON_OVERRIDE_DIST_PATH: process.env.ELECTRON_OVERRIDE_DIST_PATH || dirname(electronPath() ?? ''),
    },
  });
}

/** Runs the executable as the command line, where no window could be shown. */
export function packagedCommand(home: string, ...words: readonly string[]): Promise<CommandOutput> {
  const environment = {
    SOLOIST_HOME: home,
    SOLOIST_CONFIG: '',
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
  };
  return run(EXECUTABLE, [...sandbox, '--cli', ...words], { environment });
}

/** What Electron must be started with for root. */
export const sandbox = sandboxWords();
