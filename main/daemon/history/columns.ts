import { integer, optionalInteger, optionalText, type Row, text } from '../sqlite/database.ts';
import type {
  EndedExecution,
  Execution,
  FailureCause,
  Outcome,
  Run,
  RunOutput,
  RunProcess,
  Trigger,
} from './run.ts';
import { formatRunId, parseRunId } from './run-id.ts';

/** The columns that `runFromRow` needs, and the tables that they come from. */
export const RUN_COLUMNS = 'runs.*, jobs.name AS job_name, boots.boot AS boot_id';
export const RUN_TABLES = 'runs JOIN jobs ON jobs.id = runs.job LEFT JOIN boots ON boots.id = runs.boot';

export interface TriggerColumns {
  readonly trigger_kind: string;
  readonly due: number | null;
  readonly files: string | null;
  readonly after_run: number | null;
}

/** How a trigger is stored. Throws if it names a run by a text that is no run's id. */
export function triggerColumns(trigger: Trigger): TriggerColumns {
  const none = { trigger_kind: trigger.kind, due: null, files: null, after_run: null };
  switch (trigger.kind) {
    case 'cron':
    case 'every':
    case 'at':
      return { ...none, due: trigger.due };
    case 'watch':
      return { ...none, files: JSON.stringify(trigger.files) };
    case 'after':
      return { ...none, after_run: runNumber(trigger.run) };
    case 'start':
    case 'person':
    case 'service':
      return none;
  }
}

function triggerFromRow(row: Row): Trigger {
  const kind = text(row, 'trigger_kind') as Trigger['kind'];
  switch (kind) {
    case 'cron':
    case 'every':
    case 'at':
      return { kind, due: integer(row, 'due') };
    case 'watch':
      return { kind, files: JSON.parse(text(row, 'files')) as string[] };
    case 'after':
      return { kind, run: formatRunId(integer(row, 'after_run')) };
    case 'start':
    case 'person':
    case 'service':
      return { kind };
    default:
      return unknownKind('trigger', kind);
  }
}

export interface OutcomeColumns {
  readonly outcome: string;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
}

/** How an outcome is stored. */
export function outcomeColumns(outcome: Outcome): OutcomeColumns {
  const none = { outcome: outcome.kind, exit_code: null, signal: null, reason: null };
  switch (outcome.kind) {
    case 'succeeded':
      return { ...none, exit_code: outcome.exitCode };
    case 'failed':
      return { ...none, ...causeColumns(outcome.cause) };
    case 'cancelled':
    case 'skipped':
      return { ...none, reason: outcome.reason };
    case 'timed-out':
    case 'lost':
      return none;
  }
}

function causeColumns(cause: FailureCause): Partial<OutcomeColumns> {
  switch (cause.kind) {
    case 'exit':
      return { exit_code: cause.code };
    case 'signal':
      return { signal: cause.signal };
    case 'not-started':
      return { reason: cause.reason };
  }
}

/** The outcome in a row of an ended run. */
export function outcomeFromRow(row: Row): Outcome {
  const kind = text(row, 'outcome') as Outcome['kind'];
  switch (kind) {
    case 'succeeded':
      return { kind, exitCode: integer(row, 'exit_code') };
    case 'failed':
      return { kind, cause: causeFromRow(row) };
    case 'cancelled':
    case 'skipped':
      return { kind, reason: text(row, 'reason') };
    case 'timed-out':
    case 'lost':
      return { kind };
    default:
      return unknownKind('outcome', kind);
  }
}

function causeFromRow(row: Row): FailureCause {
  if (row.exit_code !== null) return { kind: 'exit', code: integer(row, 'exit_code') };
  if (row.signal !== null) return { kind: 'signal', signal: text(row, 'signal') };
  return { kind: 'not-started', reason: text(row, 'reason') };
}

/** The run in a row that was selected with `RUN_COLUMNS` from `RUN_TABLES`. */
export function runFromRow(row: Row): Run {
  const facts = {
    id: formatRunId(integer(row, 'id')),
    job: text(row, 'job_name'),
    trigger: triggerFromRow(row),
    attempt: integer(row, 'attempt'),
    queuedAt: integer(row, 'queued_at'),
  };
  const endedAt = optionalInteger(row, 'ended_at');
  const execution = executionFromRow(row);
  if (endedAt !== undefined) {
    return { ...facts, state: 'ended', endedAt, outcome: outcomeFromRow(row), execution };
  }
  if (execution === undefined) return { ...facts, state: 'queued' };
  const { usage: _, ...running } = execution;
  return { ...facts, state: 'running', execution: running satisfies Execution };
}

function executionFromRow(row: Row): EndedExecution | undefined {
  const startedAt = optionalInteger(row, 'started_at');
  if (startedAt === undefined) return undefined;
  return {
    startedAt,
    processes: { shell: processFromRow(row, 'shell'), child: processFromRow(row, 'child') },
    output: outputFromRow(row),
    usage: {
      cpuMs: optionalInteger(row, 'cpu_ms'),
      peakMemoryBytes: optionalInteger(row, 'peak_memory_bytes'),
    },
  };
}

function processFromRow(row: Row, role: 'shell' | 'child'): RunProcess | undefined {
  const pid = optionalInteger(row, `${role}_pid`);
  if (pid === undefined) return undefined;
  return {
    pid,
    processStarted: text(row, `${role}_started`),
    bootId: text(row, 'boot_id'),
    group: integer(row, `${role}_group`),
  };
}

function outputFromRow(row: Row): RunOutput | undefined {
  const file = optionalText(row, 'output_file');
  if (file !== undefined) return { kind: 'kept', file, bytes: integer(row, 'output_bytes') };
  const bytes = optionalInteger(row, 'output_bytes');
  return bytes === undefined ? undefined : { kind: 'deleted', bytes };
}

/** The number behind a run's id. Throws if the text is no run's id: ids come from the history. */
export function runNumber(id: string): number {
  const number = parseRunId(id);
  if (number === undefined) throw new Error(`${JSON.stringify(id)} is not the id of a run`);
  return number;
}

function unknownKind(what: string, kind: never): never {
  throw new Error(`the history holds an unknown ${what}: ${kind}`);
}
