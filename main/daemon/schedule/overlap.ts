/** What happens when a job is due while its last run is still going. */
export type OverlapPolicy =
  | { readonly kind: 'skip' }
  /** It waits for the runs before it; with this many waiting, further ones are skipped. */
  | { readonly kind: 'queue'; readonly limit: number }
  /** The run that is going is ended and the new one takes its place. */
  | { readonly kind: 'replace' }
  /** Up to this many runs of the job at once; further ones are skipped. */
  | { readonly kind: 'parallel'; readonly limit: number };

/** Why a run is skipped for overlapping, in the words that are shown. */
export const OVERLAP_REASONS = {
  'still-running': 'the last run is still going',
  'still-waiting': 'the last run is still waiting for its turn',
  'queue-full': 'as many runs as allowed are waiting already',
  'parallel-limit': 'as many runs as allowed are going at once already',
} as const;

export type OverlapReason = keyof typeof OVERLAP_REASONS;

export type OverlapDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'skip'; readonly reason: OverlapReason }
  | { readonly kind: 'queue' }
  /** End these running runs and drop these queued ones (outcome cancelled); then start. */
  | { readonly kind: 'replace'; readonly end: readonly string[]; readonly drop: readonly string[] };

/**
 * Decides about a job that is due, given the ids of its runs that are going (its orphans among them) and of
 * those that wait for their turn. `start` and `replace` say that the job itself allows it; whether there is
 * room for one more run at all is for `pickToStart`.
 */
export function decideOverlap(
  policy: OverlapPolicy,
  running: readonly string[],
  queued: readonly string[],
): OverlapDecision {
  if (running.length === 0 && queued.length === 0) return { kind: 'start' };
  switch (policy.kind) {
    case 'skip':
      return { kind: 'skip', reason: running.length > 0 ? 'still-running' : 'still-waiting' };
    case 'queue':
      return queued.length < policy.limit ? { kind: 'queue' } : { kind: 'skip', reason: 'queue-full' };
    case 'replace':
      return { kind: 'replace', end: running, drop: queued };
    case 'parallel':
      return running.length + queued.length < policy.limit
        ? { kind: 'start' }
        : { kind: 'skip', reason: 'parallel-limit' };
  }
}

/** How many runs of one job may go at once under its policy. */
export function mostAtOnce(policy: OverlapPolicy): number {
  return policy.kind === 'parallel' ? policy.limit : 1;
}
