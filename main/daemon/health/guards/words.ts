import { durationText, sizeText } from '../../config/duration.ts';
import type { ProcessView } from '../report.ts';

/** The most processes that a sentence names, and the most of each command line. */
const MOST_NAMED = 20;
const LONGEST_COMMAND = 60;

/** `14 copies of notes-daemon run, and 1 may` */
export function countInWords(name: string, count: number, max: number): string {
  const copies = count === 1 ? `1 copy of ${name} runs` : `${count || 'No'} copies of ${name} run`;
  return `${copies}, and ${max || 'none'} may`;
}

/** `PIDs 7, 8 and 4 more` */
export function pidsInWords(processes: readonly Pick<ProcessView, 'pid'>[]): string {
  const word = processes.length === 1 ? 'PID' : 'PIDs';
  return `${word} ${cut(processes.map(({ pid }) => String(pid))).join(', ')}`;
}

/** Each with its PID, age, CPU, memory and command; `now` in epoch milliseconds. */
export function processesInWords(processes: readonly ProcessView[], now: number): string {
  return cut(processes.map((process) => processInWords(process, now))).join('; ');
}

function processInWords({ pid, since, cpuMs, memoryBytes, command }: ProcessView, now: number): string {
  const figures = [
    ...(since === null ? [] : [`${ageText(now - Date.parse(since))} old`]),
    ...(cpuMs === null ? [] : [`${Number((cpuMs / 1_000).toFixed(1))} s CPU`]),
    ...(memoryBytes === null ? [] : [sizeText(memoryBytes)]),
  ];
  const line = command.replace(/\s+/g, ' ');
  const shown = line.length > LONGEST_COMMAND ? `${line.slice(0, LONGEST_COMMAND)}…` : line;
  return `PID ${pid} (${[...figures, shown].join(', ')})`;
}

/** Milliseconds as `2d4h`, `3h12m`, `5m3s`: no finer than a person wants to know. */
function ageText(ms: number): string {
  const unit = ms >= 86_400_000 ? 3_600_000 : ms >= 3_600_000 ? 60_000 : 1_000;
  return durationText(Math.floor(Math.max(0, ms) / unit) * unit);
}

function cut(items: readonly string[]): readonly string[] {
  if (items.length <= MOST_NAMED) return items;
  return [...items.slice(0, MOST_NAMED), `and ${items.length - MOST_NAMED} more`];
}
