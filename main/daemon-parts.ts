import type { ControlActions } from './control/control-part.ts';
import type { Configuration } from './daemon/config/configuration.ts';
import type { DaemonPart } from './daemon/daemon.ts';
import { healthPart } from './health-part.ts';
import { type JobsPart, jobsPart } from './jobs-part.ts';

/** What every daemon works with, headless or in the app. */
export interface DaemonParts {
  readonly jobs: JobsPart;
  /** In the order in which they start. */
  readonly configured: readonly DaemonPart<Configuration>[];
  /** What of them answers calls. */
  readonly answers: Pick<ControlActions, 'jobs' | 'health'>;
}

/** The parts of a daemon that work from its configuration. */
export function daemonParts(): DaemonParts {
  const jobs = jobsPart();
  const health = healthPart(jobs.health);
  return { jobs, configured: [jobs, health], answers: { jobs: jobs.jobs, health: health.health } };
}
