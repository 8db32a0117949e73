import { readdirSync, readFileSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { listMac, readLinuxCommand, readLinuxStat } from '../process/platform.ts';
import { MARK_VARIABLE } from './mark.ts';
import { jobsUnsupported } from './unsupported.ts';

/**
 * One living process as the search for a run's tree sees it. Its texts are read when they are asked for,
 * which they are of few.
 */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** The session's number; 0 where the platform does not tell. */
  readonly session: number;
  /** As in `ProcessIdentity`. */
  readonly started: string;
  /** The words of its command line, joined by spaces. */
  command(): string;
  /**
   * The mark of the run that it was started in. Undefined if it has none, the system does not show it, or the
   * process is known to be older than one that started at `since`.
   */
  mark(since: string): string | undefined;
}

/** Lists the living processes. Zombies are not among them. */
export type Look = () => Promise<readonly SeenProcess[]>;

/**
 * How this computer's processes are listed. Where there are no process groups, a look is refused with a
 * `SoloistError`.
 */
export function systemLook(platform: NodeJS.Platform = process.platform): Look {
  switch (platform) {
    case 'linux':
      return lookLinux;
    case 'darwin':
      return async () => (await listMac(['-E'])).map(seenOnMac);
    default:
      return () => Promise.reject(jobsUnsupported());
  }
}

/**
 * One look serves all who ask before it begins, and looks follow one another: two hundred runs that end
 * together cost a few looks.
 */
export function shareLooks(look: Look): Look {
  let current: Promise<unknown> = Promise.resolve();
  let next: ReturnType<Look> | undefined;
  return () => {
    next ??= current.then(nextTurn).then(() => {
      next = undefined;
      const looking = look();
      current = looking.catch(() => {});
      return looking;
    });
    return next;
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function lookLinux(): Promise<readonly SeenProcess[]> {
  const seen: SeenProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readLinuxStat(pid);
    if (stat !== undefined) seen.push(new LinuxProcess(pid, stat));
  }
  return seen;
}

class LinuxProcess implements SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly started: string;
  readonly #name: string;
  #mark: { readonly value: string | undefined } | undefined;

  constructor(pid: number, stat: NonNullable<ReturnType<typeof readLinuxStat>>) {
    this.pid = pid;
    this.parent = stat.parent;
    this.group = stat.group;
    this.session = stat.session;
    this.started = stat.started;
    this.#name = stat.name;
  }

  command(): string {
    return readLinuxCommand(this.pid) ?? this.#name;
  }

  mark(since: string): string | undefined {
    // Clock ticks since boot: what is older than the run cannot be of it, and most processes are.
    if (Number(this.started) < Number(since)) return undefined;
    this.#mark ??= { value: parseLinuxMark(readLinuxEnvironment(this.pid)) };
    return this.#mark.value;
  }
}

/** Empty for kernel threads, and for what has ended or belongs to another user meanwhile. */
function readLinuxEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}

/** Finds the mark in `/proc/PID/environ` (proc_pid_environ(5)): NAME=value, each ended by a NUL. */
export function parseLinuxMark(environment: string): string | undefined {
  const prefix = `${MARK_VARIABLE}=`;
  const entry = environment.split('\0').find((entry) => entry.startsWith(prefix));
  return entry?.slice(prefix.length);
}

/**
 * Finds the mark in a line of `ps -E`: the words of the command and then the environment, joined by spaces.
 */
export function parseMacMark(commandAndEnvironment: string): string | undefined {
  return new RegExp(`(?:^| )${MARK_VARIABLE}=(\\S+)`).exec(commandAndEnvironment)?.[1];
}

function seenOnMac(entry: Awaited<ReturnType<typeof listMac>>[number]): SeenProcess {
  return {
    pid: entry.pid,
    parent: entry.parent,
    group: entry.group,
    session: 0,
    started: entry.started,
    command: () => entry.command,
    mark: () => parseMacMark(entry.command),
  };
}
