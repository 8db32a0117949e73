import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchAction } from './daemon/actions/action-message.ts';
import type { Configuration } from './daemon/config/configuration.ts';
import type { JobsHealth } from './daemon/health/health.ts';
import type { RunningJobs } from './daemon/jobs/engine.ts';
import type { Jobs } from './daemon/jobs/views.ts';
import type { DaemonPart } from './daemon/part.ts';

export interface JobsPart extends DaemonPart<Configuration> {
  /** The jobs as they are now; undefined while there are none. */
  jobs(): Jobs | undefined;
  /** What they give to the health of the daemon; undefined while there are none. */
  health(): JobsHealth | undefined;
  /** To be called when the system says that it woke or that its clock was set. */
  wake(): void;
  /** Whether the clock makes a job due within so many milliseconds from now. */
  dueWithin(ms: number): boolean;
}

/** Alerts of guards are kept in the history too. */
function needsEngine({ jobs, guards }: Configuration): boolean {
  return jobs.size > 0 || guards.size > 0;
}

export interface JobsPartOptions {
  /** How the process of an action is started where it cannot be a Node. */
  readonly launchAction?: LaunchAction;
}

/** The jobs as a part of the daemon. */
export function jobsPart({ launchAction }: JobsPartOptions = {}): JobsPart {
  let running: RunningJobs | undefined;
  return {
    name: 'jobs',
    jobs: () => running?.jobs,
    health: () => running?.health,
    wake: () => running?.wake(),
    dueWithin: (ms) => running?.dueWithin(ms) ?? false,
    async start(context, configuration) {
      const begin = async (configuration: Configuration): Promise<void> => {
        // A daemon that has no jobs and never had any does without history, schedule and all that belongs to runs.
        if (!needsEngine(configuration) && !existsSync(join(context.home, 'history'))) return;
        const { startJobs } = await import('./daemon/jobs/engine.ts');
        const { home, owner, logger } = context;
        running = await startJobs({
          home,
          owner,
          logger,
          configuration,
          launchAction,
          isOwner: () => context.isOwner(),
          onWaiting: (runs, untilMs) => context.waiting(runs, untilMs),
        });
        context.changed();
      };
      await begin(configuration);
      let turn = Promise.resolve();
      return {
        update(next) {
          const apply = async (): Promise<void> =>
            running === undefined ? begin(next) : running.update(next);
          turn = turn
            .then(apply)
            .catch((error) => context.logger.error({ err: error }, 'the jobs could not be put in force'));
        },
        hurry: () => running?.hurry(),
        async stop(reason) {
          await turn;
          try {
            await running?.stop(reason);
          } finally {
            running = undefined;
          }
        },
      };
    },
  };
}
