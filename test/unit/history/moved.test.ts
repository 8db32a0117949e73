import { expect, test } from 'vitest';
import { loadSqlite } from '../../../main/daemon/history/binding.ts';
import { Database } from '../../../main/daemon/history/database.ts';
import { moveOutputs } from '../../../main/daemon/history/moved.ts';
import { migrations } from '../../../main/daemon/history/schema.ts';

/** A history with runs whose outputs are these files; `going` ones have not ended. */
function historyOf(
  files: readonly string[],
  going: readonly string[] = [],
  released: readonly string[] = [],
): Database {
  const { DatabaseSync } = loadSqlite();
  const database = new Database(new DatabaseSync(':memory:'), ':memory:');
  for (const { sql } of migrations) database.exec(sql);
  database.exec("INSERT INTO jobs (id, name) VALUES (1, 'job'); INSERT INTO boots VALUES (1, 'boot')");
  const insert = `INSERT INTO runs (job, queued_at, trigger_kind, attempt, started_at, boot, child_pid, child_started, child_group,
      output_file, output_bytes, ended_at, outcome, exit_code)
    VALUES (1, 1, 'person', 1, 1, 1, 2, 's', 2, ?, 0, ?, ?, ?)`;
  for (const file of files) database.run(insert, [file, 2, 'succeeded', 0]);
  for (const file of going) database.run(insert, [file, null, null, null]);
  for (const file of released) database.run('INSERT INTO released_outputs VALUES (?)', [file]);
  return database;
}
const filesOf = (database: Database): unknown[] => [
  ...database.all('SELECT output_file AS file FROM runs ORDER BY id').map(({ file }) => file),
  ...database.all('SELECT file FROM released_outputs ORDER BY file').map(({ file }) => file),
];

test('outputs lie where the home is now, those of runs in flight and those to be deleted too', () => {
  const database = historyOf(
    ['/old/runs/mx1/a.log', '/old/runs/mx2/ü.log'],
    ['/old/runs/mx2/c.log'],
    ['/old/runs/mx0/d.log'],
  );
  expect(moveOutputs(database, '/new home/runs')).toBe('/old/runs');
  expect(filesOf(database)).toEqual([
    '/new home/runs/mx1/a.log',
    '/new home/runs/mx2/ü.log',
    '/new home/runs/mx2/c.log',
    '/new home/runs/mx0/d.log',
  ]);
  expect(moveOutputs(database, '/new home/runs'), 'and then there is nothing to do').toBeUndefined();
});

test.each([
  { files: ['/old/runs/mx1/a.log'], going: [], released: [] },
  { files: [], going: ['/old/runs/mx1/a.log'], released: [] },
  { files: [], going: [], released: ['/old/runs/mx1/a.log'] },
])('one file tells where they were: $files $going $released', ({ files, going, released }) => {
  const database = historyOf(files, going, released);
  moveOutputs(database, '/new/runs');
  expect(filesOf(database)).toEqual(['/new/runs/mx1/a.log']);
});

test('a history without outputs, or with them where they belong, is not touched', () => {
  expect(moveOutputs(historyOf([]), '/new/runs')).toBeUndefined();
  const database = historyOf(['/new/runs/mx1/a.log']);
  expect(moveOutputs(database, '/new/runs')).toBeUndefined();
  expect(filesOf(database)).toEqual(['/new/runs/mx1/a.log']);
});
