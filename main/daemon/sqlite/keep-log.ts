import type { Database } from './database.ts';
import { meansBusy } from './failure.ts';

/**
 * Has the database keep a write-ahead log. When two processes ask for it at once SQLite does not wait by itself, whatever its
 * busy timeout: so this does, and blocks for `waitMs` milliseconds at most. Throws what SQLite throws then.
 */
export function keepLog(database: Database, waitMs: number): void {
  for (const deadline = Date.now() + waitMs; ; ) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!meansBusy(error) || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
