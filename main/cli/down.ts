import { stopDaemon } from '../control/stop-daemon.ts';
import { ownerInWords } from '../daemon/lock/already-running.ts';
import type { CommandContext, CommandResult } from './command.ts';

/**
 * `soloist down`: stops the daemon gracefully, and after `timeout` milliseconds ends it and its children by force; see
 * `stopDaemon`.
 */
export async function down({ home }: CommandContext, timeout: number): Promise<CommandResult> {
  const stopped = await stopDaemon(home, { timeout, by: 'soloist down' });
  switch (stopped.kind) {
    case 'absent': {
      const text = `No daemon is running in ${home}.`;
      return { exitCode: 0, text, data: { stopped: false, forced: false, cleared: false } };
    }
    case 'cleared': {
      const text = `No daemon is running: PID ${stopped.owner.pid} had crashed. What it left was cleared.`;
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
      const text = `Daemon ended by force after ${timeout / 1000} s (it was ${ownerInWords(owner)})${added}.`;
      return { exitCode: 0, text, data: { stopped: true, forced: true, cleared: true, owner } };
    }
  }
}
