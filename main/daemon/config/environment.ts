import type { JobEnvironment, Variables } from './configuration.ts';

/** What a run is told about itself. */
export interface RunFacts {
  readonly job: string;
  readonly runId: string;
  /** The kind of trigger that made it due. */
  readonly trigger: string;
  /** The files that made it due, absolute paths; empty for other triggers. */
  readonly files: readonly string[];
  /** When it was due, in milliseconds since 1970, UTC. */
  readonly scheduledAt: number;
  /** From 1. */
  readonly attempt: number;
}

/** The variables that every run gets. `SOLOIST_FILES` has one path per line, `SOLOIST_SCHEDULED_AT` is ISO 8601 in UTC. */
export function runVariables(facts: RunFacts): Variables {
  return {
    SOLOIST_JOB: facts.job,
    SOLOIST_RUN_ID: facts.runId,
    SOLOIST_TRIGGER: facts.trigger,
    SOLOIST_FILES: facts.files.join('\n'),
    SOLOIST_SCHEDULED_AT: new Date(facts.scheduledAt).toISOString(),
    SOLOIST_ATTEMPT: String(facts.attempt),
  };
}

export interface EnvironmentLayers {
  /** The person's login environment, or what stands in for it. */
  readonly login: Variables;
  readonly job: JobEnvironment;
  /** The content of the job's files, in their order. */
  readonly files: readonly Variables[];
  readonly run: RunFacts;
  readonly platform: NodeJS.Platform;
}

/**
 * The environment of a run. The later wins: login environment, `defaults.env`, the files of `env_file`, `env`, and what
 * Soloist says about the run. On Windows `Path` and `PATH` are the same variable.
 */
export function composeEnvironment({ login, job, files, run, platform }: EnvironmentLayers): Variables {
  const composed = new Map<string, [name: string, value: string]>();
  for (const layer of [login, job.defaults, ...files, job.own, runVariables(run)]) {
    for (const [name, value] of Object.entries(layer)) {
      composed.set(platform === 'win32' ? name.toUpperCase() : name, [name, value]);
    }
  }
  return Object.fromEntries(composed.values());
}
