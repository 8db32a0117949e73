import { userInfo } from 'node:os';
import type { Logger } from 'pino';
import type { Job, Variables } from '../config/configuration.ts';
import { readEnvFile } from '../config/env-file.ts';
import { composeEnvironment } from '../config/environment.ts';
import { type LoginEnvironment, readLoginEnvironment } from '../config/login-environment.ts';
import type { QueuedRun } from '../history/run.ts';

/** The environment of a run of a job. Rejects with a `SoloistError` if a file of variables cannot be used. */
export type RunEnvironment = (job: Job, run: QueuedRun) => Promise<Variables>;

/** Reads the person's environment, when the first run starts and once, and composes that of each run from it. */
export function runEnvironment(logger: Logger, read: () => Promise<LoginEnvironment>): RunEnvironment {
  let reading: Promise<Variables> | undefined;
  return async (job, run) => {
    reading ??= read().then((environment) => {
      if (environment.kind === 'own') {
        logger.warn(
          { reason: environment.reason },
          'jobs get the environment of the daemon: that of the login shell could not be read',
        );
      }
      return environment.variables;
    });
    const login = await reading;
    const { trigger } = run;
    return composeEnvironment({
      login,
      job: job.environment,
      files: job.environment.files.map(readEnvFile),
      run: {
        job: job.name,
        runId: run.id,
        trigger: trigger.kind,
        files: trigger.kind === 'watch' ? trigger.files : [],
        scheduledAt: 'due' in trigger ? trigger.due : run.queuedAt,
        attempt: run.attempt,
      },
      platform: process.platform,
    });
  };
}

/** Asks the login shell of the person that this process belongs to. */
export function askLoginShell(): Promise<LoginEnvironment> {
  let shell: string | undefined;
  try {
    shell = userInfo().shell ?? undefined;
  } catch {
    // A user without an entry in the system's list, as in some containers, has no shell there either.
  }
  return readLoginEnvironment({ environment: process.env, platform: process.platform, shell });
}
