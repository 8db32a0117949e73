/** What the daemon tells of jobs and runs, for those who only show it. */
export type { Outcome, OutcomeKind } from '../daemon/history/run.ts';
export type { JobView, RunView } from '../daemon/jobs/views.ts';
