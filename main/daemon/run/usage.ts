import { readFileSync } from 'node:fs';
import type { Usage } from '../history/run.ts';

/**
 * Processor time of a process and of the children it has waited for, in ms, and its peak memory, in bytes.
 */
interface Reading {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number | undefined;
}

/**
 * Linux counts processor time for user space in hundredths of a second (USER_HZ) on every architecture of
 * Node.
 */
const MS_PER_TICK = 10;

const SAMPLE_DISTANCE_MS = 1_000;

/** Reads utime, stime, cutime and cstime of `/proc/PID/stat` (proc_pid_stat(5)), a zombie's too. */
export function parseLinuxCpuMs(stat: string): number | undefined {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  const ticks = fields.slice(14 - 3, 18 - 3).map(Number);
  if (ticks.length < 4 || !ticks.every(Number.isFinite)) return undefined;
  return ticks.reduce((sum, value) => sum + value, 0) * MS_PER_TICK;
}

/** Reads the peak resident set, VmHWM, of `/proc/PID/status` in bytes; a process that is ending has none. */
export function parseLinuxPeakBytes(status: string): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function readLinux(pid: number): Reading | undefined {
  try {
    const cpuMs = parseLinuxCpuMs(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (cpuMs === undefined) return undefined;
    return { cpuMs, peakMemoryBytes: parseLinuxPeakBytes(readFileSync(`/proc/${pid}/status`, 'utf8')) };
  } catch {
    // It has ended; that is the usual reason to stop reading.
    return undefined;
  }
}

/**
 * Measures a run by reading, at the moments it is told to, what its processes have used so far: Node does not
 * hand over the rusage of a child. On Linux the processor time is exact for a run whose output ends with it,
 * which is when it is read a last time, and a lower bound otherwise; the memory is the largest peak of any
 * one process that was seen. On other platforms nothing is told.
 */
export class UsageMeter {
  readonly #read: (pid: number) => Reading | undefined;
  #pids: readonly number[] = [];
  #sampledAt = Number.NEGATIVE_INFINITY;
  #cpuMs: number | undefined;
  #peakMemoryBytes: number | undefined;

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#read = platform === 'linux' ? readLinux : () => undefined;
  }

  /** Says which processes the run has now. */
  watch(pids: readonly number[]): void {
    this.#pids = pids;
  }

  sample(): void {
    this.#sampledAt = performance.now();
    const readings = this.#pids.flatMap((pid) => this.#read(pid) ?? []);
    if (readings.length === 0) return;
    const cpuMs = readings.reduce((sum, reading) => sum + reading.cpuMs, 0);
    const peaks = readings.map((reading) => reading.peakMemoryBytes ?? 0);
    this.#cpuMs = Math.max(cpuMs, this.#cpuMs ?? 0);
    const peak = Math.max(...peaks, this.#peakMemoryBytes ?? 0);
    if (peak > 0) this.#peakMemoryBytes = peak;
  }

  /** For occasions that come often. */
  sampleIfDue(): void {
    if (performance.now() - this.#sampledAt >= SAMPLE_DISTANCE_MS) this.sample();
  }

  get usage(): Usage {
    return { cpuMs: this.#cpuMs, peakMemoryBytes: this.#peakMemoryBytes };
  }
}
