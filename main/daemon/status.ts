import type { LogSettings, OutputPolicy } from './config/configuration.ts';
import type { ErrorDetails } from './errors.ts';
import type { HealthSummary } from './health/report.ts';
import type { Owner } from './lock/owner.ts';
import type { DaemonState } from './state.ts';

/** The configuration in force, and what is wrong with a newer one if it could not be taken. */
export interface ConfigurationStatus {
  readonly path: string;
  readonly problem: ErrorDetails | null;
  /** How much is kept where a job says nothing else; null before a configuration was in force. */
  readonly kept: {
    readonly output: OutputPolicy;
    readonly log: Pick<LogSettings, 'keep' | 'maxSize'>;
  } | null;
}

export interface DaemonStatus {
  readonly daemon: DaemonState;
  readonly home: string;
  readonly version: string;
  /** The contract that it speaks: `contractVersion` of the program. */
  readonly contract: number;
  /** Null unless this process owns the home. */
  readonly owner: Owner | null;
  readonly configuration: ConfigurationStatus;
  /** As it was looked at last; null before that. */
  readonly health: HealthSummary | null;
}
