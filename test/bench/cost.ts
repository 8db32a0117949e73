import { readdirSync, readFileSync } from 'node:fs';

export interface Cost {
  readonly residentMegabytes: number;
  /** Pages that others use too are shared out among them. */
  readonly proportionalMegabytes: number;
  readonly contextSwitches: number;
  readonly cpuMilliseconds: number;
}

const CLOCK_TICKS_PER_SECOND = 100;

/** What a process has cost so far, all of its threads included (proc_pid_status(5), proc_pid_stat(5)). */
export function costOf(pid: number): Cost {
  const number = (text: string, label: string): number =>
    Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const threads = readdirSync(`/proc/${pid}/task`).map((id) =>
    readFileSync(`/proc/${pid}/task/${id}/status`, 'utf8'),
  );
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  return {
    residentMegabytes: number(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') / 1024,
    proportionalMegabytes: number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') / 1024,
    contextSwitches: threads.reduce(
      (sum, text) =>
        sum + number(text, 'voluntary_ctxt_switches') + number(text, 'nonvoluntary_ctxt_switches'),
      0,
    ),
    cpuMilliseconds: (ticks * 1000) / CLOCK_TICKS_PER_SECOND,
  };
}
