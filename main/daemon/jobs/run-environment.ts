import { userInfo } from 'node:os';
import type { Logger } from 'pino';
import type { Job, Variables } from '../config/configuration.ts';
import { readEnvFile } from '../config/env-file.ts';
import { composeEnvironment } from '../config/environment.ts';
import { type LoginEnvironment, readLoginEnvironment } from '../config/login-environment.ts';
import type { QueuedRun } from '../history/run.ts';

/** The environment of a run of a job. Rejects with a `SoloistError` if a file of variables cannot be used. */
export type RunEnvironment = (job: Job, run: QueuedRun) => Promise<Variables>;

/** Reads the person's environment, when it is first asked for and once. */
export function loginVariables(
  logger: Logger,
  read: () => Promise<LoginEnvironment>,
): () => Promise<Variables> {
  let reading: Promise<Variables> | undefined;
  return () => {
    reading ??= read().then((environment) => {
      if (environment.kind === 'own') {
        logger.warn(
          { reason: environment.reason },
          'jobs get the environment of the daemon: that of the login shell could not be read',
        );
      }
      return environment.variables;
    });
    return reading;
  };
}

/** Composes the environment of each run from the person's, which `readLogin` gives. */
export function runEnvironment(readLogin: () => Promise<Variables>): RunEnvironment {
  return async (job, run) => {
    const login = await readLogin();
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
