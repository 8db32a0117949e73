import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSqlite } from '../../../main/daemon/sqlite/binding.ts';
import { type FilePlan, openFile, readFrom } from '../../../main/daemon/sqlite/plain-file.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const { DatabaseSync } = loadSqlite();
const PLAN: FilePlan = {
  code: 'tea',
  what: 'The list of teas',
  ifDamaged: 'Make tea.',
  version: 1,
  tables: 'CREATE TABLE teas (name TEXT)',
  settings: 'PRAGMA synchronous = NORMAL',
  busyMs: 100,
  isCopy: false,
};
const warned: string[] = [];
const open = (file: string, more: Partial<FilePlan> = {}) =>
  openFile(file, { ...PLAN, ...more }, (line) => void warned.push(line));

function newer(): string {
  const file = join(temporaryFolder(), 'teas.db');
  open(file, { version: 7 }).close();
  return file;
}

test('a file is made, and opened again with what is in it', () => {
  const file = join(temporaryFolder(), 'teas.db');
  expect(readFrom(file, PLAN, () => 'read')).toBeUndefined();
  expect(existsSync(file)).toBe(false);
  const made = open(file);
  expect(made.insert('INSERT INTO teas VALUES (?)', ['Assam'])).toBe(1);
  made.close();
  const again = open(file);
  expect(again.all('SELECT name FROM teas')).toEqual([{ name: 'Assam' }]);
  again.close();
});

test('a newer one is refused and stays as it is; a copy is made anew', () => {
  const file = newer();
  const before = readFileSync(file);
  const refused = expect.objectContaining({
    code: 'tea-newer',
    message: `The list of teas ${file} was written by a newer Soloist (its version is 7, this one knows up to 1).`,
  });
  expect(() => open(file)).toThrow(refused);
  expect(() => readFrom(file, PLAN, () => 'read')).toThrow(refused);
  expect(readFileSync(file)).toEqual(before);

  const copy = open(file, { isCopy: true });
  expect(copy.get('PRAGMA user_version')).toEqual({ user_version: 1 });
  copy.close();
  expect(warned).toEqual([]);
});

test('one whose making was cut short by a crash is rolled back', () => {
  const working = join(temporaryFolder(), 'working.db');
  const file = join(temporaryFolder(), 'teas.db');
  const database = new DatabaseSync(working);
  // A small cache, so that pages are written before the transaction ends.
  database.exec(`CREATE TABLE other (x); INSERT INTO other VALUES (1);
    PRAGMA cache_size = 1; BEGIN; CREATE TABLE teas (name TEXT)`);
  for (let row = 0; row < 500; row++) database.exec(`INSERT INTO teas VALUES ('${'x'.repeat(500)}')`);
  for (const suffix of ['', '-journal']) copyFileSync(`${working}${suffix}`, `${file}${suffix}`);
  database.close();
  const opened = open(file);
  expect(opened.all('SELECT name FROM teas')).toEqual([]);
  opened.close();
});

test('a transaction that takes its time is whole, or nothing of it is there', async () => {
  const database = open(join(temporaryFolder(), 'teas.db'));
  const add = (name: string) => database.run('INSERT INTO teas VALUES (?)', [name]);
  const broken = database.longTransaction(async () => {
    add('Assam');
    await new Promise(setImmediate);
    throw new Error('spilled');
  });
  expect(() => database.transaction(() => add('Ceylon')), 'part of the long one').not.toThrow();
  await expect(broken).rejects.toThrow('spilled');
  expect(database.all('SELECT name FROM teas')).toEqual([]);
  await database.longTransaction(async () => {
    await new Promise(setImmediate);
    add('Darjeeling');
  });
  expect(database.all('SELECT name FROM teas')).toEqual([{ name: 'Darjeeling' }]);
  database.close();
});
