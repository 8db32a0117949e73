import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Flusher } from '../../../main/daemon/history/flusher.ts';
import { openHistory } from '../../../main/daemon/history/history.ts';
import { claimed, NOON, options, temporaryFolder } from './support.ts';

function watched(log: string): { flusher: Flusher; flushes: () => number; errors: Error[] } {
  let count = 0;
  const errors: Error[] = [];
  const flusher = new Flusher(
    log,
    () => count++,
    (error) => errors.push(error),
  );
  return { flusher, flushes: () => count, errors };
}

function log(): string {
  const file = join(temporaryFolder(), 'history.db-wal');
  writeFileSync(file, 'frames');
  return file;
}

describe('flushing', () => {
  it('follows a burst of commits once, by itself', async () => {
    const { flusher, flushes, errors } = watched(log());
    for (let commit = 0; commit < 100; commit++) flusher.committed();
    expect(flushes()).toBe(0);
    while (flushes() === 0) await setTimeout(5);
    await setTimeout(120);
    expect(flushes()).toBe(1);
    flusher.committed();
    while (flushes() === 1) await setTimeout(5);
    await flusher.close();
    expect({ flushes: flushes(), errors }).toEqual({ flushes: 2, errors: [] });
  });

  it('can be asked for, and does nothing when nothing was committed', async () => {
    const { flusher, flushes } = watched(log());
    await flusher.flush();
    expect(flushes()).toBe(0);
    flusher.committed();
    await Promise.all([flusher.flush(), flusher.flush()]);
    expect(flushes()).toBe(1);
    flusher.committed();
    await flusher.close();
    expect(flushes()).toBe(2);
  });

  it('says what the disk refuses, and tries again after the next commit', async () => {
    const folder = join(temporaryFolder(), 'history.db-wal');
    mkdirSync(folder);
    const { flusher, flushes, errors } = watched(folder);
    for (let commit = 0; commit < 2; commit++) {
      flusher.committed();
      await flusher.flush();
    }
    await flusher.close();
    expect(flushes()).toBe(0);
    expect(errors).toMatchObject([{ code: 'EISDIR' }, { code: 'EISDIR' }]);
  });

  it('says what fails after it, and is at peace without a log', async () => {
    const errors: Error[] = [];
    const failing = new Flusher(
      log(),
      () => {
        throw new Error('no checkpoint today');
      },
      (error) => errors.push(error),
    );
    failing.committed();
    await failing.close();
    expect(errors).toMatchObject([{ message: 'no checkpoint today' }]);

    const without = watched(join(temporaryFolder(), 'absent-wal'));
    without.flusher.committed();
    await without.flusher.close();
    expect(without.errors).toEqual([]);
  });

  it('of a history folds the log into the database after many commits', async () => {
    const folder = temporaryFolder();
    const { history } = openHistory(join(folder, 'history.db'), options);
    // Only the database, without its log: what it holds was folded in. (Reading it drops this process's locks
    // on it,
    // which nobody else asks for here.)
    const folded = async (name: string): Promise<number> => {
      copyFileSync(join(folder, 'history.db'), join(folder, name));
      const copy = openHistory(join(folder, name), options);
      const { length } = copy.history.page({}, undefined, 1_000).runs;
      await copy.history.close();
      return length;
    };
    const before = 90;
    for (let run = 0; run < before; run++) claimed(history, { at: NOON + run });
    await history.flush();
    expect(await folded('early.db')).toBe(0);
    for (let run = 0; run < 60; run++) claimed(history, { at: NOON + before + run });
    await history.flush();
    expect(await folded('late.db')).toBe(before + 60);
    await history.close();
  });
});
