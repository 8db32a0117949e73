import type { OutcomeKind } from '../../main/control/views.ts';

/** All ways in which a run can end, in the order in which they are offered. */
export const outcomeKinds: readonly OutcomeKind[] = [
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'skipped',
  'lost',
];
