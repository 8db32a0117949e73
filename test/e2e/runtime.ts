import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Where a runnable Electron is, or undefined: nothing is fetched for a test. */
export function electronPath(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = join(root, 'node_modules/electron');
  const own = join(folder, 'path.txt');
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const name = existsSync(own) ? readFileSync(own, 'utf8') : (names[process.platform] ?? 'electron');
  const path = join(environment.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

/** What is missing for tests on real Electron, in words, or undefined if nothing is. */
export function missingForWindows(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (electronPath(environment) === undefined)
    return "there is no Electron ('npx install-electron' fetches it, or ELECTRON_OVERRIDE_DIST_PATH names a folder with one)";
  if (process.platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY)
    return 'there is no desktop (neither DISPLAY nor WAYLAND_DISPLAY is set; xvfb-run makes one)';
  return undefined;
}
