import { readFileSync, statSync } from 'node:fs';
import { type ProcessEntry, processPlatform, psOutput, readLinuxStatFields } from './platform.ts';

/** A process as it is shown to a person. */
export interface ProcessDetails {
  readonly pid: number;
  /** With the PID, who it is: start time in the platform's own form, only ever compared for equality. */
  readonly started: string;
  /** When it started: ISO 8601 in UTC; null where the system does not tell. */
  readonly since: string | null;
  /** What it has used of the processor. */
  readonly cpuMs: number | null;
  readonly memoryBytes: number | null;
  readonly command: string;
}

/** The living processes of this user. */
export async function ownProcesses(
  platform: NodeJS.Platform = process.platform,
): Promise<readonly ProcessEntry[]> {
  const all = await processPlatform(platform).list();
  if (platform === 'linux') return all.filter(({ pid }) => isOwnOnLinux(pid));
  if (platform === 'darwin') {
    const own = parseMacPids(await psOutput(['-x', '-U', `${process.geteuid?.()}`, '-o', 'pid=']));
    return all.filter(({ pid }) => own.has(pid));
  }
  // Windows shows the command line of own processes only.
  return all.filter(({ command }) => command !== '');
}

/** What is to be shown of these processes; those that have ended meanwhile are left out. */
export async function processDetails(
  entries: readonly ProcessEntry[],
  platform: NodeJS.Platform = process.platform,
): Promise<readonly ProcessDetails[]> {
  if (entries.length === 0) return [];
  if (platform === 'linux') {
    const bootMs = linuxBootMs();
    return entries.flatMap((entry) => linuxDetails(entry, bootMs) ?? []);
  }
  if (platform === 'darwin') {
    const pids = entries.map(({ pid }) => pid).join(',');
    const figures = parseMacFigures(await psOutput(['-o', 'pid=,rss=,time=', '-p', pids]));
    return entries.flatMap((entry) => {
      const found = figures.get(entry.pid);
      // `lstart` is told in UTC here.
      const sinceMs = Date.parse(`${entry.started} UTC`);
      return found === undefined ? [] : { ...detailsOf(entry, sinceMs), ...found };
    });
  }
  return entries.map((entry) => detailsOf(entry, fileTimeMs(entry.started)));
}

function detailsOf({ pid, started, command }: ProcessEntry, sinceMs: number): ProcessDetails {
  const since = Number.isFinite(sinceMs) ? new Date(sinceMs).toISOString() : null;
  return { pid, started, since, cpuMs: null, memoryBytes: null, command };
}

/** Clock ticks a second in what /proc tells, which is 100 whatever the kernel itself uses (proc_pid_stat(5), USER_HZ). */
const TICKS = 100;

function isOwnOnLinux(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.geteuid?.();
  } catch {
    // It has ended.
    return false;
  }
}

/** When the computer was started, epoch milliseconds (proc_stat(5), btime). */
function linuxBootMs(): number {
  const seconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  return Number(seconds) * 1_000;
}

function linuxDetails(entry: ProcessEntry, bootMs: number): ProcessDetails | undefined {
  const fields = readLinuxStatFields(entry.pid);
  if (fields === undefined || fields[22 - 3] !== entry.started) return undefined;
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  return {
    ...detailsOf(entry, bootMs + (Number(entry.started) / TICKS) * 1_000),
    cpuMs: (ticks / TICKS) * 1_000,
    memoryBytes: linuxMemory(entry.pid),
  };
}

function linuxMemory(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    // It has ended since its other figures were read.
    return null;
  }
}

/** Reads the lines of `ps -o pid=`. */
export function parseMacPids(text: string): ReadonlySet<number> {
  return new Set(text.split('\n').flatMap((line) => (line.trim() === '' ? [] : Number(line))));
}

/** Reads the lines of `ps -o pid=,rss=,time=` on macOS: kilobytes, and `[[dd-]hh:]mm:ss.cc`. */
export function parseMacFigures(
  text: string,
): ReadonlyMap<number, { readonly cpuMs: number; readonly memoryBytes: number }> {
  const line = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/;
  return new Map(
    text.split('\n').flatMap((written) => {
      const [, pid, kilobytes, days = '0', hours = '0', minutes, seconds] = line.exec(written) ?? [];
      if (pid === undefined) return [];
      const whole = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
      const cpuMs = Math.round((whole * 60 + Number(seconds)) * 1_000);
      return [[Number(pid), { cpuMs, memoryBytes: Number(kilobytes) * 1024 }] as const];
    }),
  );
}

/** A FILETIME (100 ns since 1601, UTC) as epoch milliseconds. */
function fileTimeMs(fileTime: string): number {
  return Number(BigInt(/^\d+$/.test(fileTime) ? fileTime : 0) / 10_000n) - 11_644_473_600_000;
}
