import { type Database, integer, optionalInteger, text } from '../sqlite/database.ts';
import type { Time } from './run.ts';

/** A job that a person has stopped from running for now. */
export interface Pause {
  readonly job: string;
  /** Who asked for it, in words. */
  readonly by: string;
  readonly since: Time;
}

/**
 * A due time this far ahead was reached while the clock was wrong, and says nothing about now: cron(8) takes
 * changes of three hours and more as corrections of the clock. One that is nearer stands, so that nothing is
 * due twice.
 */
export const WRONG_CLOCK_MS = 3 * 60 * 60 * 1_000;

/** What the history knows of jobs apart from their runs. A job is known from its first mention on. */
export class Jobs {
  readonly #database: Database;
  readonly #ids = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be called after a rollback, which may have taken rows that were just learned. */
  forgetLearned(): void {
    this.#ids.clear();
  }

  /** The row of a job, or undefined if it was never mentioned. */
  find(job: string): number | undefined {
    const known = this.#ids.get(job);
    if (known !== undefined) return known;
    const row = this.#database.get('SELECT id FROM jobs WHERE name = ?', [job]);
    if (row === undefined) return undefined;
    const id = integer(row, 'id');
    this.#ids.set(job, id);
    return id;
  }

  /** The row of a job, made if need be. */
  learn(job: string): number {
    const known = this.find(job);
    if (known !== undefined) return known;
    this.#database.run('INSERT INTO jobs (name) VALUES (?) ON CONFLICT (name) DO NOTHING', [job]);
    const id = this.find(job);
    if (id === undefined) throw new Error(`the job ${job} could not be recorded`);
    return id;
  }

  /** All jobs ever mentioned, also those that the configuration no longer has. */
  names(): string[] {
    return this.#database.all('SELECT name FROM jobs ORDER BY name').map((row) => text(row, 'name'));
  }

  /** The latest due time of each job that has one. */
  lastDue(): Map<string, Time> {
    const rows = this.#database.all('SELECT name, last_due FROM jobs WHERE last_due IS NOT NULL');
    return new Map(rows.map((row) => [text(row, 'name'), integer(row, 'last_due')]));
  }

  setLastDue(job: string, due: Time): void {
    this.#database.run('UPDATE jobs SET last_due = ? WHERE id = ?', [due, this.learn(job)]);
  }

  /**
   * Moves the last due time forwards, since missed runs are claimed in any order; back only from a time that
   * a wrong clock has left.
   */
  reachDue(id: number, due: Time, now: Time): void {
    const sql = `UPDATE jobs SET last_due = :due
      WHERE id = :id AND (last_due IS NULL OR last_due < :due OR last_due > :ahead)`;
    this.#database.run(sql, { id, due, ahead: now + WRONG_CLOCK_MS });
  }

  /**
   * Whether retention has removed runs of this due time or a later one. What a wrong clock has left does not
   * count: it must not keep a job from running.
   */
  hasForgotten(id: number, due: Time, now: Time): boolean {
    const row = this.#database.get('SELECT forgotten_due FROM jobs WHERE id = ?', [id]);
    const forgotten = row === undefined ? undefined : optionalInteger(row, 'forgotten_due');
    return forgotten !== undefined && due <= forgotten && forgotten <= now + WRONG_CLOCK_MS;
  }

  /** Returns whether this call paused it; one that is paused keeps who paused it and since when. */
  pause(job: string, by: string, at: Time): boolean {
    const sql = 'UPDATE jobs SET paused_at = ?, paused_by = ? WHERE id = ? AND paused_at IS NULL';
    return this.#database.run(sql, [at, by, this.learn(job)]) === 1;
  }

  /** Returns whether it was paused. */
  resume(job: string): boolean {
    const sql = 'UPDATE jobs SET paused_at = NULL, paused_by = NULL WHERE name = ? AND paused_at IS NOT NULL';
    return this.#database.run(sql, [job]) === 1;
  }

  paused(): Pause[] {
    const sql = 'SELECT name, paused_by, paused_at FROM jobs WHERE paused_at IS NOT NULL ORDER BY name';
    return this.#database.all(sql).map((row) => ({
      job: text(row, 'name'),
      by: text(row, 'paused_by'),
      since: integer(row, 'paused_at'),
    }));
  }
}
