import { ask } from '../control/client.ts';
import { findDaemon } from '../control/find-daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import { version } from '../version.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { seeTopics, topicsOf } from './see-topic.ts';
import { type UpOptions, up } from './up.ts';

/** Its jobs may take their grace periods to end. */
const RESTART_MS = 10 * 60_000;

/**
 * `soloist restart`: lets the daemon start again under its lock, with the configuration as it stands now; starts it
 * if it does not run. Exit code 1 if the new configuration is broken and the former one stays in force.
 */
export async function restart(context: CommandContext, options: UpOptions): Promise<CommandResult> {
  const finding = await findDaemon(context.home);
  if (finding.kind === 'absent' || finding.kind === 'crashed') return up(context, options);
  if (finding.kind !== 'answering') {
    throw new SoloistError({
      code: 'not-answering',
      message: 'The daemon does not answer.',
      hint: "End it with 'soloist down', which uses force if it must, and start it with 'soloist up'.",
    });
  }
  const { owner } = finding;
  const { problem } = await ask(owner.socket, 'restart', RESTART_MS);
  const other =
    owner.version === version
      ? ''
      : `\nIt is version ${owner.version}, this is ${version}: use 'soloist down' and 'soloist up' to change to it.`;
  const data = { restarted: true, owner, problem };
  if (problem === null) return { exitCode: 0, text: `Daemon restarted (PID ${owner.pid}).${other}`, data };
  const text =
    `Daemon restarted with its former configuration (PID ${owner.pid}), since the new one is broken: ${problem.message}\n${seeTopics([topicsOf.error[problem.code]])}`.trimEnd();
  return { exitCode: 1, text, data };
}
