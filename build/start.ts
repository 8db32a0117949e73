import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * `npm start`: opens Soloist in the menu bar. Where Electron cannot be had, or there is no desktop to show it on, it says
 * so and runs the daemon headless in this terminal, with the same options.
 */

const root = resolve(import.meta.dirname, '..');
const options = process.argv.slice(2);

/** How long fetching Electron may take, in milliseconds. */
const FETCH_MS = 10 * 60_000;
/** What a shell and the system's loader end with where a program cannot be loaded: a library is missing, say. */
const CANNOT_LOAD = 127;

const reason = await cannotShow();
if (reason === undefined) process.exitCode = await app();
else process.exitCode = await headless(reason);

/** Why there can be no window, or undefined. */
async function cannotShow(): Promise<string | undefined> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'There is no desktop here (neither DISPLAY nor WAYLAND_DISPLAY is set).';
  if (electronPath() !== undefined) return undefined;
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return `There is no Electron in ${process.env.ELECTRON_OVERRIDE_DIST_PATH} (ELECTRON_OVERRIDE_DIST_PATH).`;
  console.log('Fetching Electron, once ...');
  const fetched = await run(process.execPath, [join(electronPackage(), 'install.js')], {
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: FETCH_MS,
  });
  if (electronPath() !== undefined) return undefined;
  const why = fetched.errors.trim().split('\n')[0] || `exit code ${fetched.code}`;
  return `Electron could not be fetched (${why}).`;
}

function electronPackage(): string {
  return dirname(fileURLToPath(import.meta.resolve('electron/package.json')));
}

/** Where Electron's own package keeps its program, or where the person says that one is; undefined if none is there. */
function electronPath(): string | undefined {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const name = names[process.platform] ?? 'electron';
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = join(override || join(electronPackage(), 'dist'), name);
  // Its own is whole only when its installer has said so last.
  const isWhole = override || existsSync(join(electronPackage(), 'path.txt'));
  return isWhole && existsSync(path) ? path : undefined;
}

async function app(): Promise<number> {
  const flags: string[] = [];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log("Run as root: Chromium's sandbox is off, since it refuses to work for root.");
    flags.push('--no-sandbox');
  }
  console.log('Soloist is in the menu bar. Quit it from its menu, or with Ctrl-C here.');
  const { code, errors } = await run(electronPath() ?? '', [...flags, root, ...options], {
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  const loading = /error while loading shared libraries: ([^:]+)/.exec(errors)?.[1];
  if (code === CANNOT_LOAD && loading !== undefined)
    return headless(`Electron cannot be loaded: the system library ${loading} is missing.`);
  return code;
}

async function headless(reason: string): Promise<number> {
  console.log(`${reason} The daemon runs headless, in this terminal; end it with Ctrl-C.`);
  const words = [join(root, 'out/cli.cjs'), ...options, 'up', '--foreground'];
  return (await run(process.execPath, words, { stdio: 'inherit' })).code;
}

interface Ended {
  readonly code: number;
  /** What it said on standard error, where that was piped; it is passed on too. */
  readonly errors: string;
}

/** Runs a program to its end, and hands on what this one is asked to end by. */
function run(file: string, words: readonly string[], more: SpawnOptions): Promise<Ended> {
  return new Promise((settle) => {
    const child = spawn(file, words, more);
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (errors.length < 100_000) errors += text;
      process.stderr.write(text);
    });
    // A terminal sends Ctrl-C to both; the child decides what it means.
    const interrupted = (): void => {};
    const terminated = (): void => void child.kill('SIGTERM');
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', terminated);
    child.once('error', (error) => settle({ code: CANNOT_LOAD, errors: error.message }));
    child.once('close', (code, signal) => {
      process.removeListener('SIGINT', interrupted);
      process.removeListener('SIGTERM', terminated);
      settle({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), errors });
    });
  });
}
