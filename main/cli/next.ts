import { durationWords } from '../daemon/config/duration.ts';
import type { UpcomingRun } from '../daemon/jobs/views.ts';
import { momentInWords } from '../daemon/lock/already-running.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { table } from './table.ts';
import { relativeTime } from './times.ts';

/** `soloist next`: what the clock makes due within so many milliseconds, soonest first. */
export async function next(context: CommandContext, within: number, limit: number): Promise<CommandResult> {
  const now = Date.now();
  const until = latest(now + within);
  const data = await askDaemon(context, 'next', [{ until, limit }]);
  const text =
    data.runs.length === 0
      ? `Nothing is due within ${durationWords(within)}.`
      : upcomingTable(data.runs, data.runs.length === limit, now, context.color);
  return { exitCode: 0, data, text };
}

/** The last moment whose year has four digits, which is as far as the contract's times go. */
const LATEST = Date.UTC(9999, 11, 31);
const latest = (time: number): string => new Date(Math.min(time, LATEST)).toISOString();

/** Due times as a table, by the computer's clock; `now` is in epoch milliseconds. */
export function upcomingTable(
  runs: readonly UpcomingRun[],
  isPart: boolean,
  now: number,
  color: boolean,
): string {
  const rows = runs.map(({ job, due }) => [
    momentInWords(due, new Date(now)),
    { text: relativeTime(due, now), format: 'dim' } as const,
    job,
  ]);
  const shown = table(['DUE', '', 'JOB'], rows, color);
  return isPart ? `${shown}\nThere may be later ones; --limit shows more.` : shown;
}
