import type { JobView } from '../daemon/jobs/views.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { stateCell } from './run-words.ts';
import { type Cell, table } from './table.ts';
import { relativeTime } from './times.ts';

/** `soloist jobs`: the jobs of the daemon and how they stand. */
export async function jobs(context: CommandContext): Promise<CommandResult> {
  const data = await askDaemon(context, 'jobs', []);
  return { exitCode: 0, data, text: jobsTable(data.jobs, Date.now(), context.color) };
}

/** `soloist jobs --names`: only their names, one per line, which is what shells complete from. */
export async function jobNames(context: CommandContext): Promise<CommandResult> {
  const { jobs } = await askDaemon(context, 'jobs', []);
  const names = jobs.map(({ name }) => name);
  return { exitCode: 0, data: { names }, text: names.join('\n') };
}

/** The jobs as a table; times are relative to `now`, epoch milliseconds. */
export function jobsTable(jobs: readonly JobView[], now: number, color: boolean): string {
  if (jobs.length === 0)
    return "There are no jobs. 'soloist config edit' opens the file that they are written in.";
  const rows = jobs.map((job): Cell[] => [
    job.name,
    jobState(job),
    job.nextDue === null ? '-' : relativeTime(job.nextDue, now),
    ...lastCells(job, now),
    job.schedule,
  ]);
  return table(['JOB', 'STATE', 'NEXT', 'LAST', 'OUTCOME', 'SCHEDULE'], rows, color);
}

function lastCells({ last }: JobView, now: number): [Cell, Cell] {
  if (last === null) return ['never', '-'];
  return [relativeTime(last.endedAt ?? last.queuedAt, now), stateCell(last)];
}

function jobState({ running, queued, enabled, paused, kind }: JobView): Cell {
  const parts = [
    ...(running.length > 0 ? [running.length === 1 ? 'running' : `${running.length} running`] : []),
    ...(queued.length > 0 ? [`${queued.length} queued`] : []),
    ...(enabled ? [] : ['disabled']),
    ...(paused === null ? [] : ['paused']),
  ];
  if (parts.length === 0) return kind === 'service' ? { text: 'not running', format: 'yellow' } : 'waiting';
  const format = running.length > 0 ? 'cyan' : paused === null ? 'dim' : 'yellow';
  return { text: parts.join(', '), format };
}
