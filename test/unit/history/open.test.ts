import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OpenedHistory, openHistory } from '../../../main/daemon/history/history.ts';
import { closeDatabase, openDatabase } from '../../../main/daemon/history/open.ts';
import { APPLICATION_ID, type Migration } from '../../../main/daemon/history/schema.ts';
import { loadSqlite, type SqliteBinding } from '../../../main/daemon/sqlite/binding.ts';
import type { Database } from '../../../main/daemon/sqlite/database.ts';
import { bindings, claimed, NOON, options, processes, SUCCESS, temporaryFolder } from './support.ts';

const STAMP = '2026-11-23T120000Z';
const PAGE = 4096;
const RUNS = 300;

/** The files of a history with 300 runs, as a daemon leaves them that was stopped, or that died. */
async function prepare(how: 'closed' | 'died', sqlite: SqliteBinding | undefined): Promise<string> {
  const folder = temporaryFolder();
  const file = join(folder, 'history.db');
  const working = join(folder, 'working.db');
  const { history } = openHistory(working, { ...options, ...(sqlite && { sqlite }) });
  const add = (count: number): void => {
    for (let index = 0; index < count; index++) {
      const { id } = claimed(history, { trigger: { kind: 'watch', files: ['x'.repeat(200)] } });
      history.started(id, { at: NOON, processes, outputFile: undefined });
      history.ended(id, { at: NOON, outcome: SUCCESS });
    }
  };
  // Some of them in the database already, some in the log only.
  history.together(() => add(RUNS - 50));
  history.checkpoint();
  history.together(() => add(50));
  if (how === 'died') {
    // Reading it drops this process's locks on it, which nobody else asks for here.
    copyFileSync(working, file);
    copyFileSync(`${working}-wal`, `${file}-wal`);
  }
  await history.close();
  if (how === 'closed') renameSync(working, file);
  return file;
}

function overwrite(file: string, at: number, content: Buffer): void {
  const bytes = readFileSync(file);
  content.copy(bytes, at);
  writeFileSync(file, bytes);
}

/** All files that belong to a history, and what is in them. */
function contents(file: string): Map<string, string> {
  const folder = join(file, '..');
  return new Map(
    readdirSync(folder)
      .filter((name) => name.startsWith('history.db'))
      // SQLite's index of the log, which it makes anew each time.
      .filter((name) => !name.endsWith('-shm') && statSync(join(folder, name)).size > 0)
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

/** The files moved aside that hold something of the history. */
function movedFiles({ movedAside }: OpenedHistory): string[][] {
  return movedAside.map(({ files }) =>
    files.filter((file) => !file.endsWith('-shm') && statSync(file).size > 0),
  );
}

function countRuns({ history }: OpenedHistory): number {
  return history.page({}, undefined, 10_000).runs.length;
}

const garbage = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7919) % 251));

