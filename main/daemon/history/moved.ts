import { dirname } from 'node:path';
import { type Database, text } from '../sqlite/database.ts';

/** Any output file tells where all of them were: they are moved together. Each of these reads one row by its index. */
const ANY_OUTPUT = [
  `SELECT output_file AS file FROM runs INDEXED BY runs_with_output
   WHERE output_file IS NOT NULL AND ended_at IS NOT NULL LIMIT 1`,
  'SELECT output_file AS file FROM runs INDEXED BY runs_unfinished WHERE ended_at IS NULL AND output_file IS NOT NULL LIMIT 1',
  'SELECT file FROM released_outputs LIMIT 1',
];

/**
 * Has the outputs lie in this folder (absolute) if they lay in another one: the home was moved or copied since. Otherwise they
 * would be lost to a moved home, and a copied one would remove those of the home that it was copied from. Returns where they
 * were, or undefined if there is nothing to do.
 */
export function moveOutputs(database: Database, folder: string): string | undefined {
  return database.transaction(() => {
    const row = ANY_OUTPUT.map((sql) => database.get(sql)).find((found) => found !== undefined);
    // FOLDER/mx1/mx1kp9wz.log
    const former = row === undefined ? folder : dirname(dirname(text(row, 'file')));
    if (former === folder) return undefined;
    const parameters = { former, folder };
    for (const [table, column] of [
      ['runs', 'output_file'],
      ['released_outputs', 'file'],
    ])
      database.run(
        `UPDATE ${table} SET ${column} = :folder || substr(${column}, length(:former) + 1)
         WHERE substr(${column}, 1, length(:former)) = :former`,
        parameters,
      );
    return former;
  });
}
