import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Whether an Electron can be run, and if not, why: a sentence. */
export type Electron =
  | { readonly kind: 'found'; readonly file: string }
  /** The package `electron` is there, and has not fetched its binary yet. */
  | { readonly kind: 'unfetched'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

/** Where a distribution of Electron has its program. */
const programs: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
};

/** The folder of the installed package `electron`. Throws if it is not installed. */
export const electronPackage = (): string =>
  dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/**
 * Looks for a runnable Electron: that of ELECTRON_OVERRIDE_DIST_PATH, the variable of the package `electron`, if it is
 * set; else the package's own. Fetches nothing.
 */
export function findElectron(environment: NodeJS.ProcessEnv, folder = electronPackage()): Electron {
  const program = programs[process.platform];
  if (program === undefined) return { kind: 'none', reason: `There is no Electron for ${process.platform}.` };
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const file = join(override || join(folder, 'dist'), program);
  // Its own is whole only if its installer wrote that file, which it does last.
  if (existsSync(file) && (override || existsSync(join(folder, 'path.txt')))) return { kind: 'found', file };
  return override
    ? { kind: 'none', reason: `There is no Electron in ${override} (ELECTRON_OVERRIDE_DIST_PATH).` }
    : { kind: 'unfetched', reason: 'The package electron has not fetched its binary yet.' };
}

/** Why no window can be shown to anybody, as a sentence; undefined if one can. */
export function whyNoDisplay(environment: NodeJS.ProcessEnv): string | undefined {
  const isLacking = process.platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY;
  return isLacking ? 'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).' : undefined;
}

export interface FetchOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Told what takes time. */
  readonly say: (line: string) => void;
  /** When nothing has arrived for as long, in milliseconds, it is given up. */
  readonly patience?: number;
}

/** Has the package `electron` fetch its binary with its own installer. */
export async function fetchElectron(options: FetchOptions): Promise<Electron> {
  const { environment, folder = electronPackage(), say, patience = 30_000 } = options;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  say(`Fetching Electron ${version}, once ...`);
  const problem = await install(folder, environment, patience);
  return problem === undefined
    ? findElectron(environment, folder)
    : { kind: 'none', reason: `Electron could not be fetched (${problem}).` };
}

/** Runs the installer. Resolves to undefined, or to what went wrong. */
function install(
  folder: string,
  environment: NodeJS.ProcessEnv,
  patience: number,
): Promise<string | undefined> {
  // A folder of its own for temporary files shows whether anything arrives: by itself it would wait for minutes.
  const temporary = mkdtempSync(join(tmpdir(), 'soloist-electron-'));
  const arrived = (): number => sizeOf(temporary) + sizeOf(join(folder, 'dist'));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...environment, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    let before = arrived();
    const watch = setInterval(() => {
      const now = arrived();
      if (now === before) {
        said = `nothing arrived for ${patience / 1_000} s`;
        child.kill('SIGKILL');
      }
      before = now;
    }, patience);
    const settle = (problem: string | undefined): void => {
      clearInterval(watch);
      rmSync(temporary, { recursive: true, force: true });
      resolve(problem);
    };
    child.once('error', (error) => settle(error.message));
    child.once('close', (code) =>
      settle(code === 0 ? undefined : said.trim().split('\n')[0] || `exit code ${code}`),
    );
  });
}

/** Bytes of all files in a folder; 0 if there is none. */
function sizeOf(folder: string): number {
  let size = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) size += statSync(join(entry.parentPath, entry.name)).size;
  } catch {
    // It is being changed, or not there yet: what was counted differs, or does not.
  }
  return size;
}
