import type { ErrorDetails } from './errors.ts';
import type { LostLock } from './lock/instance-lock.ts';

/** Why a daemon stops. */
export type StopReason =
  | { readonly kind: 'asked' }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'restart' }
  | { readonly kind: 'lock-lost'; readonly lost: LostLock }
  | { readonly kind: 'fault'; readonly error: ErrorDetails };

/** Where a daemon is in its life, and what it has there. `since` is ISO 8601 in UTC. */
export type DaemonState =
  | { readonly state: 'stopped'; readonly since: string; readonly reason: StopReason | null }
  | { readonly state: 'starting'; readonly since: string }
  | { readonly state: 'running'; readonly since: string; readonly pid: number }
  | {
      readonly state: 'stopping';
      readonly since: string;
      readonly reason: StopReason;
      /** The runs that it still waits for, and when the last of them will be ended by force. */
      readonly waiting: { readonly runs: number; readonly until: string } | null;
    }
  | { readonly state: 'failed'; readonly since: string; readonly error: ErrorDetails };

/** A stop's reason as a phrase that follows `stopping` or `stopped`. */
export function stopReasonInWords(reason: StopReason): string {
  switch (reason.kind) {
    case 'asked':
      return 'as asked';
    case 'signal':
      return `on ${reason.signal}`;
    case 'restart':
      return 'to start again';
    case 'lock-lost':
      return `because it owns its home no more: ${reason.lost.reason}`;
    case 'fault':
      return `because of a fault: ${reason.error.message}`;
  }
}
