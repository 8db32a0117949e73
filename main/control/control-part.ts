import type { Links } from '../daemon/actions/links/suggestion.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { HealthOf } from '../daemon/health/report.ts';
import type { Jobs } from '../daemon/jobs/views.ts';
import type { DaemonPart } from '../daemon/part.ts';
import { contract, type Emit, type Handlers } from './contract.ts';
import { healthHandlers } from './health-handlers.ts';
import { jobHandlers } from './job-handlers.ts';
import { linkHandlers } from './link-handlers.ts';
import { startControlServer } from './server.ts';

/** How a call makes the program end, given the daemon: what holds it decides (a process, or the app). */
export interface ControlActions {
  /** Begins to stop; must return at once, since the answer still has to go out. */
  stop(daemon: Daemon): void;
  /** The jobs of the daemon as they are now; undefined while it has none running. */
  jobs?(): Jobs | undefined;
  /** How the daemon is; undefined while it does not run. */
  health?(): HealthOf | undefined;
  /** The suggested links of its jobs; undefined while it does not run. */
  links?(): Links | undefined;
  /** When the suggested links may be others. */
  readonly onLinks?: {
    /** Whether the end of a run of this job may have brought others. */
    suggests(job: string): boolean;
    /** Calls the listener after each decision; returns how to end that. */
    onDecided(listener: () => void): () => void;
  };
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
    ...linkHandlers(daemon, () => actions.links?.()),
    events(_, emit) {
      emit('status', daemon.status());
      const { onLinks } = actions;
      const follower = new JobsFollower(jobsNow, emit, (job) => onLinks?.suggests(job) ?? false);
      const noMoreDecisions = onLinks?.onDecided(() => emit('links', {}));
      let { health } = daemon.status();
      const unsubscribe = daemon.subscribe((status) => {
        emit('status', status);
        if (status.health !== health) emit('health', {});
        health = status.health;
        follower.look();
      });
      return () => {
        unsubscribe();
        noMoreDecisions?.();
        follower.end();
      };
    },
  };
}

/** Tells the events of the jobs; after the daemon has started again, of those that it has then. */
class JobsFollower {
  readonly #jobsNow: () => Jobs | undefined;
  readonly #emit: Emit<'events'>;
  readonly #suggests: (job: string) => boolean;
  #followed: Jobs | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(jobsNow: () => Jobs | undefined, emit: Emit<'events'>, suggests: (job: string) => boolean) {
    this.#jobsNow = jobsNow;
    this.#emit = emit;
    this.#suggests = suggests;
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
      if (event.kind === 'run') {
        this.#emit('run', event.run);
        if (event.run.state === 'ended' && this.#suggests(event.run.job)) this.#emit('links', {});
      } else this.#emit(event.kind, {});
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
