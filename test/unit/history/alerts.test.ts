import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Raised } from '../../../main/daemon/history/alerts.ts';
import type { History } from '../../../main/daemon/history/history.ts';
import { openHistory } from '../../../main/daemon/history/history.ts';
import { closeDatabase, openDatabase } from '../../../main/daemon/history/open.ts';
import { migrations } from '../../../main/daemon/history/schema.ts';
import { bindings, NOON, options, temporaryFolder, temporaryHistory } from './support.ts';

const failing = (job: string): Raised => ({
  kind: 'failing',
  job,
  run: undefined,
  message: `${job} failed.`,
  hint: undefined,
});

describe.each(bindings)('a history of version 3, opened with $name', (sqlite) => {
  it('keeps all of its alerts, none of them archived', async () => {
    const file = join(temporaryFolder(), 'history.db');
    const old = openDatabase(file, { ...options, sqlite, migrations: migrations.slice(0, 3) });
    const insert = `INSERT INTO alerts
      (id, cause, kind, job, run, message, hint, count, first_at, last_at, acknowledged_at, resolved_at)
      VALUES (?, ?, ?, ?, NULL, ?, NULL, ?, ?, ?, ?, ?)`;
    const rows: [number, string, string, string | null, number | null, number | null][] = [
      [1, '["failing","a",null]', 'failing', 'a', null, null],
      [2, '["watch","b","/inbox"]', 'watch', 'b', NOON + 1, null],
      [3, '["failing","a2",null]', 'failing', 'a2', NOON + 1, NOON + 2],
      [4, '["check",null,"disk"]', 'check', null, null, NOON + 3],
    ];
    for (const [id, cause, kind, job, acknowledged, resolved] of rows)
      old.database.run(insert, [id, cause, kind, job, 'words', id, NOON, NOON + id, acknowledged, resolved]);
    closeDatabase(old.database);

    const { history, created, movedAside } = openHistory(file, { ...options, sqlite });
    expect({ created, movedAside }).toEqual({ created: false, movedAside: [] });
    expect(
      history.alerts('all').map(({ id, job, detail, count, acknowledged, resolved, archived }) => ({
        id,
        job,
        detail,
        count,
        acknowledged,
        resolved,
        archived,
      })),
    ).toEqual([
      { id: '4', job: undefined, detail: 'disk', count: 4, resolved: NOON + 3 },
      { id: '3', job: 'a2', count: 3, acknowledged: NOON + 1, resolved: NOON + 2 },
      { id: '2', job: 'b', detail: '/inbox', count: 2, acknowledged: NOON + 1 },
      { id: '1', job: 'a', count: 1 },
    ]);
    expect(history.alerts('standing').map(({ id }) => id)).toEqual(['2', '1']);
    expect(history.raise(failing('a'), NOON + 9)).toEqual({ kind: 'changed' });
    expect(history.archiveAlerts(NOON + 2, NOON + 10)).toBe(1);
    await history.close();
  });

  it('refuses to archive what stands', () => {
    const file = join(temporaryFolder(), 'history.db');
    const { database } = openDatabase(file, { ...options, sqlite });
    database.run(`INSERT INTO alerts (cause, kind, message, count, first_at, last_at)
      VALUES ('["strays",null,null]', 'strays', 'words', 1, 1, 1)`);
    expect(() => database.run('UPDATE alerts SET archived_at = 1')).toThrow();
    closeDatabase(database);
  });
});

describe('the list of alerts', () => {
  const add = (history: History, name: string, count: number, isOver: boolean): void =>
    history.together(() => {
      for (let index = 0; index < count; index++) {
        const raised = failing(`${name}-${index}`);
        history.raise(raised, NOON);
        if (isOver) history.resolve(raised, NOON + 1);
      }
    });

  it('is a thousand at most, but never leaves out one that stands', () => {
    const history = temporaryHistory();
    add(history, 'standing', 900, false);
    // Newer than those that stand.
    add(history, 'over', 500, true);
    const all = history.alerts('all');
    expect(all.length).toBe(1_000);
    expect(all.filter(({ resolved }) => resolved === undefined).length).toBe(900);
    add(history, 'more', 300, false);
    expect(history.alerts('all').length).toBe(1_200);
    expect(history.alerts('standing').length).toBe(1_200);
  });

  it('does not grow with a job that fails every other time', () => {
    const history = temporaryHistory();
    history.raise(failing('stands'), NOON - 1);
    const first = history.alerts('all')[0]?.id;
    for (let round = 0; round < 6_500; round++)
      history.together(() => {
        history.raise(failing('alternating'), NOON + 2 * round);
        history.resolve(failing('alternating'), NOON + 2 * round + 1);
      });
    // Archiving tells how many are kept.
    const kept = history.archiveAlerts(Number.MAX_SAFE_INTEGER, NOON);
    expect(kept).toBeGreaterThanOrEqual(5_000);
    expect(kept).toBeLessThanOrEqual(5_100);
    expect(history.alerts('standing').map(({ id }) => id)).toEqual([first]);
    expect(history.alerts('all')[0]?.last).toBe(NOON + 2 * 6_499);
  });
});