describe.each(bindings)('a history opened with $name', (sqlite) => {
  const open = (file: string): OpenedHistory => openHistory(file, { ...options, sqlite });

  it('is made where there is none, for its user alone, with a log and the settings that keep ended runs', async () => {
    const file = join(temporaryFolder(), 'history.db');
    const { database, ...rest } = openDatabase(file, { ...options, sqlite });
    expect(rest).toEqual({ created: true, movedAside: [] });
    const pragma = (name: string): unknown => Object.values(database.get(`PRAGMA ${name}`) ?? {})[0];
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(1);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('busy_timeout')).toBe(2_000);
    if (process.platform !== 'win32') {
      for (const suffix of ['', '-wal', '-shm'])
        expect(statSync(`${file}${suffix}`).mode & 0o777).toBe(0o600);
    }
    closeDatabase(database);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it('is made where a crash left one half made, with a journal of what is to be undone', async () => {
    const folder = temporaryFolder();
    const [file, working] = [join(folder, 'history.db'), join(folder, 'working.db')];
    const { DatabaseSync } = sqlite ?? loadSqlite();
    const database = new DatabaseSync(working);
    // A small cache, so that pages are written before the transaction ends.
    database.exec('CREATE TABLE t (x); DROP TABLE t; PRAGMA cache_size = 1; BEGIN; CREATE TABLE t (x)');
    for (let row = 0; row < 500; row++) database.exec(`INSERT INTO t VALUES ('${'x'.repeat(500)}')`);
    for (const suffix of ['', '-journal']) copyFileSync(`${working}${suffix}`, `${file}${suffix}`);
    database.close();
    const opened = open(file);
    expect(opened.movedAside).toEqual([]);
    expect(countRuns(opened)).toBe(0);
    await opened.history.close();
  });

  it.each(['closed', 'died'] as const)('is found again whole when the last daemon %s', async (how) => {
    const opened = open(await prepare(how, sqlite));
    expect(opened).toMatchObject({ created: false, movedAside: [] });
    expect(countRuns(opened)).toBe(RUNS);
    await opened.history.close();
  });

  const damages: Record<string, { how: 'closed' | 'died'; damage: (file: string) => void; reason: string }> =
    {
      'random bytes': {
        how: 'closed',
        damage: (file) => writeFileSync(file, garbage(10_000)),
        reason: 'it is not an SQLite database',
      },
      'a few bytes': {
        how: 'closed',
        damage: (file) => writeFileSync(file, 'SQLite format 3\0'),
        reason: 'it is not an SQLite database',
      },
      'zeros, as a file system may leave after a power cut': {
        how: 'closed',
        damage: (file) => writeFileSync(file, Buffer.alloc(statSync(file).size)),
        reason: 'it is not an SQLite database',
      },
      'a file cut off in the middle of a page': {
        how: 'closed',
        damage: (file) => truncateSync(file, 10 * PAGE + 100),
        reason: `it has been cut off at ${10 * PAGE + 100} of`,
      },
      'a file cut off by its last page': {
        how: 'closed',
        damage: (file) => truncateSync(file, statSync(file).size - PAGE),
        reason: 'it has been cut off at',
      },
      'a file cut off under its log': {
        how: 'died',
        damage: (file) => truncateSync(file, 26 * PAGE),
        reason: 'the check of its pages found:',
      },
      'a page of random bytes': {
        how: 'died',
        damage: (file) => overwrite(file, 20 * PAGE, garbage(PAGE)),
        reason: 'the check of its pages found:',
      },
      'a schema of random bytes': {
        how: 'closed',
        damage: (file) => overwrite(file, 100, garbage(PAGE - 100)),
        reason: 'SQLite cannot read it',
      },
      'a schema of random bytes after a death': {
        how: 'died',
        damage: (file) => {
          overwrite(file, 100, garbage(PAGE - 100));
          writeFileSync(`${file}-wal`, readFileSync(`${file}-wal`).subarray(0, 32));
        },
        reason: 'SQLite cannot read it',
      },
      'a page size that does not exist': {
        how: 'closed',
        damage: (file) => overwrite(file, 16, Buffer.from([0, 3])),
        reason: 'SQLite cannot read it',
      },
    };

  it.each(Object.entries(damages))(
    'that is %s is moved aside as it was, and a new one started',
    async (_, entry) => {
      const file = await prepare(entry.how, sqlite);
      entry.damage(file);
      const before = contents(file);
      const opened = open(file);
      expect(opened.created).toBe(true);
      expect(opened.movedAside).toHaveLength(1);
      expect(opened.movedAside[0]?.reason).toContain(`history.db was moved aside because ${entry.reason}`);
      const after = contents(file);
      for (const [name, content] of before) {
        expect(after.get(name.replace('history.db', `history.db.damaged-${STAMP}`)) === content, name).toBe(
          true,
        );
      }
      expect(movedFiles(opened)).toEqual([
        [...before.keys()].map((name) =>
          join(file, '..', name.replace('history.db', `history.db.damaged-${STAMP}`)),
        ),
      ]);
      // The new one works, and is found the next time.
      claimed(opened.history);
      await opened.history.close();
      const again = open(file);
      expect(again).toMatchObject({ created: false, movedAside: [] });
      expect(countRuns(again)).toBe(1);
      await again.history.close();
    },
  );

  it.each(['missing', 'empty'])(
    'whose database is %s has its left-over log moved aside, not deleted',
    async (what) => {
      const file = await prepare('died', sqlite);
      const log = readFileSync(`${file}-wal`);
      if (what === 'empty') truncateSync(file, 0);
      else renameSync(file, `${file}.elsewhere`);
      const opened = open(file);
      expect(opened.created).toBe(true);
      expect(opened.movedAside[0]?.reason).toContain('its write-ahead log was left without its database');
      expect(readFileSync(`${file}.damaged-${STAMP}-wal`).equals(log)).toBe(true);
      await opened.history.close();
    },
  );

  it('with a log of random bytes keeps its database, and moves the log aside', async () => {
    const file = await prepare('died', sqlite);
    overwrite(`${file}-wal`, 0, garbage(4_000));
    const opened = open(file);
    expect(opened.created).toBe(false);
    expect(opened.movedAside).toEqual([
      {
        reason: 'history.db was moved aside because its write-ahead log is not one of SQLite',
        files: [`${file}.damaged-${STAMP}-wal`],
      },
    ]);
    expect(countRuns(opened)).toBe(RUNS - 50);
    await opened.history.close();
  });

  it('with a damaged log and a damaged database has both moved aside, under two names', async () => {
    const file = await prepare('died', sqlite);
    overwrite(`${file}-wal`, 0, garbage(4_000));
    overwrite(file, 20 * PAGE, garbage(PAGE));
    const opened = open(file);
    expect(opened.created).toBe(true);
    expect(movedFiles(opened)).toEqual([[`${file}.damaged-${STAMP}-wal`], [`${file}.damaged-${STAMP}-2`]]);
    await opened.history.close();
  });

  it('in which damage shows only while it is used says so, and is moved aside at the next start', async () => {
    const file = await prepare('closed', sqlite);
    // After a clean stop the pages are not checked. The first ones hold the schema too.
    for (let page = 26; page < 40; page++) overwrite(file, page * PAGE, garbage(PAGE));
    const opened = open(file);
    expect(opened).toMatchObject({ created: false, movedAside: [] });
    expect(() => countRuns(opened)).toThrow(
      expect.objectContaining({
        code: 'history-damaged',
        hint: expect.stringContaining('Restart the daemon'),
      }),
    );
    await opened.history.close();
    const again = open(file);
    expect(again.created).toBe(true);
    expect(again.movedAside).toHaveLength(1);
    await again.history.close();
    const third = open(file);
    expect(third.movedAside).toEqual([]);
    await third.history.close();
  });

  it('in which an index differs from its table is found out after that showed', async () => {
    const file = await prepare('closed', sqlite);
    const other = new sqlite.DatabaseSync(file, { defensive: false });
    other.exec(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE INDEX runs_by_time ON runs (attempt)' WHERE name = 'runs_by_time'`);
    other.close();
    const opened = open(file);
    expect(opened.movedAside).toEqual([]);
    await opened.history.close();
    writeFileSync(`${file}-check`, '');
    const again = open(file);
    expect(again.movedAside[0]?.reason).toContain('the check of its pages found:');
    expect(existsSync(`${file}-check`)).toBe(false);
    await again.history.close();
  });

  it('answers any change of any byte with the history, a new one or an error in words', async () => {
    const original = await prepare('died', sqlite);
    const [database, log] = [readFileSync(original), readFileSync(`${original}-wal`)];
    let seed = 12_345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const counts = { whole: 0, 'log cut off': 0, 'moved aside': 0, 'error in words': 0 };
    const rounds = 150;
    for (let round = 0; round < rounds; round++) {
      const file = join(temporaryFolder(), 'history.db');
      const [changed, changedLog] = [Buffer.from(database), Buffer.from(log)];
      const target = round % 3 === 0 ? changedLog : changed;
      // The first page and the head of the log matter most: every other change falls there.
      const within = random(2) === 0 ? 200 : target.length;
      for (let change = random(3); change >= 0; change--) target[random(within)] = random(256);
      writeFileSync(file, changed);
      writeFileSync(`${file}-wal`, changedLog);
      try {
        const opened = open(file);
        try {
          claimed(opened.history);
          const count = countRuns(opened);
          if (opened.movedAside.length > 0) counts['moved aside']++;
          else if (count === RUNS + 1) counts.whole++;
          else counts['log cut off']++;
        } finally {
          await opened.history.close();
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'SoloistError', code: expect.stringMatching(/^history-/) });
        counts['error in words']++;
      }
    }
    console.log(`${rounds} changed histories with ${sqlite.name}:`, counts);
    expect(counts.whole).toBeGreaterThan(0);
    expect(counts['moved aside']).toBeGreaterThan(0);
  });

  describe('of somebody else', () => {
    it.each(['closed', 'died'] as const)(
      'is refused and left alone when it is of a newer Soloist that %s',
      async (how) => {
        const newer: Migration[] = [{ version: 99, sql: 'CREATE TABLE future (x)' }];
        const folder = temporaryFolder();
        const working = join(folder, 'working.db');
        const file = join(folder, 'history.db');
        const { database } = openDatabase(working, { ...options, sqlite, migrations: newer });
        if (how === 'died')
          for (const suffix of ['', '-wal']) copyFileSync(`${working}${suffix}`, `${file}${suffix}`);
        closeDatabase(database);
        if (how === 'closed') renameSync(working, file);
        const before = contents(file);
        expect(() => open(file)).toThrow(
          expect.objectContaining({
            code: 'history-newer',
            message: expect.stringContaining('its version is 99'),
          }),
        );
        expect(contents(file)).toEqual(before);
        // The files were let go of: who knows the version opens them.
        const again = openDatabase(file, { ...options, sqlite, migrations: newer });
        expect(again.created).toBe(false);
        closeDatabase(again.database);
      },
    );

    it.each(['PRAGMA application_id = 42', 'PRAGMA user_version = 3', ''])(
      'is refused and left alone (%s)',
      (mark) => {
        const file = join(temporaryFolder(), 'history.db');
        const other = new sqlite.DatabaseSync(file);
        other.exec(`CREATE TABLE recipes (name); ${mark}`);
        other.close();
        const before = contents(file);
        expect(() => open(file)).toThrow(expect.objectContaining({ code: 'history-foreign' }));
        expect(contents(file)).toEqual(before);
      },
    );
  });
});

describe('where no history can be', () => {
  const open = (file: string) => () => openHistory(file, options);

  it('a folder in its place, or no folder around it, is an error in words', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'history.db'));
    expect(open(join(folder, 'history.db'))).toThrow(expect.objectContaining({ code: 'history-unreadable' }));
    expect(open(join(folder, 'absent', 'history.db'))).toThrow(
      expect.objectContaining({ code: 'history-unreadable', message: expect.stringContaining('absent') }),
    );
    writeFileSync(join(folder, 'file'), '');
    expect(open(join(folder, 'file', 'history.db'))).toThrow(
      expect.objectContaining({ code: 'history-unreadable' }),
    );
  });

  it('one that this process has open already is not opened again, also by another name', async () => {
    const folder = temporaryFolder();
    const { history } = openHistory(join(folder, 'history.db'), options);
    symlinkSync(join(folder, 'history.db'), join(folder, 'link.db'));
    expect(open(join(folder, 'history.db'))).toThrow('already open');
    expect(open(join(folder, 'link.db'))).toThrow('already open');
    await history.close();
    await openHistory(join(folder, 'link.db'), options).history.close();
    expect(existsSync(join(folder, 'link.db-wal'))).toBe(false);
  });
});

