import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** `soloist pause JOB|--all`: keeps a job, or all (null), from becoming due; runs under way go on. */
export async function pause(context: CommandContext, job: string | null): Promise<CommandResult> {
  const data = await askDaemon(context, 'pause', [{ job, by: 'soloist pause' }]);
  return { exitCode: 0, data, text: inWords('Paused', data.jobs, 'paused already') };
}

/** `soloist resume JOB|--all`: lets a paused job, or all (null), become due again. */
export async function resume(context: CommandContext, job: string | null): Promise<CommandResult> {
  const data = await askDaemon(context, 'resume', [{ job }]);
  return { exitCode: 0, data, text: inWords('Resumed', data.jobs, 'not paused') };
}

function inWords(done: string, jobs: readonly string[], otherwise: string): string {
  return jobs.length === 0 ? `Nothing to do: ${otherwise}.` : `${done}: ${jobs.join(', ')}.`;
}
