import { type Database, integer, optionalInteger, optionalText, type Row, text } from '../sqlite/database.ts';
import { type AlertKind, alertKinds } from './alert-kinds.ts';
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
  readonly archived: Time | undefined;
}

/** What became of the alert of a cause that was met. */
export type Meeting =
  | { readonly kind: 'raised'; readonly alert: Alert }
  /** It stood already; `changed` if it tells anything else now. */
  | { readonly kind: 'changed' | 'same' };

/** The most alerts that are listed, unless more than these stand. */
const MOST_LISTED = 1_000;
/** The most that are kept of those that are over, looked at after so many new ones: a job that fails every other second. */
const MOST_OVER = 5_000;
const TRIMMED_AFTER = 100;

/** The same for the same cause, and for no other. */
export const causeText = ({ kind, job, detail }: Cause): string =>
  JSON.stringify([kind, job ?? null, detail ?? null]);

/** Raises an alert, or counts the one that stands. */
export function raiseAlert(database: Database, raised: Raised, at: Time): Meeting {
  const { message, hint } = raised;
  const sql = `UPDATE alerts SET count = count + 1, last_at = :at, run = :run, message = :message, hint = :hint
    WHERE cause = :cause AND resolved_at IS NULL`;
  const columns = { cause: causeText(raised), run: runNumber(raised), message, hint: hint ?? null, at };
  return database.run(sql, columns) > 0 ? { kind: 'changed' } : insertAlert(database, raised, at);
}

/** Raises an alert that lasts, or gives the one that stands its words now. */
export function standAlert(database: Database, raised: Raised, at: Time): Meeting {
  const { message, hint } = raised;
  const cause = causeText(raised);
  const sql = 'SELECT message, hint FROM alerts WHERE cause = ? AND resolved_at IS NULL';
  const row = database.get(sql, [cause]);
  if (row === undefined) return insertAlert(database, raised, at);
  if (text(row, 'message') === message && optionalText(row, 'hint') === hint) return { kind: 'same' };
  const update = 'UPDATE alerts SET message = ?, hint = ? WHERE cause = ? AND resolved_at IS NULL';
  database.run(update, [message, hint ?? null, cause]);
  return { kind: 'changed' };
}

function insertAlert(database: Database, raised: Raised, at: Time): Meeting {
  const { kind, job, message, hint } = raised;
  const cause = causeText(raised);
  database.run(
    `INSERT INTO alerts (cause, kind, job, run, message, hint, count, first_at, last_at)
     VALUES (:cause, :kind, :job, :run, :message, :hint, 1, :at, :at)`,
    { cause, kind, job: job ?? null, run: runNumber(raised), message, hint: hint ?? null, at },
  );
  const row = database.get('SELECT * FROM alerts WHERE cause = ? AND resolved_at IS NULL', [cause]);
  if (row === undefined) throw new Error('an alert vanished while it was raised');
  if (integer(row, 'id') % TRIMMED_AFTER === 0) trimAlerts(database);
  return { kind: 'raised', alert: alertFromRow(row) };
}

/** Removes the oldest of those that are over, beyond as many as are kept. */
function trimAlerts(database: Database): void {
  database.run(
    `DELETE FROM alerts WHERE id IN (
       SELECT id FROM alerts WHERE resolved_at IS NOT NULL ORDER BY resolved_at DESC, id DESC LIMIT -1 OFFSET ?)`,
    [MOST_OVER],
  );
}

const runNumber = ({ run }: Raised): number | null => (run === undefined ? null : (parseRunId(run) ?? null));

/** Resolves the alert of a cause that is gone, and returns it; undefined if there was none. */
export function resolveAlert(database: Database, cause: Cause, at: Time): Alert | undefined {
  const row = database.get('SELECT id FROM alerts WHERE cause = ? AND resolved_at IS NULL', [
    causeText(cause),
  ]);
  return row === undefined ? undefined : resolveAlertById(database, String(integer(row, 'id')), at);
}

/** Resolves an alert by its id, and returns it; undefined if it did not stand. */
export function resolveAlertById(database: Database, id: string, at: Time): Alert | undefined {
  const sql = 'UPDATE alerts SET resolved_at = ? WHERE id = ? AND resolved_at IS NULL';
  return database.run(sql, [at, Number(id)]) > 0 ? findAlert(database, id) : undefined;
}

/** Acknowledges one alert, or all that are open; returns how many. An id that is none acknowledges nothing. */
export function acknowledgeAlerts(database: Database, id: string | undefined, at: Time): number {
  const sql = 'UPDATE alerts SET acknowledged_at = :at WHERE acknowledged_at IS NULL AND resolved_at IS NULL';
  if (id === undefined) return database.run(sql, { at });
  return /^\d{1,15}$/.test(id) ? database.run(`${sql} AND id = :id`, { at, id: Number(id) }) : 0;
}

/** Archives those that were resolved at this time or before; returns how many. */
export function archiveAlerts(database: Database, resolvedUntil: Time, at: Time): number {
  const sql = 'UPDATE alerts SET archived_at = ? WHERE resolved_at <= ? AND archived_at IS NULL';
  return database.run(sql, [at, resolvedUntil]);
}

/** Removes those that were archived before this time; returns how many. */
export function pruneAlerts(database: Database, archivedBefore: Time): number {
  return database.run('DELETE FROM alerts WHERE archived_at < ?', [archivedBefore]);
}

/** The alert with this id, or undefined. */
export function findAlert(database: Database, id: string): Alert | undefined {
  if (!/^\d{1,15}$/.test(id)) return undefined;
  const row = database.get('SELECT * FROM alerts WHERE id = ?', [Number(id)]);
  return row === undefined ? undefined : alertFromRow(row);
}

/** All that stand, or also those that are over while there are less than a thousand; the newest first. */
export function readAlerts(database: Database, which: 'standing' | 'all'): Alert[] {
  const order = 'ORDER BY last_at DESC, id DESC';
  const standing = database.all(`SELECT * FROM alerts WHERE resolved_at IS NULL ${order}`).map(alertFromRow);
  const room = MOST_LISTED - standing.length;
  if (which === 'standing' || room <= 0) return standing;
  const over = database.all(`SELECT * FROM alerts WHERE resolved_at IS NOT NULL ${order} LIMIT ?`, [room]);
  return [...standing, ...over.map(alertFromRow)].sort(
    (one, other) => other.last - one.last || Number(other.id) - Number(one.id),
  );
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
    archived: optionalInteger(row, 'archived_at'),
  };
}

function detailOf(cause: string): string | undefined {
  const [, , detail] = JSON.parse(cause) as (string | null)[];
  return detail ?? undefined;
}
