import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { printable } from './table.ts';

/** The daemon answers when the runs have ended, for which each has its period of grace. */
const CANCEL_MS = 70 * 60_000;

/** `soloist cancel JOB|RUN`: ends a run, or all runs of a job. */
export async function cancel(context: CommandContext, target: string): Promise<CommandResult> {
  const data = await askDaemon(context, 'cancel', [{ target }], CANCEL_MS);
  const lines = data.runs.map(({ id, job }) => `Cancelled run ${id} of ${job}.`);
  const text =
    lines.length === 0 ? `Nothing of ${printable(target)} is running or queued.` : lines.join('\n');
  return { exitCode: 0, data, text };
}
