import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FirstSeen } from '../../../main/daemon/jobs/first-seen.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const newFile = () => join(temporaryFolder(), 'first-seen.json');
const neverWarn = (error: unknown) => {
  throw error;
};

test('a trigger keeps the time at which it was first seen, also through a restart', () => {
  const file = newFile();
  const before = FirstSeen.read(file, neverWarn);
  expect([...before.see('backup', ['a', 'b'], 100)]).toEqual([
    ['a', 100],
    ['b', 100],
  ]);
  before.save();
  const after = FirstSeen.read(file, neverWarn);
  expect([...after.see('backup', ['a', 'c'], 200)]).toEqual([
    ['a', 100],
    ['c', 200],
  ]);
  expect([...after.see('backup', ['b', 'a'], 300)]).toEqual([
    ['b', 300],
    ['a', 100],
  ]);
});

test('a job that was forgotten begins afresh', () => {
  const seen = FirstSeen.empty(newFile());
  seen.see('one', ['a'], 100);
  seen.see('two', ['a'], 100);
  seen.keepOnly((job) => job === 'two');
  expect([...seen.see('one', ['a'], 200).values()]).toEqual([200]);
  expect([...seen.see('two', ['a'], 200).values()]).toEqual([100]);
});

test('a file that cannot be read is told of, and nothing is known', () => {
  for (const text of ['', '[', 'null', '{"job": 3}', '{"job": {"a": "x"}}']) {
    const file = newFile();
    writeFileSync(file, text);
    const told: unknown[] = [];
    const seen = FirstSeen.read(file, (error) => told.push(error));
    expect(told.length).toBe(1);
    expect([...seen.see('job', ['a'], 7).values()]).toEqual([7]);
  }
});

test('it is written only after a change', () => {
  const file = newFile();
  const seen = FirstSeen.empty(file);
  seen.see('job', ['a'], 7);
  seen.save();
  writeFileSync(file, 'untouched');
  seen.see('job', ['a'], 8);
  seen.save();
  expect(readFileSync(file, 'utf8')).toBe('untouched');
});
