import type { Outcome } from '../history/run.ts';
import type { Exit } from './launcher.ts';

/** The outcomes of a run that was started, or could not be. */
export type RunOutcome = Extract<Outcome, { kind: 'succeeded' | 'failed' | 'timed-out' | 'cancelled' }>;

/** Why the daemon ended a run. */
export type StopCause =
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled'; readonly reason: string };

/**
 * The outcome of a run: what the daemon ended it for, if it did so before the job had ended by itself; else
 * what its exit says.
 *
 * @param exit undefined if the job's own process would not end even after SIGKILL
 * @param successCodes exit codes that count as success; 0 does only if it is among them
 */
export function judge(
  stopped: StopCause | undefined,
  exit: Exit | undefined,
  successCodes: readonly number[],
): RunOutcome {
  if (stopped !== undefined) return stopped;
  if (exit === undefined) throw new Error('a run that was not stopped ends only with its process');
  switch (exit.kind) {
    case 'signal':
      return { kind: 'failed', cause: { kind: 'signal', signal: exit.signal } };
    case 'exit':
      return successCodes.includes(exit.code)
        ? { kind: 'succeeded', exitCode: exit.code }
        : { kind: 'failed', cause: { kind: 'exit', code: exit.code } };
  }
}
