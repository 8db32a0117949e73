import { constants } from 'node:os';
import type { Outcome } from '../daemon/history/run.ts';
import type { RunView } from '../daemon/jobs/views.ts';
import type { Cell, Format } from './table.ts';
import { lengthInWords } from './times.ts';

/** How each outcome is shown, and what is said of the run in a sentence. */
const outcomes = {
  succeeded: { words: 'succeeded', verb: 'succeeded', format: 'green' },
  failed: { words: 'failed', verb: 'failed', format: 'red' },
  'timed-out': { words: 'timed out', verb: 'timed out', format: 'red' },
  cancelled: { words: 'cancelled', verb: 'was cancelled', format: 'yellow' },
  skipped: { words: 'skipped', verb: 'was skipped', format: 'yellow' },
  lost: { words: 'lost', verb: 'was lost', format: 'red' },
} as const satisfies Record<Outcome['kind'], { words: string; verb: string; format: Format }>;

/** An outcome with its reason: `failed (exit code 1)`. */
export function outcomeInWords(outcome: Outcome): string {
  return outcomes[outcome.kind].words + inBrackets(reasonOf(outcome));
}

/** What goes behind a run in a sentence: `was skipped (its last run is still going)`. */
export function endInWords(outcome: Outcome): string {
  return outcomes[outcome.kind].verb + inBrackets(reasonOf(outcome));
}

const inBrackets = (reason: string | undefined): string => (reason === undefined ? '' : ` (${reason})`);

function reasonOf(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.exitCode === 0 ? undefined : `exit code ${outcome.exitCode}`;
    case 'failed':
      switch (outcome.cause.kind) {
        case 'exit':
          return `exit code ${outcome.cause.code}`;
        case 'signal':
          return outcome.cause.signal;
        case 'not-started':
          return `not started: ${outcome.cause.reason}`;
      }
      break;
    case 'cancelled':
    case 'skipped':
      return outcome.reason;
    case 'timed-out':
      return undefined;
    case 'lost':
      return 'the daemon died under it';
  }
}

/** How a run stands, for a table. */
export function stateCell({ state, outcome }: RunView): Cell {
  if (outcome !== null) return { text: outcomeInWords(outcome), format: outcomes[outcome.kind].format };
  return { text: state, format: 'cyan' };
}

/** How long a run took, or has taken by now (epoch milliseconds); empty if it never started. */
export function durationOfRun({ startedAt, endedAt }: RunView, now: number): string {
  if (startedAt === null) return '';
  const end = endedAt === null ? now : Date.parse(endedAt);
  return lengthInWords(Math.max(0, end - Date.parse(startedAt)));
}

/** The exit code that a shell would tell of a run: that of the job if it had one. */
export function exitCodeOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.exitCode;
    case 'failed':
      return failureExitCode(outcome.cause);
    // As timeout(1) has it.
    case 'timed-out':
      return 124;
    case 'cancelled':
    case 'skipped':
    case 'lost':
      return 125;
  }
}

function failureExitCode(cause: Extract<Outcome, { kind: 'failed' }>['cause']): number {
  switch (cause.kind) {
    case 'exit':
      return cause.code;
    case 'signal':
      return 128 + (signalNumbers[cause.signal] ?? 0);
    case 'not-started':
      return 126;
  }
}

const signalNumbers: Readonly<Record<string, number>> = constants.signals;
