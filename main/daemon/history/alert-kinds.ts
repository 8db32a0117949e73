/** What an alert tells. Kept in the history, so that no word here may change its meaning. */
export const alertKinds = [
  'failing',
  'given-up',
  'quiet',
  'watch',
  'overdue',
  'slow',
  'flapping',
  'guard',
  'strays',
  'check',
] as const;
export type AlertKind = (typeof alertKinds)[number];
