import type { Daemon, DaemonPart } from '../daemon/daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { Jobs } from '../daemon/jobs/views.ts';
import { contract, type Emit, type Handlers } from './contract.ts';
import { startControlServer } from './server.ts';

/** How a call makes the program end, given the daemon: what holds it decides (a process, or the app). */
export interface ControlActions {
  /** Begins to stop; must return at once, since the answer still has to go out. */
  stop(daemon: Daemon): void;
  /** The jobs of the daemon as they are now; undefined while it has none running. */
  jobs?(): Jobs | undefined;
}

/** Whoever writes the name 'all' where null is meant, or the other way round, must not get the other. */
function oneOrAll(job: string | null): string {
  if (job !== 'all') return job ?? 'all';
  throw new SoloistError({
    code: 'invalid-input',
    message: "'all' does not name one job here.",
    hint: 'All jobs are meant by null, and by --all.',
  });
}

const missing = async (): Promise<never> => {
  throw new SoloistError({ code: 'missing', message: 'Not written yet.' });
};

/** What the contract's calls do with a daemon. */
export function daemonHandlers(daemon: Daemon, actions: ControlActions): Handlers {
  const jobsNow = (): Jobs | undefined => actions.jobs?.();
  const jobs = (): Jobs => {
    const found = jobsNow();
    if (found !== undefined) return found;
    const { daemon: state, configuration } = daemon.status();
    throw new SoloistError(
      state.state === 'running'
        ? {
            code: 'no-jobs',
            message: `The configuration ${configuration.path} has no jobs.`,
            hint: "'soloist config edit' opens it, and begins one if there is none.",
          }
        : {
            code: 'no-jobs',
            message: `The daemon runs no jobs now: it is ${state.state}.`,
            hint: "'soloist status' tells its state.",
          },
    );
  };
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
    async jobs() {
      return { jobs: jobs().list() };
    },
    async run({ job, words }) {
      return { run: await jobs().run(job, words) };
    },
    async cancel({ target }) {
      return { runs: await jobs().cancel(target) };
    },
    async pause({ job, by }) {
      return { jobs: jobs().pause(oneOrAll(job), by) };
    },
    async resume({ job }) {
      return { jobs: jobs().resume(oneOrAll(job)) };
    },
    async runs({ job, failed, since, cursor, limit }) {
      return jobs().page({ job, failed, since }, cursor ?? null, limit);
    },
    async show({ id }) {
      return { run: jobs().show(id) };
    },
    async next({ until, limit }) {
      return { runs: jobs().upcoming(until, limit) };
    },
    job: missing,
    enable: missing,
    recent: missing,
    output: missing,
    absences: missing,
    alerts: missing,
    acknowledge: missing,
    events(_, emit) {
      emit('status', daemon.status());
      const follower = new JobsFollower(jobsNow, emit);
      const unsubscribe = daemon.subscribe((status) => {
        emit('status', status);
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
      else this.#emit('jobs', {});
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
    async start({ owner, logger }, daemon) {
      const handlers = daemonHandlers(daemon, actions);
      const { socket: path, instanceId } = owner;
      return { stop: await startControlServer({ path, instanceId, table: contract, handlers, logger }) };
    },
  };
}
