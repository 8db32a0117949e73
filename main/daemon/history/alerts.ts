import { type AlertKind, alertKinds } from './alert-kinds.ts';
import { type Database, integer, optionalInteger, optionalText, type Row, text } from './database.ts';
import type { RunId, Time } from './run.ts';
import { formatRunId, parseRunId } from './run-id.ts';

/** What an alert is about. The same cause is the same alert. */
export interface Cause {
  readonly kind: AlertKind;
  /** The job or the guard; undefined if it is about neither. */
  readonly job: string | undefined;
  /** What of it, where there may be several: a watched folder, or the name of a check. */
  readonly detail?: string | undefined;
}

/** A cause that was met. */
export interface Raised extends Cause {
  readonly run: RunId | undefined;
  /** A sentence. */
  readonly message: string;
  /** The way out, as a sentence. */
  readonly hint: string | undefined;
}

export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly job: string | undefined;
  readonly detail: string | undefined;
  readonly run: RunId | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  /** How often its cause was met. */
  readonly count: number;
  readonly first: Time;
  readonly last: Time;
  readonly acknowledged: Time | undefined;
  readonly resolved: Time | undefined;
}

/** The most alerts that are listed. */
const MOST_LISTED = 1_000;

const causeText = ({ kind, job, detail }: Cause): string =>
  JSON.stringify([kind, job ?? null, detail ?? null]);

/** Raises an alert, or counts the one that stands; returns whether it is a new one. */
export function raiseAlert(database: Database, raised: Raised, at: Time): boolean {
  const { kind, job, run, message, hint } = raised;
  const columns = {
    cause: causeText(raised),
    run: run === undefined ? null : (parseRunId(run) ?? null),
    message,
    hint: hint ?? null,
    at,
  };
  const sql = `UPDATE alerts SET count = count + 1, last_at = :at, run = :run, message = :message, hint = :hint
    WHERE cause = :cause AND resolved_at IS NULL`;
  if (database.run(sql, columns) > 0) return false;
  database.run(
    `INSERT INTO alerts (cause, kind, job, run, message, hint, count, first_at, last_at)
     VALUES (:cause, :kind, :job, :run, :message, :hint, 1, :at, :at)`,
    { ...columns, kind, job: job ?? null },
  );
  return true;
}

/** Raises an alert that lasts, or gives the one that stands its words now; returns whether anything changed. */
export function standAlert(database: Database, raised: Raised, at: Time): boolean {
  const { message, hint } = raised;
  const cause = causeText(raised);
  const sql = 'SELECT message, hint FROM alerts WHERE cause = ? AND resolved_at IS NULL';
  const row = database.get(sql, [cause]);
  if (row === undefined) return raiseAlert(database, raised, at);
  if (text(row, 'message') === message && optionalText(row, 'hint') === hint) return false;
  const update = 'UPDATE alerts SET message = ?, hint = ? WHERE cause = ? AND resolved_at IS NULL';
  return database.run(update, [message, hint ?? null, cause]) > 0;
}

/** Resolves the alert of a cause that is gone; returns whether there was one. */
export function resolveAlert(database: Database, cause: Cause, at: Time): boolean {
  const sql = 'UPDATE alerts SET resolved_at = ? WHERE cause = ? AND resolved_at IS NULL';
  return database.run(sql, [at, causeText(cause)]) > 0;
}

/** Resolves an alert by its id; returns whether it stood. */
export function resolveAlertById(database: Database, id: string, at: Time): boolean {
  return (
    database.run('UPDATE alerts SET resolved_at = ? WHERE id = ? AND resolved_at IS NULL', [at, Number(id)]) >
    0
  );
}

/** Acknowledges one alert, or all that are open; returns how many. An id that is none acknowledges nothing. */
export function acknowledgeAlerts(database: Database, id: string | undefined, at: Time): number {
  const sql = 'UPDATE alerts SET acknowledged_at = :at WHERE acknowledged_at IS NULL AND resolved_at IS NULL';
  if (id === undefined) return database.run(sql, { at });
  return /^\d{1,15}$/.test(id) ? database.run(`${sql} AND id = :id`, { at, id: Number(id) }) : 0;
}

/** The alert with this id, or undefined. */
export function findAlert(database: Database, id: string): Alert | undefined {
  if (!/^\d{1,15}$/.test(id)) return undefined;
  const row = database.get('SELECT * FROM alerts WHERE id = ?', [Number(id)]);
  return row === undefined ? undefined : alertFromRow(row);
}

/** The alerts that stand, or all that are kept; the newest first. */
export function readAlerts(database: Database, which: 'standing' | 'all'): Alert[] {
  const where = which === 'standing' ? 'WHERE resolved_at IS NULL' : '';
  const sql = `SELECT * FROM alerts ${where} ORDER BY last_at DESC, id DESC LIMIT ${MOST_LISTED}`;
  return database.all(sql).map(alertFromRow);
}

/** Removes those that were resolved before this time. */
export function pruneAlerts(database: Database, before: Time): void {
  database.run('DELETE FROM alerts WHERE resolved_at < ?', [before]);
}

function alertFromRow(row: Row): Alert {
  const kind = text(row, 'kind');
  const run = optionalInteger(row, 'run');
  return {
    id: String(integer(row, 'id')),
    kind: alertKinds.find((one) => one === kind) ?? 'failing',
    job: optionalText(row, 'job'),
    detail: detailOf(text(row, 'cause')),
    run: run === undefined ? undefined : formatRunId(run),
    message: text(row, 'message'),
    hint: optionalText(row, 'hint'),
    count: integer(row, 'count'),
    first: integer(row, 'first_at'),
    last: integer(row, 'last_at'),
    acknowledged: optionalInteger(row, 'acknowledged_at'),
    resolved: optionalInteger(row, 'resolved_at'),
  };
}

function detailOf(cause: string): string | undefined {
  const [, , detail] = JSON.parse(cause) as (string | null)[];
  return detail ?? undefined;
}
