import { stopDaemon } from '../control/stop-daemon.ts';
import { ownerInWords } from '../daemon/lock/already-running.ts';
import type { CommandContext, CommandResult } from './command.ts';

/**
 * `soloist down`: stops the daemon gracefully, and after `timeout` milliseconds ends it and its children by force; see
 * `stopDaemon`. A service does not start it again before the next login.
 */
export async function down(context: CommandContext, timeout: number): Promise<CommandResult> {
  const { home } = context;
  const stopped = await stopDaemon(home, { timeout, by: 'soloist down' });
  switch (stopped.kind) {
    case 'absent': {
      const text = `No daemon is running in ${home}.`;
      return { exitCode: 0, text, data: { stopped: false, forced: false, cleared: false } };
    }
    case 'cleared': {
      const text = `No daemon is running: PID ${stopped.owner.pid} had crashed. What it left was cleared.${await restService(context)}`;
      return { exitCode: 0, text, data: { stopped: false, forced: false, cleared: true } };
    }
    case 'stopped': {
      const { owner } = stopped;
      const text = `Daemon stopped (it was ${ownerInWords(owner)}).`;
      return { exitCode: 0, text, data: { stopped: true, forced: false, cleared: false, owner } };
    }
    case 'forced': {
      const { owner, children } = stopped;
      const added = children === 1 ? ', with one child' : children > 1 ? `, with ${children} children` : '';
      const text = `Daemon ended by force after ${timeout / 1000} s (it was ${ownerInWords(owner)})${added}.${await restService(context)}`;
      return { exitCode: 0, text, data: { stopped: true, forced: true, cleared: true, owner } };
    }
  }
}

/** A service takes a kill for a fault, and would start what is to be down again. Returns what the person should know of it. */
async function restService(context: CommandContext): Promise<string> {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return '';
  const { planFor, serviceManager } = await import('../service/choose.ts');
  const manager = serviceManager(planFor(context, context.installation.tool));
  if (manager.state().kind !== 'installed' || !manager.rest()) return '';
  return "\nIts service starts it again at the next login, or by 'soloist service install'.";
}
