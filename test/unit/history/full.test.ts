import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { History } from '../../../main/daemon/history/history.ts';
import { openDatabase } from '../../../main/daemon/history/open.ts';
import { bindings, claimed, NOON, options, processes, SUCCESS, temporaryFolder } from './support.ts';

describe.each(bindings)('a history that cannot grow, with $name', (sqlite) => {
  it('refuses in words, changes nothing and takes the same call when there is room again', async () => {
    const { database } = openDatabase(join(temporaryFolder(), 'history.db'), { ...options, sqlite });
    const history = new History(database, options.onFlushError);
    const files = ['x'.repeat(3_000)];
    const first = claimed(history);
    history.started(first.id, { at: NOON, processes, outputFile: undefined });

    const pages = Number(database.get('PRAGMA page_count')?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 20}`);
    const known: string[] = [];
    const fill = (): void => {
      for (;;) known.push(claimed(history, { trigger: { kind: 'watch', files } }).id);
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'history-full' }));
    expect(known.length).toBeGreaterThan(5);
    const burst = Array.from({ length: 100 }, (_, index) => ({
      job: 'burst',
      trigger: { kind: 'watch' as const, files },
      attempt: 1,
      at: NOON + index,
    }));
    expect(() => history.claimAll(burst)).toThrow(expect.objectContaining({ code: 'history-full' }));
    expect(history.unfinished().map(({ id }) => id)).toEqual([first.id, ...known]);

    database.exec(`PRAGMA max_page_count = ${pages + 2_000}`);
    expect(history.ended(first.id, { at: NOON + 1, outcome: SUCCESS })).toBe(true);
    expect(history.claimAll(burst).every(({ kind }) => kind === 'claimed')).toBe(true);
    await history.close();
  });
});
