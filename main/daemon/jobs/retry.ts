import type { Job } from '../config/configuration.ts';
import type { Outcome, Trigger } from '../history/run.ts';
import { backoffMs, type Random } from '../schedule/backoff.ts';

/** A run that has ended, as far as it matters for what follows. */
export interface EndedAttempt {
  readonly trigger: Trigger;
  /** From 1. */
  readonly attempt: number;
  readonly outcome: Outcome;
}

/**
 * How long to wait, in milliseconds, before the next attempt of a run that has ended, or undefined if there is none:
 * it did not fail, all attempts are used up, or a person started it, who sees that it failed and decides.
 */
export function retryAfterMs(job: Job, ended: EndedAttempt, random: Random): number | undefined {
  if (job.kind === 'service' || ended.trigger.kind === 'person') return undefined;
  if (ended.outcome.kind !== 'failed' && ended.outcome.kind !== 'timed-out') return undefined;
  const { attempts, backoff } = job.retry;
  if (ended.attempt >= attempts) return undefined;
  // A configured pause of nothing is one of a millisecond.
  const firstMs = Math.max(1, backoff.from);
  return backoffMs({ firstMs, mostMs: Math.max(firstMs, backoff.to) }, ended.attempt, random);
}
