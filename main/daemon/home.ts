import { chmodSync, existsSync, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SoloistError, systemErrorCode } from './errors.ts';
import { makeFolders } from './files.ts';

/**
 * Where the daemon's state lives if nobody says otherwise: `~/Library/Application Support/Soloist` (macOS),
 * `$XDG_STATE_HOME/soloist` (Linux), `%LOCALAPPDATA%\Soloist` (Windows).
 */
export function defaultHome(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  user: string = homedir(),
): string {
  if (platform === 'darwin') return join(user, 'Library', 'Application Support', 'Soloist');
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA || join(user, 'AppData', 'Local'), 'Soloist');
  const state = environment.XDG_STATE_HOME;
  // The XDG specification: a relative path is invalid and to be ignored.
  return join(state?.startsWith('/') ? state : join(user, '.local', 'state'), 'soloist');
}

/**
 * The home that a command means: `--home`, else `SOLOIST_HOME`, else the platform's own place. Always absolute;
 * whether it exists is not looked at.
 */
export function chosenHome(option: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(option || environment.SOLOIST_HOME || defaultHome(environment));
}

/** The user this process acts as; undefined on Windows, where profiles are kept apart by their access lists. */
const effectiveUser = (): number | undefined => process.geteuid?.();

/**
 * Makes sure that the home is a folder of this user's in which nobody else can write, creating it (mode 0700)
 * if it is missing, and returns its real path. Commands are run from what stands in it, so it is refused if
 * others could have put something there. Throws a `SoloistError` that names the path and the way out.
 */
export function prepareHome(home: string): string {
  const existing = statHome(home);
  if (existing === undefined) createHome(home);
  else checkHome(home, existing);
  return realpathSync(home);
}

/**
 * Like `prepareHome`, but creates and changes nothing: undefined if the home does not exist.
 */
export function findHome(home: string): string | undefined {
  const existing = statHome(home);
  if (existing === undefined) return undefined;
  requireFolder(home, existing);
  return realpathSync(home);
}

function statHome(home: string): Stats | undefined {
  try {
    return statSync(home);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') {
      if (isLink(home)) {
        throw homeError('home-dangling', `The home ${home} is a link to something that does not exist.`, {
          hint: 'Create what it points to, remove the link, or choose another folder with --home.',
          cause: error,
        });
      }
      return undefined;
    }
    throw unusableHome(home, error);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function createHome(home: string): void {
  const parent = nearestExisting(home);
  const owner = statSync(parent).uid;
  if (effectiveUser() === 0 && owner !== 0) {
    throw homeError('home-foreign', `The home ${home} would lie in a folder of another user (${parent}).`, {
      hint: 'Run soloist as the user whose home it is, without sudo, or choose another folder with --home.',
    });
  }
  try {
    makeFolders(home);
  } catch (error) {
    throw unusableHome(home, error);
  }
}

function nearestExisting(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) || parent === path ? parent : nearestExisting(parent);
}

function requireFolder(home: string, stats: Stats): void {
  if (stats.isDirectory()) return;
  throw homeError('home-not-a-folder', `The home ${home} is not a folder.`, {
    hint: 'Move that file away, or choose another folder with --home.',
  });
}

function checkHome(home: string, stats: Stats): void {
  requireFolder(home, stats);
  const user = effectiveUser();
  if (user === undefined) return;
  if (stats.uid !== user) {
    throw homeError(
      'home-foreign',
      `The home ${home} belongs to another user (uid ${stats.uid}, not ${user}).`,
      {
        hint: 'Run soloist as the user whose home it is, without sudo, or choose another folder with --home.',
      },
    );
  }
  if ((stats.mode & 0o022) !== 0) {
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
    throw homeError('home-writable', `The home ${home} can be written by other users (mode ${mode}).`, {
      hint: `Commands are run from it. See that nothing in it is a stranger's, then run: chmod go-w '${home}'`,
    });
  }
  // A folder that is already somebody's documents keeps its mode; one that is only Soloist's is made private.
  if ((stats.mode & 0o077) !== 0 && isSoloistsOwn(home)) chmodSync(home, 0o700);
}

function isSoloistsOwn(home: string): boolean {
  const names = readdirSync(home);
  return names.length === 0 || names.includes('daemon.lock');
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its path is a loop of links',
  ENAMETOOLONG: 'its path is too long',
  EISDIR: 'it is a folder',
};

/** The reason behind an operating system error, in words; its own text where there are none. */
export function reasonOf(error: unknown): string {
  const code = systemErrorCode(error);
  return (code && reasons[code]) ?? (error instanceof Error ? error.message : String(error));
}

/** The error for a home, or a file in it, that cannot be used as the operating system said. */
export function unusableHome(path: string, error: unknown): SoloistError {
  return homeError('home-unusable', `${path} cannot be used: ${reasonOf(error)}.`, {
    hint: 'Mend its permissions or free some space, or choose another folder with --home.',
    cause: error,
  });
}

function homeError(code: string, message: string, rest: { hint: string; cause?: unknown }): SoloistError {
  return new SoloistError({ code, message, hint: rest.hint }, { cause: rest.cause });
}