describe('migrations', () => {
  const first: Migration = {
    version: 1,
    sql: 'CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE runs (job REFERENCES jobs (id))',
  };
  const second: Migration = { version: 2, sql: "ALTER TABLE jobs ADD COLUMN tag TEXT DEFAULT 'none'" };
  const broken: Migration = { version: 3, sql: 'CREATE TABLE more (x); INSERT INTO nowhere VALUES (1)' };
  const orphaning: Migration = { version: 3, sql: 'DELETE FROM jobs' };
  // Rebuilding a table is how SQLite changes one; with foreign keys in force, the DROP would fail.
  const rebuilding: Migration = {
    version: 3,
    sql: `CREATE TABLE new_jobs (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      INSERT INTO new_jobs SELECT id, name FROM jobs; DROP TABLE jobs; ALTER TABLE new_jobs RENAME TO jobs`,
  };

  const file = (): string => join(temporaryFolder(), 'history.db');
  const opened = <T>(file: string, migrations: readonly Migration[], use: (database: Database) => T): T => {
    const { database } = openDatabase(file, { ...options, migrations });
    try {
      return use(database);
    } finally {
      closeDatabase(database);
    }
  };
  const version = (database: Database): unknown => database.get('PRAGMA user_version')?.user_version;
  const fill = (database: Database): void => {
    database.exec("INSERT INTO jobs (id, name) VALUES (7, 'backup'); INSERT INTO runs VALUES (7)");
  };

  it('take an older database to the newest version with what is in it', () => {
    const path = file();
    opened(path, [first], (database) => {
      expect(version(database)).toBe(1);
      fill(database);
    });
    opened(path, [first, second, rebuilding], (database) => {
      expect(version(database)).toBe(3);
      expect(database.get('PRAGMA application_id')?.application_id).toBe(APPLICATION_ID);
      expect(database.all('SELECT name FROM jobs JOIN runs ON job = id')).toMatchObject([{ name: 'backup' }]);
      expect(() => database.exec('INSERT INTO runs VALUES (8)')).toThrow('FOREIGN KEY');
    });
    // Nothing is left to do the next time.
    opened(path, [first, second, rebuilding], (database) => expect(version(database)).toBe(3));
  });

  it.each([
    ['fails', broken, 'nowhere'],
    ['leaves rows without their parents', orphaning, 'without their parents'],
  ])('leave the old schema whole when a step %s', (_, step, message) => {
    const path = file();
    opened(path, [first], fill);
    expect(() => openDatabase(path, { ...options, migrations: [first, second, step] })).toThrow(message);
    opened(path, [first], (database) => {
      expect(version(database)).toBe(1);
      expect(database.all('SELECT * FROM jobs')).toEqual([{ id: 7, name: 'backup' }]);
      expect(database.get("SELECT 1 FROM sqlite_schema WHERE name = 'more'")).toBeUndefined();
    });
  });
});
