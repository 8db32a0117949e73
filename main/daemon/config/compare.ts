import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration.ts';

/** What became of each job between two configurations, by name in the order of the files. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Compares two configurations job by job. A job has changed if anything that applies to it has, a default or the time zone
 * among it; how it is written makes no difference.
 */
export function compareConfigurations(before: Configuration, after: Configuration): Changes {
  const changes = { added: [], changed: [], removed: [], unchanged: [] } as Record<keyof Changes, string[]>;
  for (const [name, job] of after.jobs) {
    const earlier = before.jobs.get(name);
    if (earlier === undefined) changes.added.push(name);
    else if (isDeepStrictEqual(earlier, job)) changes.unchanged.push(name);
    else changes.changed.push(name);
  }
  for (const name of before.jobs.keys()) if (!after.jobs.has(name)) changes.removed.push(name);
  return changes;
}
