import type { WindowOutput } from '../../main/control/window-calls.ts';

/** A run as the contract tells it. */
export type RunView = WindowOutput<'show'>['run'];
/** A job as the contract tells it. */
export type JobView = WindowOutput<'jobs'>['jobs'][number];
export type Outcome = NonNullable<RunView['outcome']>;
export type OutcomeKind = Outcome['kind'];
