import type { ControlActions } from './control/control-part.ts';
import type { Configuration } from './daemon/config/configuration.ts';
import type { DaemonPart } from './daemon/part.ts';
import { healthPart } from './health-part.ts';
import { type JobsPart, type JobsPartOptions, jobsPart } from './jobs-part.ts';
import { linksPart } from './links-part.ts';

/** What every daemon works with, headless or in the app. */
export interface DaemonParts {
  readonly jobs: JobsPart;
  /** In the order in which they start. */
  readonly configured: readonly DaemonPart<Configuration>[];
  /** What of them answers calls. */
  readonly answers: Pick<ControlActions, 'jobs' | 'health' | 'links' | 'onLinks'>;
}

/** The parts of a daemon that work from its configuration. */
export function daemonParts(options: JobsPartOptions = {}): DaemonParts {
  const jobs = jobsPart(options);
  const health = healthPart(jobs.health);
  const { links, suggests, onDecided, ...linksAsPart } = linksPart();
  return {
    jobs,
    configured: [jobs, health, linksAsPart],
    answers: { jobs: jobs.jobs, health: health.health, links, onLinks: { suggests, onDecided } },
  };
}
