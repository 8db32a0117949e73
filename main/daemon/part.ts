import type { Logger } from 'pino';
import type { Vitals } from './health/facts.ts';
import type { HealthSummary } from './health/report.ts';
import type { Owner } from './lock/owner.ts';
import type { StopReason } from './state.ts';

/** What a part of the daemon may use while it runs. */
export interface PartContext {
  /** The home's real path. */
  readonly home: string;
  readonly owner: Owner;
  readonly logger: Logger;
  /** To be asked before each thing that is started; false means that the daemon is already ending itself. */
  isOwner(): boolean;
  /** What the daemon itself tells of how it is. */
  vitals(): Vitals;
  /** To be told what a look at the health has found, and whether that is something else than before. */
  judged(summary: HealthSummary, isOther: boolean): void;
  /** To be told when what others get from a part is another one than before. */
  changed(): void;
  /** To be told while a part stops: the runs that it waits for, and when (epoch milliseconds) the last is ended by force. */
  waiting(runs: number, untilMs: number): void;
}

/** A part that was started. */
export interface RunningPart<Input> {
  stop(reason: StopReason): void | Promise<void>;
  /** While it stops: waits no more for what would end by itself. */
  hurry?(): void;
  /** Takes a new input without stopping; a part without this has no use for one. */
  update?(input: Input): void;
}

/** Something that the daemon starts and stops. */
export interface DaemonPart<Input> {
  readonly name: string;
  start(context: PartContext, input: Input): Promise<RunningPart<Input>>;
}
