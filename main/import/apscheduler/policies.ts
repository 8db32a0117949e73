import { durationText, parseDuration } from '../../daemon/config/duration.ts';
import type { Say } from './due.ts';
import type { Entries, Found } from './read.ts';
import { flagOf, isNone, numberOf } from './value.ts';

/** What the job says itself, or the scheduler for all. */
function policy(key: string, job: Entries, settings: Entries): Found | undefined {
  return job.get(key) ?? settings.get(`job_defaults.${key}`);
}

const MOST_PARALLEL = 10_000;

function overlapOf(job: Entries, settings: Entries, say: Say): unknown {
  const found = policy('max_instances', job, settings);
  const count = numberOf(found?.value);
  if (found === undefined || isNone(found.value) || count === 1) return undefined;
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > MOST_PARALLEL) {
    say(found, 'left-out', 'It is no number of runs.');
    return undefined;
  }
  return { parallel: count };
}

/** What happens to runs that overlap or were missed, by the job's own words or the scheduler's `job_defaults`. */
export function policiesOf(
  job: Entries,
  settings: Entries,
  isTimed: boolean,
  say: Say,
): Readonly<Record<string, unknown>> {
  const overlap = overlapOf(job, settings, say);
  const missed = isTimed ? missedOf(job, settings, say) : {};
  if (missed.missed !== 'all' || overlap !== undefined) return { overlap, ...missed };
  say(policy('coalesce', job, settings), 'changed', QUEUE);
  return { overlap: 'queue', ...missed };
}

const QUEUE =
  'All missed runs are made up for, one after the other; for that, every run waits for the one before it, where APScheduler would skip it.';

/** Up to so late a run is on time here, whatever the policy. */
const ON_TIME_MS = parseDuration('1m') ?? 0;

function missedOf(job: Entries, settings: Entries, say: Say): { missed?: string; missed_grace?: string } {
  const found = policy('misfire_grace_time', job, settings);
  // By default a run may be a second late.
  if (found === undefined) return {};
  const missed = flagOf(policy('coalesce', job, settings)?.value) === false ? 'all' : 'once';
  const hasStore = settings.has('jobstores');
  if (isNone(found.value)) {
    if (!hasStore) say(found, 'changed', MADE_UP);
    return { missed };
  }
  const milliseconds = Math.round((numberOf(found.value) ?? 0) * 1_000);
  if (milliseconds <= 0 || milliseconds > (parseDuration('3650d') ?? 0)) {
    say(found, 'left-out', 'It is no number of seconds up to 3650 days.');
    return {};
  }
  if (milliseconds <= ON_TIME_MS) {
    if (milliseconds < ON_TIME_MS)
      say(found, 'changed', 'Up to a minute late counts as on time; what is later than that is skipped.');
    return {};
  }
  if (!hasStore) say(found, 'changed', MADE_UP);
  return { missed, missed_grace: durationText(milliseconds) };
}

const MADE_UP =
  'Runs that were missed while the daemon did not run are made up for too; APScheduler knows of those only with a job store on disk.';
