import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { defaultHome } from '../../home.ts';
import { type Owner, readOwner } from '../../lock/owner.ts';
import { recordPath } from '../../lock/paths.ts';
import { ownProcesses } from '../../process/details.ts';
import { listMac, type ProcessEntry, readLinuxStat } from '../../process/platform.ts';
import {
  type DaemonCommand,
  readDaemonCommand,
  readEnvironment,
  splitAtNul,
  splitMacCommand,
  splitWindowsCommand,
} from './command.ts';

/** A daemon process of this user. */
export interface FoundDaemon {
  readonly entry: ProcessEntry;
  /** The home that it was started for, or whose lock file it has open; null where the system tells neither. */
  readonly home: string | null;
  readonly isHomeGone: boolean;
  readonly isProgramGone: boolean;
  /** Whether it is seen to have the lock file of a home open. */
  readonly hasLockOpen: boolean;
  /** Whether its home is this folder (a real path), by whatever path it was told. */
  isOf(home: string): boolean;
}

/** What the system tells of one process. */
export interface SeenProcess {
  readonly words: readonly string[];
  /** Undefined where the system does not show it. */
  readonly environment: NodeJS.ProcessEnv | undefined;
  /** Where relative paths begin; undefined where it is not told. */
  readonly folder: string | undefined;
  /** The program's file; undefined where it is not told. */
  readonly executable: string | undefined;
  /** The folders whose `daemon.lock` it has open; undefined where the system does not tell which files are. */
  readonly locks: readonly string[] | undefined;
  /** A lock elsewhere than in the home, whose file system has none. */
  readonly hasLockElsewhere: boolean;
  /** Before each path of it: a process in a container sees another file system. */
  readonly root: string;
}

/** Which processes may be daemons: a look at the command line, so that few are looked at closely. */
const MAY_BE_DAEMON = /headless\.(cjs|ts)|--foreground|electron|soloist/i;

/** All daemon processes of this user, from the system's process list. */
export async function findDaemons(
  platform: NodeJS.Platform = process.platform,
): Promise<readonly FoundDaemon[]> {
  const entries = (await ownProcesses(platform)).filter(({ command }) => MAY_BE_DAEMON.test(command));
  const look = entries.length === 0 ? () => undefined : await lookers[platform]?.();
  return entries.flatMap((entry) => {
    const seen = look?.(entry);
    const found = seen === undefined ? undefined : describe(entry, seen, platform);
    // Of a process that ends while it is looked at, everything seems to be gone.
    const lives = platform !== 'linux' || readLinuxStat(entry.pid)?.started === entry.started;
    return found === undefined || !lives ? [] : found;
  });
}

/** What is to be known of a process if it is a daemon; undefined if it is none. */
export function describe(
  entry: ProcessEntry,
  seen: SeenProcess,
  platform: NodeJS.Platform,
): FoundDaemon | undefined {
  const command = readDaemonCommand(seen.words);
  if (command === undefined) return undefined;
  const { root, locks = [] } = seen;
  const told = toldHome(command, seen, platform);
  const hasLockOpen = locks.length > 0 || seen.hasLockElsewhere;
  if (command.form === 'app' && !isAppWithDaemon(entry, command, seen, told)) return undefined;
  const isToldGone = told !== undefined && isGone(root + told);
  // A home that was moved is where its lock file is, and is gone from where the daemon was told that it is.
  const home = isToldGone ? told : (locks[0] ?? told ?? null);
  const { program } = command;
  // A relative path says nothing where the folder is not told; nor does a name that was looked for in PATH.
  const isKnown = program.startsWith('/') || (seen.folder !== undefined && program.includes('/'));
  const files = [isKnown ? inFolder(seen, program) : undefined, seen.executable];
  return {
    entry,
    home,
    isHomeGone: home !== null && isGone(root + home),
    // Replaced by an update is not gone: there is a program at its path.
    isProgramGone: files.some((file) => file !== undefined && isGone(root + file)),
    hasLockOpen,
    isOf: (other) => [told, ...locks].some((home) => home !== undefined && isSameFolder(root + home, other)),
  };
}

function toldHome(command: DaemonCommand, seen: SeenProcess, platform: NodeJS.Platform): string | undefined {
  const { environment } = seen;
  if (command.home) return inFolder(seen, command.home);
  if (environment === undefined) return undefined;
  const home = environment.SOLOIST_HOME || defaultHome(environment, platform, environment.HOME || homedir());
  return inFolder(seen, home);
}

