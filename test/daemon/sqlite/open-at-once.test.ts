import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { startProgram, temporaryFolder } from '../history/support.ts';

const COUNT = 10;
const ROUNDS = Number(process.env.SOLOIST_TEST_RACES ?? 60);

test.each([
  ['history', 'runs'],
  ['plain', 'numbers'],
])(
  'ten processes that open a new database at once (%s) all write to it, and none ends or moves aside what another made',
  async (kind, table) => {
    const folder = temporaryFolder();
    const first = Date.now() + 2_500;
    const openers = Array.from({ length: COUNT }, (_, number) =>
      startProgram('../sqlite/opener', [kind, folder, ...[ROUNDS, first, 60, number].map(String)]),
    );
    for (const opener of openers) expect(await opener.ended).toBe(0);
    const rows = Array.from({ length: ROUNDS }, (_, round) => {
      const database = new DatabaseSync(`${folder}/${round}.db`);
      const row = database.prepare(`SELECT count(*) AS count FROM ${table}`).get();
      database.close();
      return row?.count;
    });
    const cut = rows.filter((count) => count !== COUNT).length;
    console.log(`${kind}: ${ROUNDS} databases begun by ${COUNT} at once, ${cut} not whole`);
    expect(openers.flatMap(({ lines }) => lines)).toEqual([]);
    expect(cut).toBe(0);
  },
);
