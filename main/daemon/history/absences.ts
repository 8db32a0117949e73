import { type Database, integer, text } from '../sqlite/database.ts';
import type { Time } from './run.ts';

/** Why nothing could run: the computer slept, or the daemon did not run. */
export type AbsenceKind = 'asleep' | 'down';

export interface Absence {
  readonly kind: AbsenceKind;
  readonly from: Time;
  readonly until: Time;
}

/** Records a time through which nothing could run; one without length is none. */
export function addAbsence(database: Database, { kind, from, until }: Absence): void {
  if (from >= until) return;
  database.run('INSERT INTO absences (kind, from_at, until_at) VALUES (?, ?, ?)', [kind, from, until]);
}

/** Those that touch the time from `from` to before `until`, oldest first. */
export function readAbsences(database: Database, from: Time, until: Time): Absence[] {
  const sql =
    'SELECT kind, from_at, until_at FROM absences WHERE until_at > ? AND from_at < ? ORDER BY from_at';
  return database.all(sql, [from, until]).map((row) => ({
    kind: text(row, 'kind') === 'asleep' ? 'asleep' : 'down',
    from: integer(row, 'from_at'),
    until: integer(row, 'until_at'),
  }));
}

/** Removes those that were over before this time. */
export function pruneAbsences(database: Database, before: Time): void {
  database.run('DELETE FROM absences WHERE until_at < ?', [before]);
}
