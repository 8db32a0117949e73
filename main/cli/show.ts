import { sizeText } from '../daemon/config/duration.ts';
import type { RunView } from '../daemon/jobs/views.ts';
import { momentInWords } from '../daemon/lock/already-running.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { durationOfRun, stateCell } from './run-words.ts';
import { seeTopics, topicOfOutcome } from './see-topic.ts';
import { type Cell, facts } from './table.ts';
import { lengthInWords, relativeTime } from './times.ts';

/** `soloist show RUN`: all that is known of a run. */
export async function show(context: CommandContext, id: string): Promise<CommandResult> {
  const data = await askDaemon(context, 'show', [{ id }]);
  return { exitCode: 0, data, text: runInWords(data.run, Date.now(), context.color) };
}

/** All of a run, a line each; relative times are those at `now`, epoch milliseconds. */
export function runInWords(run: RunView, now: number, color: boolean): string {
  const { usage, output } = run;
  const moment = (iso: string): string => `${momentInWords(iso, new Date(now))} (${relativeTime(iso, now)})`;
  const rows: [string, Cell | undefined | null][] = [
    ['Run', run.id],
    ['Job', run.job],
    [run.outcome === null ? 'State' : 'Outcome', stateCell(run)],
    ['Trigger', run.trigger],
    ['Due', run.due && moment(run.due)],
    ['Attempt', run.attempt > 1 ? String(run.attempt) : null],
    ['Queued', moment(run.queuedAt)],
    ['Started', run.startedAt && moment(run.startedAt)],
    ['Ended', run.endedAt && moment(run.endedAt)],
    [run.endedAt === null ? 'Runs for' : 'Took', durationOfRun(run, now) || null],
    ['PID', run.pid === null ? null : String(run.pid)],
    ['CPU time', usage?.cpuMs == null ? null : lengthInWords(usage.cpuMs)],
    ['Memory', usage?.peakMemoryBytes == null ? null : `${sizeText(usage.peakMemoryBytes)} at most`],
    ['Output', output && `${sizeText(output.bytes)} in ${output.file}`],
  ];
  const all = facts(
    rows.flatMap(([label, value]) =>
      value === null || value === undefined ? [] : [[label, value] as const],
    ),
    color,
  );
  return `${all}\n\n${seeTopics([topicOfOutcome(run.outcome)])}`.trimEnd();
}
