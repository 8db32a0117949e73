import { expect, test } from 'vitest';
import { isolate, isolateIn } from '../../../renderer/bidi.ts';

test.for([
  ['a', 'a failed, as a does', `${isolate('a')} failed, as ${isolate('a')} does`],
  ['a.b', 'axb and a.b.', `axb and ${isolate('a.b')}.`],
  [
    'sync',
    'sync-notes and re-sync are others than sync',
    `sync-notes and re-sync are others than ${isolate('sync')}`,
  ],
  ['ניסוי', 'ניסוי failed', `${isolate('ניסוי')} failed`],
  ['(c++)', 'The service (c++) was given up', `The service ${isolate('(c++)')} was given up`],
  ['', 'nothing', 'nothing'],
])('the name %s is isolated as a whole in: %s', ([name = '', sentence = '', expected]) => {
  expect(isolateIn(sentence, name)).toBe(expected);
});
