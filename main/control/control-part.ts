import type { Daemon, DaemonPart } from '../daemon/daemon.ts';
import type { HealthOf } from '../daemon/health/report.ts';
import type { Jobs } from '../daemon/jobs/views.ts';
import { contract, type Emit, type Handlers } from './contract.ts';
import { healthHandlers } from './health-handlers.ts';
import { jobHandlers } from './job-handlers.ts';
import { startControlServer } from './server.ts';

/** How a call makes the program end, given the daemon: what holds it decides (a process, or the app). */
export interface ControlActions {
  /** Begins to stop; must return at once, since the answer still has to go out. */
  stop(daemon: Daemon): void;
  /** The jobs of the daemon as they are now; undefined while it has none running. */
  jobs?(): Jobs | undefined;
  /** How the daemon is; undefined while it does not run. */
  health?(): HealthOf | undefined;
}

/** What the contract's calls do with a daemon. */
export function daemonHandlers(daemon: Daemon, actions: ControlActions): Handlers {
  const jobsNow = (): Jobs | undefined => actions.jobs?.();
  return {
    async status() {
      return daemon.status();
    },
    async stop({ now }) {
      actions.stop(daemon);
      if (now) daemon.hurry();
      return { stopping: true, pid: process.pid };
    },
    async restart() {
      const problem = await daemon.restart();
      return { status: daemon.status(), problem };
    },
    ...jobHandlers(daemon, jobsNow),
    ...healthHandlers(daemon, () => actions.health?.()),
    events(_, emit) {
      emit('status', daemon.status());
      const follower = new JobsFollower(jobsNow, emit);
      let { health } = daemon.status();
      const unsubscribe = daemon.subscribe((status) => {
        emit('status', status);
        if (status.health !== health) emit('health', {});
        health = status.health;
        follower.look();
      });
      return () => {
        unsubscribe();
        follower.end();
      };
    },
  };
}

/** Tells the events of the jobs; after the daemon has started again, of those that it has then. */
class JobsFollower {
  readonly #jobsNow: () => Jobs | undefined;
  readonly #emit: Emit<'events'>;
  #followed: Jobs | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(jobsNow: () => Jobs | undefined, emit: Emit<'events'>) {
    this.#jobsNow = jobsNow;
    this.#emit = emit;
    this.#follow(jobsNow());
  }

  /** Looks whether the jobs are other ones now. */
  look(): void {
    const jobs = this.#jobsNow();
    if (jobs === this.#followed) return;
    this.end();
    this.#follow(jobs);
    this.#emit('jobs', {});
  }

  #follow(jobs: Jobs | undefined): void {
    this.#followed = jobs;
    this.#unsubscribe = jobs?.subscribe((event) => {
      if (event.kind === 'run') this.#emit('run', event.run);
      else this.#emit(event.kind, {});
    });
  }

  end(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}

/** The control socket as a part of the daemon. */
export function controlPart(actions: ControlActions): DaemonPart<Daemon> {
  return {
    name: 'control socket',
    async start({ owner, logger, isOwner }, daemon) {
      const handlers = daemonHandlers(daemon, actions);
      const { socket: path, instanceId } = owner;
      const table = contract;
      return { stop: await startControlServer({ path, instanceId, table, handlers, logger, isOwner }) };
    },
  };
}
