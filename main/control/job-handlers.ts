import type { Daemon } from '../daemon/daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { Jobs } from '../daemon/jobs/views.ts';
import type { Handlers } from './contract.ts';
import type { jobCalls } from './job-calls.ts';

/** Whoever writes the name 'all' where null is meant, or the other way round, must not get the other. */
function oneOrAll(name: string | null): string {
  if (name !== 'all') return name ?? 'all';
  throw new SoloistError({
    code: 'invalid-input',
    message: "'all' does not name one job here.",
    hint: 'All jobs are meant by null, and by --all.',
  });
}

/** What the calls about jobs do; `jobsNow` gives the daemon's jobs, or undefined while it has none running. */
export function jobHandlers(
  daemon: Daemon,
  jobsNow: () => Jobs | undefined,
): Pick<Handlers, keyof typeof jobCalls> {
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
    async runs({ cursor, limit, ...filter }) {
      return jobs().page(filter, cursor ?? null, limit);
    },
    async show({ id }) {
      return { run: jobs().show(id) };
    },
    async next({ until, job, limit }) {
      return { runs: jobs().upcoming(until, limit, job) };
    },
    async job({ job }) {
      const details = jobs().details(job);
      const { lineOfJob } = await import('../daemon/config/edit-job.ts');
      return { ...details, line: lineOfJob(daemon.status().configuration.path, job) ?? null };
    },
    async enable({ job, enabled }) {
      jobs().details(job);
      // The parser of the configuration is loaded where it is needed.
      const { writeEnabled } = await import('../daemon/config/edit-job.ts');
      writeEnabled(daemon.status().configuration.path, job, enabled);
      const problem = await daemon.reload();
      if (problem !== null) throw new SoloistError(problem);
      return { job, enabled };
    },
    async recent({ jobs: names, limit }) {
      return { jobs: jobs().recent(names, limit) };
    },
    async output(request) {
      return jobs().output(request);
    },
    async absences({ from, until }) {
      return { absences: jobs().absences(from, until) };
    },
    async alerts({ all }) {
      return { alerts: jobs().alerts(all) };
    },
    async acknowledge({ id }) {
      jobs().acknowledge(oneOrAll(id));
      return { alerts: jobs().alerts(false) };
    },
    async archive() {
      jobs().archive();
      return { alerts: jobs().alerts(false) };
    },
  };
}
