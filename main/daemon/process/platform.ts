import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** A system tool that hangs must not hang a start. */
const TOOL_TIMEOUT_MS = 5_000;

/** One line of the system's process list. Zombies are not in it: a zombie is dead. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Process group; 0 where the platform has none (Windows). */
  readonly group: number;
  /** When it started, in the platform's own form. Only ever compared for equality. */
  readonly started: string;
  readonly command: string;
}

/** How one operating system answers the three questions asked about processes. */
export interface ProcessPlatform {
  /** The start time of a living process, or undefined if there is none with this PID or it is a zombie. */
  started(pid: number): Promise<string | undefined>;
  /** The same for several at once: the start time by PID, of those that live. */
  startedAmong(pids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** What names this boot of this computer, and does not move with the clock. */
  bootId(): Promise<string>;
  list(): Promise<ProcessEntry[]>;
}

/**
 * Reads `/proc/PID/stat` (proc_pid_stat(5)). The command's name may hold spaces and parentheses, so fields are
 * counted from its last closing one. Returns undefined for zombies and dead processes and for malformed text.
 */
export function parseLinuxStat(
  text: string,
): { parent: number; group: number; session: number; started: string; name: string } | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const [state, parent, group, session] = fields;
  const started = fields[22 - 3];
  if (state === undefined || parent === undefined || group === undefined || session === undefined)
    return undefined;
  if (started === undefined || state === 'Z' || state === 'X' || state === 'x') return undefined;
  const name = text.slice(open + 1, close);
  return { parent: Number(parent), group: Number(group), session: Number(session), started, name };
}

const linux: ProcessPlatform = {
  async started(pid) {
    return readLinuxStat(pid)?.started;
  },
  async startedAmong(pids) {
    const stats = pids.map((pid) => [pid, readLinuxStat(pid)?.started] as const);
    return new Map(stats.flatMap(([pid, started]) => (started === undefined ? [] : [[pid, started]])));
  },
  async bootId() {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  },
  async list() {
    const { readdir } = await import('node:fs/promises');
    const entries: ProcessEntry[] = [];
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const pid = Number(name);
      const stat = readLinuxStat(pid);
      if (stat === undefined) continue;
      const { parent, group, started } = stat;
      entries.push({ pid, parent, group, started, command: readLinuxCommand(pid) ?? stat.name });
    }
    return entries;
  },
};

/** What `/proc/PID/stat` says now; undefined if there is no such process, or it is a zombie. */
export function readLinuxStat(pid: number): ReturnType<typeof parseLinuxStat> {
  try {
    return parseLinuxStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // ENOENT and ESRCH both mean that the process has ended, perhaps while it was being read.
    return undefined;
  }
}

/** The fields of `/proc/PID/stat` from the third on, its state; undefined if there is no such process. */
export function readLinuxStatFields(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .trim()
      .split(' ');
  } catch {
    // As above.
    return undefined;
  }
}

/** The command line of a process, its words joined by spaces; undefined for a kernel thread or none at all. */
export function readLinuxCommand(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Reads a line of `ps -o state=,lstart=` on macOS; undefined for zombies and for empty output. */
export function parseMacState(text: string): string | undefined {
  const match = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text);
  const [, state, started] = match ?? [];
  if (state === undefined || started === undefined || state.startsWith('Z')) return undefined;
  return started.replace(/\s+/g, ' ');
}

/** Reads the lines of `ps -o pid=,state=,lstart= -p PID,PID` on macOS: start times by PID, without zombies. */
export function parseMacStates(text: string): Map<number, string> {
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [, pid, state] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      const started = state === undefined ? undefined : parseMacState(state);
      return started === undefined ? [] : [[Number(pid), started]];
    }),
  );
}

/** Reads the lines of `ps -A -ww -o pid=,ppid=,pgid=,state=,lstart=,command=` on macOS, with or without `-E`. */
export function parseMacList(text: string): ProcessEntry[] {
  const line = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})(?:\s+(.*))?$/;
  return text.split('\n').flatMap((text): ProcessEntry[] => {
    const [, pid, parent, group, state, started, command] = line.exec(text) ?? [];
    if (state === undefined || started === undefined || state.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        started: started.replace(/\s+/g, ' '),
        command: command ?? '',
      },
    ];
  });
}

