import { expect, test } from 'vitest';
import { descendantsOf } from '../../../main/daemon/process/descendants.ts';

const entry = (pid: number, parent: number, group: number) => ({
  pid,
  parent,
  group,
  started: '1',
  command: '',
});

test('finds children, their children, and who was given to init out of their groups; nobody else', () => {
  const processes = [
    entry(1, 0, 1),
    entry(10, 1, 10),
    entry(11, 10, 11),
    entry(12, 11, 11),
    entry(13, 1, 11),
    entry(14, 13, 14),
    entry(20, 1, 10),
    entry(21, 1, 21),
  ];
  expect(descendantsOf(10, processes).map(({ pid }) => pid)).toEqual([11, 12, 13, 14]);
});
