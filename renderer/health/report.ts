import type { WindowOutput } from '../../main/control/window-calls.ts';

/** What the daemon tells of its health. */
export type HealthReport = WindowOutput<'health'>;
export type Check = HealthReport['checks'][number];
export type Verdict = HealthReport['verdict'];
export type Remedy = NonNullable<Check['remedy']>;
