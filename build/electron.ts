import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An Electron that can be run, or why there is none, as a sentence. */
export type Electron =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'none'; readonly reason: string };

export interface FindOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the package `electron` may fetch its binary. */
  readonly fetch: boolean;
  /** Of the package `electron`; by default the one that is installed here. */
  readonly folder?: string | undefined;
  /** Told what takes time. */
  readonly say: (line: string) => void;
  /** The package may let nothing arrive for as long, in milliseconds, until it is taken to hang. */
  readonly patience?: number;
}

/** Where a distribution of Electron has its program. */
const programs: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
};

/**
 * Finds a runnable Electron: that of ELECTRON_OVERRIDE_DIST_PATH, the variable of the package `electron`, if it is set;
 * else the package's own, which its installer fetches once.
 */
export async function findElectron(options: FindOptions): Promise<Electron> {
  const { environment, folder = packageFolder() } = options;
  const program = programs[process.platform];
  if (program === undefined) return none(`Electron does not exist for ${process.platform}.`);
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const file = join(override, program);
    return existsSync(file)
      ? { kind: 'found', file }
      : none(`ELECTRON_OVERRIDE_DIST_PATH names no Electron: ${file} is missing.`);
  }
  if (folder === undefined) return none('The package electron is not installed.');
  const file = join(folder, 'dist', program);
  // Written last by the installer: a fetch that was broken off is begun again.
  if (existsSync(file) && existsSync(join(folder, 'path.txt'))) return { kind: 'found', file };
  if (!options.fetch)
    return none('The package electron has not fetched its binary yet; npm start does that.');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  options.say(`Fetching Electron ${version} (about 120 MB). This happens once.`);
  const problem = await install(folder, options);
  return problem === undefined
    ? { kind: 'found', file }
    : none(`Electron could not be fetched (${problem}).`);
}

const none = (reason: string): Electron => ({ kind: 'none', reason });

function packageFolder(): string | undefined {
  try {
    return dirname(fileURLToPath(import.meta.resolve('electron/package.json')));
  } catch {
    return undefined;
  }
}

const PATIENCE_MS = 30_000;

/** Runs the package's installer. Resolves to undefined, or to what went wrong. */
function install(
  folder: string,
  { environment, patience = PATIENCE_MS }: FindOptions,
): Promise<string | undefined> {
  // Its temporary files in a folder of their own show whether anything arrives: by itself it would wait for minutes.
  const temporary = mkdtempSync(join(tmpdir(), 'soloist-electron-'));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...environment, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    let before = -1;
    const watch = setInterval(() => {
      const size = sizeOf(temporary) + sizeOf(join(folder, 'dist'));
      if (size === before) {
        said = `nothing arrived for ${patience / 1_000} s`;
        child.kill('SIGKILL');
      }
      before = size;
    }, patience);
    const settle = (problem: string | undefined): void => {
      clearInterval(watch);
      rmSync(temporary, { recursive: true, force: true });
      resolve(problem);
    };
    child.once('error', (error) => settle(error.message));
    child.once('close', (code) =>
      settle(code === 0 ? undefined : said.trim().split('\n')[0] || 'its installer failed'),
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
    // It is being changed, or not there yet.
  }
  return size;
}
