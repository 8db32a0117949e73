import type {
  DatabaseSync,
  SQLInputValue,
  SQLOutputValue,
  StatementResultingChanges,
  StatementSync,
} from 'node:sqlite';
import { type DatabaseWords, damagedRow, databaseFailure, meansDamage } from './failure.ts';

export type Row = Record<string, SQLOutputValue>;
export type Parameters = readonly SQLInputValue[] | Record<string, SQLInputValue>;

/**
 * An open database: statements prepared once, transactions, and SQLite's errors in words. All calls block
 * until SQLite is done, and throw a `SoloistError` for what a person can mend (disk full, read-only, locked,
 * damaged).
 */
export class Database {
  readonly file: string;
  /** Called when damage shows. */
  onDamage: () => void = () => {};
  /** Called after each commit. */
  onCommit: () => void = () => {};
  /** Called after each rollback: what was learned from rows of the transaction no longer holds. */
  onRollback: () => void = () => {};
  readonly #sqlite: DatabaseSync;
  readonly #words: DatabaseWords;
  readonly #statements = new Map<string, StatementSync>();
  #inTransaction = false;
  /**
   * What failed inside the transaction: SQLite may have rolled it back, so nothing may follow as part of it.
   */
  #failure: unknown;

  constructor(sqlite: DatabaseSync, file: string, words: DatabaseWords) {
    this.#sqlite = sqlite;
    this.file = file;
    this.#words = words;
  }

  /** Runs statements that take no parameters and return nothing. */
  exec(sql: string): void {
    this.#guarded(() => this.#sqlite.exec(sql));
  }

  /** Changes rows, and returns how many. */
  run(sql: string, parameters: Parameters = []): number {
    return Number(this.#change(sql, parameters).changes);
  }

  /** Adds a row, and returns its id. */
  insert(sql: string, parameters: Parameters = []): number {
    return Number(this.#change(sql, parameters).lastInsertRowid);
  }

  #change(sql: string, parameters: Parameters): StatementResultingChanges {
    const result = this.#guarded(() => {
      const statement = this.#statement(sql);
      return isList(parameters) ? statement.run(...parameters) : statement.run(parameters);
    });
    if (!this.#inTransaction) this.onCommit();
    return result;
  }

  /** The first row that a reading statement finds. */
  get(sql: string, parameters: Parameters = []): Row | undefined {
    return this.#guarded(() => {
      const statement = this.#statement(sql);
      return isList(parameters) ? statement.get(...parameters) : statement.get(parameters);
    });
  }

  /** All rows that a reading statement finds. */
  all(sql: string, parameters: Parameters = []): Row[] {
    return this.#guarded(() => {
      const statement = this.#statement(sql);
      return isList(parameters) ? statement.all(...parameters) : statement.all(parameters);
    });
  }

  /** Takes the lock for writing and gives it back; throws what a write would throw for want of it. */
  tryWriting(): void {
    if (this.#inTransaction) return;
    this.exec('BEGIN IMMEDIATE');
    this.exec('ROLLBACK');
  }

  /**
   * What `decode` makes of a row. That it cannot make sense of it is damage: rows are checked when written.
   */
  decoded<T>(row: Row, decode: (row: Row) => T): T {
    try {
      return decode(row);
    } catch (error) {
      this.onDamage();
      throw damagedRow(error, this.file, this.#words);
    }
  }

  /**
   * All that `action` changes, or nothing of it: it is undone if `action` throws or the commit fails.
   * `action` must be synchronous. Inside another transaction it becomes part of that one.
   */
  transaction<T>(action: () => T): T {
    if (this.#inTransaction) return action();
    this.#begin();
    let result: T;
    try {
      result = action();
      if (result instanceof Promise) throw new Error('a transaction cannot wait for a promise');
      this.#commit();
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.onCommit();
    return result;
  }

  /** The same for an action that takes its time. All that is changed meanwhile is part of it, whoever changes it. */
  async longTransaction<T>(action: () => Promise<T>): Promise<T> {
    this.#begin();
    let result: T;
    try {
      result = await action();
      this.#commit();
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.onCommit();
    return result;
  }

  close(): void {
    this.#statements.clear();
    this.#guarded(() => this.#sqlite.close());
  }

  #begin(): void {
    if (this.#inTransaction) throw new Error('a transaction is going on');
    // IMMEDIATE: a transaction that reads and then writes must not find that another process wrote in
    // between.
    this.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
  }

  #commit(): void {
    // Also where the action caught the error.
    if (this.#failure !== undefined) throw this.#failure;
    this.exec('COMMIT');
    this.#inTransaction = false;
  }

  #rollBack(): void {
    this.#inTransaction = false;
    this.#failure = undefined;
    try {
      this.#sqlite.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does after some errors, and says that no transaction is
      // active.
    }
    this.onRollback();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guarded<T>(action: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return action();
    } catch (error) {
      if (meansDamage(error)) this.onDamage();
      const failure = databaseFailure(error, this.file, this.#words);
      if (this.#inTransaction) this.#failure = failure;
      throw failure;
    }
  }
}

function isList(parameters: Parameters): parameters is readonly SQLInputValue[] {
  return Array.isArray(parameters);
}

/** A column that holds a whole number. Throws if it does not: the query and its reader disagree. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw wrongColumn(row, column, 'a number');
  return value;
}

/** A column that holds a whole number or nothing. */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

/** A column that holds text. Throws if it does not. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw wrongColumn(row, column, 'text');
  return value;
}

/** A column that holds text or nothing. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

function wrongColumn(row: Row, column: string, wanted: string): Error {
  return new Error(`column ${column} of a table is ${typeof row[column]}, not ${wanted}`);
}
