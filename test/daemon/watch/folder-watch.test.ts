import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { WatchTrigger } from '../../../main/daemon/config/configuration.ts';
import { type FolderWatch, watchFolders } from '../../../main/daemon/watch/folder-watch.ts';
import { eventually } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const SETTLE = 200;
const watches: FolderWatch[] = [];
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.close()));
});

interface Watched {
  readonly watch: FolderWatch;
  readonly reports: (readonly string[])[];
  readonly presence: [string, boolean][];
}

async function watched(path: string, more: Partial<WatchTrigger> = {}): Promise<Watched> {
  const reports: (readonly string[])[] = [];
  const presence: [string, boolean][] = [];
  const watch = watchFolders({
    trigger: { kind: 'watch', paths: [path], patterns: [], ignore: [], settle: SETTLE, ...more },
    onFiles: (files) => reports.push(files),
    onPresence: (path, isThere) => presence.push([path, isThere]),
    warn: (message, cause) => {
      throw new Error(message, { cause });
    },
  });
  watches.push(watch);
  // The first look at the folder is not awaited by anybody; files of the test come after it.
  await sleep(300);
  return { watch, reports, presence };
}

async function missing(watch: FolderWatch): Promise<readonly string[]> {
  return (await watch.states(false)).filter(({ state }) => state === 'missing').map(({ path }) => path);
}

test('a burst is one report with all of its files', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'before'), '');
  const { reports } = await watched(folder);
  const files = Array.from({ length: 100 }, (_, index) => join(folder, `file-${index}`)).sort();
  for (const file of files) writeFileSync(file, 'x');
  await eventually('they are reported', () => reports.length > 0);
  await sleep(3 * SETTLE);
  expect(reports).toEqual([files]);
});

test('a file is reported when it has stopped growing, once', async () => {
  const folder = temporaryFolder();
  const { reports } = await watched(folder);
  const file = join(folder, 'slow');
  for (let index = 0; index < 10; index++) {
    appendFileSync(file, 'x');
    await sleep(SETTLE / 2);
    expect(reports).toEqual([]);
  }
  await eventually('it is reported', () => reports.length > 0);
  await sleep(3 * SETTLE);
  expect(reports).toEqual([[file]]);
});

test('changes are reported too, removed files are not', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'kept');
  writeFileSync(file, 'x');
  const { reports } = await watched(folder);
  appendFileSync(file, 'y');
  writeFileSync(join(folder, 'brief'), '');
  rmSync(join(folder, 'brief'));
  await eventually('it is reported', () => reports.length > 0);
  expect(reports).toEqual([[file]]);
});

test('patterns choose by name or by path, and ignored folders are not looked into', async () => {
  const folder = temporaryFolder();
  for (const name of ['deep/er', 'node_modules', 'only']) mkdirSync(join(folder, name), { recursive: true });
  const { reports } = await watched(folder, {
    patterns: ['Screenshot_*.png', 'only/*.txt'],
    ignore: ['node_modules/**'],
  });
  const wanted = ['Screenshot_1.png', 'deep/er/Screenshot_2.png', 'only/a.txt'].map((name) =>
    join(folder, name),
  );
  const unwanted = ['a.txt', 'deep/a.txt', 'node_modules/Screenshot_3.png', 'Screenshot_4.jpg'];
  for (const name of unwanted) writeFileSync(join(folder, name), '');
  for (const file of wanted) writeFileSync(file, '');
  await eventually('they are reported', () => reports.length > 0);
  await sleep(3 * SETTLE);
  expect(reports).toEqual([wanted.sort()]);
});

test('a folder that is not there yet is picked up when it appears, parents and all, with what comes with it', async () => {
  const folder = join(temporaryFolder(), 'not', 'yet');
  const { watch, reports, presence } = await watched(folder);
  expect(await missing(watch)).toEqual([folder]);
  expect(presence).toEqual([[folder, false]]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'file'), 'x');
  await eventually('it is reported', () => reports.length > 0);
  expect(reports).toEqual([[join(folder, 'file')]]);
  expect(await missing(watch)).toEqual([]);
  expect(presence).toEqual([
    [folder, false],
    [folder, true],
  ]);
});

test('a folder that disappears is missing, and is followed again when it comes back', async () => {
  const folder = join(temporaryFolder(), 'folder');
  mkdirSync(folder);
  const { watch, reports, presence } = await watched(folder);
  renameSync(folder, `${folder}-gone`);
  await eventually('it is missing', async () => (await missing(watch)).length === 1);
  mkdirSync(folder);
  await eventually('it is there', async () => (await missing(watch)).length === 0);
  await sleep(300);
  writeFileSync(join(folder, 'file'), 'x');
  await eventually('it is reported', () => reports.length > 0);
  expect(reports).toEqual([[join(folder, 'file')]]);
  expect(presence).toEqual([
    [folder, false],
    [folder, true],
  ]);
});

test('a single file can be watched', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'x');
  const { reports } = await watched(file);
  appendFileSync(file, 'y');
  await eventually('it is reported', () => reports.length > 0);
  expect(reports).toEqual([[file]]);
});

test('closed, it reports nothing any more', async () => {
  const folder = temporaryFolder();
  const { watch, reports } = await watched(folder);
  writeFileSync(join(folder, 'file'), 'x');
  await sleep(SETTLE / 4);
  await watch.close();
  await sleep(3 * SETTLE);
  expect(reports).toEqual([]);
});
