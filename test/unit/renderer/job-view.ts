import type { JobView } from '../../../main/daemon/jobs/views.ts';

/** A job that has not run yet, but for what is said otherwise. */
export const jobView = (name: string, more: Partial<JobView> = {}): JobView => ({
  name,
  description: null,
  tags: [],
  kind: 'triggered',
  enabled: true,
  notify: 'on-failure',
  paused: null,
  schedule: 'every 5 minutes',
  nextDue: null,
  running: [],
  queued: [],
  last: null,
  ...more,
});
