import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DayFiles, dayOf, logFiles } from '../../../main/daemon/log/day-files.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const DAY = 24 * 60 * 60 * 1000;
const noon = new Date(2026, 10, 23, 12).getTime();

test('a file per day, the day being that of the computer’s time zone', () => {
  const folder = temporaryFolder();
  let now = noon;
  const files = new DayFiles(folder, { keep: 100 * DAY, maxSize: 1e9 }, () => now);
  files.write('one\n');
  files.write('two\n');
  now += DAY;
  files.write('three\n');
  files.close();
  expect(readdirSync(folder)).toEqual(['daemon-2026-11-23.log', 'daemon-2026-11-24.log']);
  expect(readFileSync(join(folder, 'daemon-2026-11-23.log'), 'utf8')).toBe('one\ntwo\n');
});

test('goes on in the file of the day', () => {
  const folder = temporaryFolder();
  for (const line of ['one\n', 'two\n']) {
    const files = new DayFiles(folder, { keep: DAY, maxSize: 1e9 }, () => noon);
    files.write(line);
    files.close();
  }
  expect(readFileSync(join(folder, `daemon-${dayOf(noon)}.log`), 'utf8')).toBe('one\ntwo\n');
});

test('files older than the limit go, files of others stay', () => {
  const folder = temporaryFolder();
  for (let days = 1; days <= 5; days++) {
    const path = join(folder, `daemon-${dayOf(noon - days * DAY)}.log`);
    writeFileSync(path, 'x');
    utimesSync(path, new Date(noon - days * DAY), new Date(noon - days * DAY));
  }
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  new DayFiles(folder, { keep: 2.5 * DAY, maxSize: 1e9 }, () => noon).write('x\n');
  expect(readdirSync(folder)).toEqual([
    'daemon-2026-11-21.log',
    'daemon-2026-11-22.log',
    'daemon-2026-11-23.log',
    'notes.txt',
  ]);
});

test('together they stay within the size limit, the newest lines are kept, and a day has parts', () => {
  const folder = temporaryFolder();
  const files = new DayFiles(folder, { keep: DAY, maxSize: 4_000 }, () => noon);
  for (let index = 0; index < 1_000; index++) files.write(`${String(index).padStart(9)}\n`);
  const texts = logFiles(folder).map((path) => readFileSync(path, 'utf8'));
  const lines = texts.join('').trim().split('\n').map(Number);
  expect(texts.join('').length).toBeLessThanOrEqual(4_000);
  expect(texts.length).toBeGreaterThan(1);
  expect(lines.at(-1)).toBe(999);
  expect(lines).toEqual(lines.map((_, index) => (lines[0] ?? 0) + index));
  files.retain({ keep: DAY, maxSize: 1_500 });
  expect(
    logFiles(folder)
      .map((path) => readFileSync(path, 'utf8'))
      .join('').length,
  ).toBeLessThanOrEqual(1_500);
});

test('what cannot be written is counted, and told with the next line', () => {
  const folder = join(temporaryFolder(), 'logs');
  writeFileSync(folder, 'in the way');
  const files = new DayFiles(folder, { keep: DAY, maxSize: 1e6 }, () => noon);
  files.write('one\n');
  files.write('two\n');
  rmSync(folder);
  mkdirSync(folder);
  files.write('three\n');
  const [told, three] = readFileSync(join(folder, `daemon-${dayOf(noon)}.log`), 'utf8')
    .trim()
    .split('\n');
  expect(JSON.parse(told ?? '')).toMatchObject({
    level: 40,
    msg: expect.stringContaining('2 log lines before this one were lost'),
  });
  expect(three).toBe('three');
});