const inFolder = ({ folder }: SeenProcess, path: string): string => resolve(folder ?? '/', path);

/** An app may have its daemon stopped, or be attached to another one: then it is no daemon. */
function isAppWithDaemon(
  { pid }: ProcessEntry,
  { program }: DaemonCommand,
  seen: SeenProcess,
  home: string | undefined,
): boolean {
  if (!isSoloist(seen.root + inFolder(seen, program))) return false;
  if (seen.locks !== undefined) return seen.locks.length > 0 || seen.hasLockElsewhere;
  if (home === undefined) return false;
  // Where open files are not told, by the records: the owner of the home, or an app that is not the one of its home.
  const isIn = (owner: Owner | undefined): boolean => owner?.pid === pid && owner.endedAt === null;
  return isIn(readOwner(recordPath(home, 'daemon'))) || !isIn(readOwner(recordPath(home, 'app')));
}

/** Whether this is Soloist's own folder or executable, or one that is gone. */
function isSoloist(program: string): boolean {
  try {
    return JSON.parse(readFileSync(join(program, 'package.json'), 'utf8')).name === 'soloist';
  } catch {
    // A packaged executable is no folder; of what is gone, the name must do.
    return isGone(program) || statSync(program, { throwIfNoEntry: false })?.isFile() === true;
  }
}

/** Only what is known not to be there is gone: what cannot be looked into may well be there. */
function isGone(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
  }
}

function isSameFolder(one: string, other: string): boolean {
  try {
    const [here, there] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return here.dev === there.dev && here.ino === there.ino;
  } catch {
    // At most one of the two is there.
    return false;
  }
}

type Look = (entry: ProcessEntry) => SeenProcess | undefined;

const unknown = { environment: undefined, folder: undefined, executable: undefined, locks: undefined };

/** How this computer's system is asked about single processes. */
const lookers: Partial<Record<NodeJS.Platform, () => Promise<Look>>> = {
  linux: async () => lookOnLinux,
  darwin: async () => {
    const lines = new Map((await listMac(['-E'])).map((entry) => [entry.pid, entry]));
    return ({ pid, started }) => {
      const line = lines.get(pid);
      return line?.started === started ? seenOnMac(line.command) : undefined;
    };
  },
  win32: async () => (entry) => ({
    ...unknown,
    words: splitWindowsCommand(entry.command),
    hasLockElsewhere: false,
    root: '',
  }),
};

/** A line of `ps -E` as a process. */
export function seenOnMac(line: string): SeenProcess {
  const { words, environment } = splitMacCommand(line);
  const shown = Object.keys(environment).length === 0 ? undefined : environment;
  const executable = words[0]?.startsWith('/') ? words[0] : undefined;
  // Most shells say in PWD where the program was started.
  const folder = shown?.PWD;
  return { ...unknown, words, environment: shown, executable, folder, hasLockElsewhere: false, root: '' };
}

const DELETED = ' (deleted)';
/** The lock in a home, and that of a home whose file system has none (`localLockPath`). */
const LOCK_FILE = /\/daemon\.lock$/;
const LOCK_FILE_ELSEWHERE = /\/soloist-\d+\/[0-9a-f]{32}-daemon\.lock$/;

function lookOnLinux({ pid }: ProcessEntry): SeenProcess | undefined {
  const words = readText(pid, 'cmdline');
  if (words === undefined) return undefined;
  const environment = readText(pid, 'environ');
  const files = openFiles(pid);
  return {
    words: splitAtNul(words),
    environment: environment === undefined ? undefined : readEnvironment(splitAtNul(environment)),
    folder: linkOf(pid, 'cwd'),
    executable: linkOf(pid, 'exe'),
    locks: files?.filter((path) => LOCK_FILE.test(path)).map((path) => dirname(path)),
    hasLockElsewhere: files?.some((path) => LOCK_FILE_ELSEWHERE.test(path)) ?? false,
    root: `/proc/${pid}/root`,
  };
}

function readText(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended, or has taken rights that this user may not look into.
    return undefined;
  }
}

function linkOf(pid: number, name: string): string | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/${name}`);
    return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
  } catch {
    // As above.
    return undefined;
  }
}

function openFiles(pid: number): readonly string[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((file) => linkOf(pid, `fd/${file}`) ?? []);
  } catch {
    // As above.
    return undefined;
  }
}
