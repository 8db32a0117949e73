import type { Daemon, DaemonPart } from '../daemon/daemon.ts';
import type { Handlers } from './contract.ts';
import { startControlServer } from './server.ts';

/** How a call makes the program end, given the daemon: what holds it decides (a process, or the app). */
export interface ControlActions {
  /** Begins to stop; must return at once, since the answer still has to go out. */
  stop(daemon: Daemon): void;
}

/** What the contract's calls do with a daemon. */
export function daemonHandlers(daemon: Daemon, actions: ControlActions): Handlers {
  return {
    async status() {
      return daemon.status();
    },
    async stop() {
      actions.stop(daemon);
      return { stopping: true, pid: process.pid };
    },
    async restart() {
      const problem = await daemon.restart();
      return { status: daemon.status(), problem };
    },
    events(_, emit) {
      emit('status', daemon.status());
      return daemon.subscribe((status) => emit('status', status));
    },
  };
}

/** The control socket as a part of the daemon. */
export function controlPart(actions: ControlActions): DaemonPart<Daemon> {
  return {
    name: 'control socket',
    async start({ owner, logger }, daemon) {
      const handlers = daemonHandlers(daemon, actions);
      const { socket: path, instanceId } = owner;
      return { stop: await startControlServer({ path, instanceId, handlers, logger }) };
    },
  };
}
