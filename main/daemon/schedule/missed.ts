import { countDue, latestDue, nextDue, stands, type TimeTrigger } from './triggers.ts';
import { MINUTE_MS } from './zone.ts';

/** What is done about due times that passed while the daemon was not running or the computer slept. */
export type MissedPolicy =
  | { readonly kind: 'skip' }
  /** The latest of them is run. */
  | { readonly kind: 'once' }
  /** The latest of them up to the limit are run, oldest first. */
  | { readonly kind: 'all'; readonly limit: number };

/** Why a missed run is not made up for, in the words that are shown. */
export const MISSED_REASONS = {
  'policy-skip': 'missed runs of this job are skipped',
  superseded: 'a later due time is run instead',
  'too-late': 'it was missed by more than the grace period of the job',
  'over-limit': 'more runs were missed than the job makes up for',
} as const;

export type MissedReason = keyof typeof MISSED_REASONS;

/** A due time that is to be run now. */
export interface DueRun {
  readonly dueMs: number;
  /** Whether this makes up for a missed run, rather than being on time. */
  readonly missed: boolean;
}

/** Neighbouring due times that are not run, for one reason; recorded as one. */
export interface SkippedDue {
  readonly reason: MissedReason;
  readonly firstMs: number;
  readonly lastMs: number;
  /** How many they are; at least that many if not `exact`. */
  readonly count: number;
  readonly exact: boolean;
}

/**
 * What becomes of all due times in a stretch of time: each is in exactly one run or one group of skipped
 * ones.
 */
export interface DueAccount {
  /** Oldest first. */
  readonly run: readonly DueRun[];
  /** Oldest first. */
  readonly skipped: readonly SkippedDue[];
  /** The latest due time in it, from which the next account goes on; undefined if none lay in it. */
  readonly lastDueMs: number | undefined;
}

export interface MissedQuestion {
  readonly trigger: TimeTrigger;
  /** When the job was first seen with this trigger: nothing before it was ever missed. */
  readonly firstSeenMs: number;
  /** The last due time that has been accounted for, from the history; undefined if there is none. */
  readonly lastDueMs: number | undefined;
  readonly nowMs: number;
  readonly policy: MissedPolicy;
  /** How late a missed run may still be made up for; undefined for however late. */
  readonly graceMs: number | undefined;
  /** The jitter of the job at a due time: only that much later is it to start and does being late begin. */
  readonly jitterAt: (dueMs: number) => number;
}

/**
 * Up to this late a due time is on time. The one timer looks at least once a minute, and may notice only then
 * that the computer has slept and come back.
 */
export const ON_TIME_MS = MINUTE_MS;

/**
 * Skipped due times are counted up to this many, so that a job of every second costs no more after a year.
 */
export const COUNTED_MOST = 1_000;

const NOTHING: DueAccount = { run: [], skipped: [], lastDueMs: undefined };

/**
 * Decides about every due time after the last accounted one (or after the job was first seen) up to now. All
 * times are epoch milliseconds. The latest due time is simply run if it is on time; what the policy says
 * applies to the others. Bounded work: at most some hundred steps for each missed run that is made up for,
 * and counting up to `COUNTED_MOST`.
 */
export function accountForDue(question: MissedQuestion): DueAccount {
  const { trigger, nowMs, policy, graceMs, jitterAt } = question;
  const reached = question.lastDueMs ?? question.firstSeenMs;
  // After a large correction of the clock, what was reached lies ahead; so nothing before now was missed.
  if (!stands(reached, nowMs) || reached >= nowMs) return NOTHING;
  const latestUntil = (untilMs: number) => latestDue(trigger, reached, untilMs, question.lastDueMs);
  let latest = latestUntil(nowMs);
  // The latest may still be waiting for its jitter, and is nobody's business before that.
  if (latest !== undefined && latest + jitterAt(latest) > nowMs) latest = latestUntil(latest - 1);
  if (latest === undefined) return NOTHING;

  const onTime = nowMs - latest - jitterAt(latest) <= ON_TIME_MS;
  const run: DueRun[] = onTime ? [{ dueMs: latest, missed: false }] : [];
  const graceStart = graceMs === undefined ? reached : Math.max(reached, nowMs - graceMs - 1);
  let undecided = onTime ? latestUntil(latest - 1) : latest;
  const wanted = policy.kind === 'skip' ? 0 : policy.kind === 'all' ? policy.limit : onTime ? 0 : 1;
  for (let made = 0; made < wanted && undecided !== undefined && undecided > graceStart; made += 1) {
    run.unshift({ dueMs: undecided, missed: true });
    undecided = latestUntil(undecided - 1);
  }

  const skipped: SkippedDue[] = [];
  const skip = (reason: MissedReason, afterMs: number, lastMs: number | undefined) => {
    const firstMs = nextDue(trigger, afterMs, question.lastDueMs);
    if (lastMs === undefined || firstMs === undefined || firstMs > lastMs) return;
    const { count, exact } = countDue(trigger, afterMs, lastMs, COUNTED_MOST, question.lastDueMs);
    skipped.push({ reason, firstMs, lastMs, count, exact });
  };
  if (policy.kind === 'skip') {
    skip('policy-skip', reached, undecided);
  } else if (undecided !== undefined) {
    skip('too-late', reached, latestUntil(Math.min(undecided, graceStart)));
    skip(policy.kind === 'all' ? 'over-limit' : 'superseded', graceStart, undecided);
  }
  return { run, skipped, lastDueMs: latest };
}

/** The same skipped due times but the last; undefined if it was the only one. */
export function withoutLast(trigger: TimeTrigger, skipped: SkippedDue): SkippedDue | undefined {
  const { firstMs, count, exact } = skipped;
  const lastMs = latestDue(trigger, firstMs - 1, skipped.lastMs - 1);
  return lastMs === undefined ? undefined : { ...skipped, lastMs, count: exact ? count - 1 : count };
}