/** `lstart` is printed in the locale and time zone of whoever asks; these make it the same for everybody. */
const PS_ENVIRONMENT = { PATH: '/bin:/usr/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

const darwin: ProcessPlatform = {
  async started(pid) {
    return parseMacState(await psOutput(['-o', 'state=,lstart=', '-p', String(pid)]));
  },
  async startedAmong(pids) {
    if (pids.length === 0) return new Map();
    return parseMacStates(await psOutput(['-o', 'pid=,state=,lstart=', '-p', pids.join(',')]));
  },
  async bootId() {
    // Not kern.boottime: that one moves when the clock is set.
    return (await output('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'])).trim();
  },
  async list() {
    return listMac([]);
  },
};

/** What `ps` of macOS prints, in the same locale and time zone for everybody. */
export function psOutput(arguments_: readonly string[]): Promise<string> {
  return output('/bin/ps', arguments_, PS_ENVIRONMENT);
}

/**
 * The process list of macOS. With the flag `-E`, each command is followed by the environment it was started with,
 * as far as the system tells: that of own processes, but not of programs that belong to macOS itself.
 */
export async function listMac(flags: readonly '-E'[]): Promise<ProcessEntry[]> {
  // Without -ww, a command is cut off at 79 columns where the output is no terminal.
  const arguments_ = ['-A', '-ww', ...flags, '-o', 'pid=,ppid=,pgid=,state=,lstart=,command='];
  return parseMacList(await psOutput(arguments_));
}

/** Reads `reg query ... /v BootId`: a counter that Windows raises at each boot. */
export function parseWindowsBootId(text: string): string | undefined {
  return /BootId\s+REG_DWORD\s+(0x[0-9a-fA-F]+)/.exec(text)?.[1];
}

/** Reads the tab-separated lines of `WINDOWS_LIST`: PID, parent, creation time (FILETIME, UTC), command. */
export function parseWindowsList(text: string): ProcessEntry[] {
  return text.split(/\r?\n/).flatMap((line): ProcessEntry[] => {
    const [pid, parent, started, ...command] = line.split('\t');
    if (pid === undefined || !/^\d+$/.test(pid) || started === undefined || started === '') return [];
    return [{ pid: Number(pid), parent: Number(parent), group: 0, started, command: command.join('\t') }];
  });
}

const WINDOWS_LIST = (filter: string): string =>
  `Get-CimInstance Win32_Process ${filter} | Where-Object CreationDate | ForEach-Object { ` +
  '"{0}`t{1}`t{2}`t{3}" -f $_.ProcessId, $_.ParentProcessId, $_.CreationDate.ToFileTimeUtc(), $_.CommandLine }';

async function windowsList(filter: string): Promise<ProcessEntry[]> {
  const arguments_ = ['-NoProfile', '-NonInteractive', '-Command', WINDOWS_LIST(filter)];
  return parseWindowsList(await output('powershell.exe', arguments_));
}

const win32: ProcessPlatform = {
  async started(pid) {
    return (await windowsList(`-Filter "ProcessId=${pid}"`))[0]?.started;
  },
  async startedAmong(pids) {
    const asked = new Set(pids);
    const found = (await windowsList('')).filter((entry) => asked.has(entry.pid));
    return new Map(found.map((entry) => [entry.pid, entry.started]));
  },
  async bootId() {
    const key =
      'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters';
    const id = parseWindowsBootId(await output('reg.exe', ['query', key, '/v', 'BootId']));
    if (id === undefined) throw new Error(`Windows did not tell its boot number (${key}, BootId)`);
    return id;
  },
  async list() {
    return windowsList('');
  },
};

/** What a tool printed; a tool that exits non-zero (as `ps -p` does for a PID that is gone) printed nothing. */
async function output(file: string, arguments_: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  try {
    const options = { timeout: TOOL_TIMEOUT_MS, windowsHide: true, maxBuffer: 64 * 1024 * 1024 };
    // Loaded on demand: Linux answers from /proc.
    const { execFile } = process.getBuiltinModule('node:child_process');
    return (await promisify(execFile)(file, arguments_, env === undefined ? options : { ...options, env }))
      .stdout;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 1) return '';
    throw error;
  }
}

const platforms: Partial<Record<NodeJS.Platform, ProcessPlatform>> = { linux, darwin, win32 };

/** The reader for this computer. Throws on a system that Soloist does not run on. */
export function processPlatform(platform: NodeJS.Platform = process.platform): ProcessPlatform {
  const found = platforms[platform];
  if (found === undefined) throw new Error(`Soloist does not run on ${platform}`);
  return found;
}
