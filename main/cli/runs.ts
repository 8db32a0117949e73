import type { RunView } from '../daemon/jobs/views.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { durationOfRun, stateCell } from './run-words.ts';
import { type Cell, table } from './table.ts';
import { relativeTime } from './times.ts';

export interface RunsOptions {
  readonly job: string | undefined;
  readonly failed: boolean;
  /** Only those of the last so many milliseconds. */
  readonly since: number | undefined;
  readonly limit: number;
}

/** `soloist runs [JOB]`: the latest runs, newest first. */
export async function runs(context: CommandContext, options: RunsOptions): Promise<CommandResult> {
  const { job, failed, since, limit } = options;
  const now = Date.now();
  const data = await askDaemon(context, 'runs', [
    {
      limit,
      ...(job === undefined ? {} : { job }),
      ...(failed ? { failed } : {}),
      ...(since === undefined ? {} : { since: new Date(Math.max(0, now - since)).toISOString() }),
    },
  ]);
  return { exitCode: 0, data, text: runsTable(data.runs, data.next !== null, now, context.color) };
}

/** The runs as a table; times are relative to `now`, epoch milliseconds. */
export function runsTable(runs: readonly RunView[], isPart: boolean, now: number, color: boolean): string {
  if (runs.length === 0) return 'There are no such runs.';
  const rows = runs.map((run): Cell[] => [
    run.id,
    run.job,
    relativeTime(run.startedAt ?? run.queuedAt, now),
    durationOfRun(run, now),
    run.trigger,
    stateCell(run),
  ]);
  const shown = table(['RUN', 'JOB', 'STARTED', 'TOOK', 'TRIGGER', 'OUTCOME'], rows, color);
  return isPart ? `${shown}\nThere are older ones; --limit shows more.` : shown;
}
