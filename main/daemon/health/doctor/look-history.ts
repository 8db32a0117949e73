import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { SoloistError } from '../../errors.ts';
import { RUN_COLUMNS, RUN_TABLES, runFromRow, runNumber } from '../../history/columns.ts';
import { ALL_FILES, BUSY_TIMEOUT_MS, checkPages, inspectFiles } from '../../history/damage.ts';
import type { UnfinishedRun } from '../../history/run.ts';
import { APPLICATION_ID, migrations } from '../../history/schema.ts';
import { reasonOf } from '../../home.ts';
import type { ProcessIdentity } from '../../process/identity.ts';
import { loadSqlite, type SqliteBinding } from '../../sqlite/binding.ts';
import { meansDamage } from '../../sqlite/failure.ts';
import type { Entry, HistoryScene } from './scene.ts';

/** A larger history is not copied to be looked at. */
const LARGEST_COPY = 500_000_000;

/** What was read of a history, with what only the search for orphans needs. */
export interface ReadHistory {
  readonly scene: HistoryScene;
  /** The processes of a run that were seen to have left its group. */
  moved(run: UnfinishedRun): readonly ProcessIdentity[];
}

/**
 * Looks into the history of a home (its real path) and changes nothing: while something holds the home, by reading beside
 * it; otherwise in a copy, since SQLite would make files beside the database, and the copy's pages are checked too.
 */
export function lookAtHistory(home: string, isHeld: boolean, entries: readonly Entry[]): ReadHistory {
  const file = join(home, 'history', 'history.sqlite');
  const prefix = `${basename(file)}.damaged-`;
  const aside = entries.filter(
    ({ path }) => dirname(path) === dirname(file) && basename(path).startsWith(prefix),
  );
  const base = { file, aside };
  const none = (scene: HistoryScene): ReadHistory => ({ scene, moved: () => [] });
  try {
    if (existsSync(file) && !statSync(file).isFile())
      return none({ ...base, kind: 'unread', reason: 'it is not a file' });
    const condition = inspectFiles(file);
    if (condition.kind === 'missing') return none({ ...base, kind: 'missing' });
    if (condition.kind === 'damaged') return none({ ...base, kind: 'damaged', reason: condition.reason });
    const sqlite = loadSqlite();
    if (isHeld) {
      // Without the index of the log that a running daemon has, SQLite would make one.
      if (!existsSync(`${file}-shm`))
        return none({ ...base, kind: 'unread', reason: 'its daemon has it not open' });
      return read(sqlite, file, base, false);
    }
    return withCopy(file, (copy) => {
      const checked = checkPages(copy, sqlite, 'quick_check');
      if (checked.kind === 'damaged') return none({ ...base, kind: 'damaged', reason: checked.reason });
      return read(sqlite, copy, base, true);
    });
  } catch (error) {
    const reason = error instanceof SoloistError ? error.message.replace(/\.$/, '') : reasonOf(error);
    return none({ ...base, kind: meansDamage(error) ? 'damaged' : 'unread', reason });
  }
}

function withCopy<Result>(file: string, action: (copy: string) => Result): Result {
  const bytes = ALL_FILES.reduce(
    (sum, suffix) => sum + (statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bytes > LARGEST_COPY || bytes * 2 > bavail * bsize)
    throw new Error(`it is too large to be looked at in a copy (${Math.round(bytes / 1e6)} MB)`);
  const folder = mkdtempSync(join(tmpdir(), 'soloist-doctor-'));
  try {
    const copy = join(folder, basename(file));
    // The index of the log is made anew.
    for (const suffix of ALL_FILES)
      if (suffix !== '-shm' && existsSync(`${file}${suffix}`))
        copyFileSync(`${file}${suffix}`, `${copy}${suffix}`, constants.COPYFILE_FICLONE);
    return action(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(
  sqlite: SqliteBinding,
  file: string,
  base: Pick<HistoryScene, 'file' | 'aside'>,
  isChecked: boolean,
): ReadHistory {
  const connection = new sqlite.DatabaseSync(file, { readOnly: true });
  try {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    const number = (sql: string, column: string): number => Number(connection.prepare(sql).get()?.[column]);
    const version = number('PRAGMA user_version', 'user_version');
    const application = number('PRAGMA application_id', 'application_id');
    const none = (scene: HistoryScene): ReadHistory => ({ scene, moved: () => [] });
    if (version > 0 && application !== APPLICATION_ID) return none({ ...base, kind: 'foreign' });
    const newest = migrations.at(-1)?.version ?? 0;
    if (version > newest) return none({ ...base, kind: 'newer', version, newest });
    if (version === 0)
      return none({ ...base, kind: 'read', version, isChecked, unfinished: [], lastMs: undefined });
    const lastMs = number('SELECT max(coalesce(ended_at, queued_at)) AS at FROM runs', 'at') || undefined;
    const unfinished = readUnfinished(connection);
    const moved = version < 3 ? new Map() : readMoved(connection, unfinished);
    return {
      scene: { ...base, kind: 'read', version, isChecked, unfinished, lastMs },
      moved: ({ id }) => moved.get(id) ?? [],
    };
  } finally {
    connection.close();
  }
}

function readUnfinished(connection: DatabaseSync): readonly UnfinishedRun[] {
  const sql = `SELECT ${RUN_COLUMNS} FROM ${RUN_TABLES} WHERE runs.ended_at IS NULL ORDER BY runs.id`;
  return connection
    .prepare(sql)
    .all()
    .map(runFromRow)
    .filter((run) => run.state !== 'ended');
}

function readMoved(
  connection: DatabaseSync,
  runs: readonly UnfinishedRun[],
): ReadonlyMap<string, readonly ProcessIdentity[]> {
  const statement = connection.prepare(
    'SELECT pid, started, boots.boot AS boot FROM moved_processes JOIN runs ON runs.id = moved_processes.run ' +
      'JOIN boots ON boots.id = runs.boot WHERE runs.id = ?',
  );
  return new Map(
    runs.map(({ id }) => [
      id,
      statement.all(runNumber(id)).map((row) => ({
        pid: Number(row.pid),
        processStarted: String(row.started),
        bootId: String(row.boot),
      })),
    ]),
  );
}
