import { expect, test } from 'vitest';
import { nextSource, type Source, type SourceEvent } from '../../../main/shell/source/source.ts';
import { owner } from './views.ts';

const one = owner();
const other = owner({ instanceId: 'two', pid: 5 });
const own: Source = { kind: 'own' };
const duplicate: Source = { kind: 'duplicate', owner: one };
const attached: Source = { kind: 'attached', owner: one };
const gone: Source = { kind: 'gone', owner: one };

const table: [Source, SourceEvent, Source][] = [
  [own, { kind: 'own' }, own],
  [own, { kind: 'other-found', owner: one }, duplicate],
  [own, { kind: 'other-found', owner: null }, { kind: 'duplicate', owner: null }],
  [own, { kind: 'other-ended' }, own],
  [duplicate, { kind: 'attached', owner: one }, attached],
  [duplicate, { kind: 'other-ended' }, gone],
  [duplicate, { kind: 'own' }, own],
  [duplicate, { kind: 'other-found', owner: one }, duplicate],
  [duplicate, { kind: 'other-found', owner: null }, duplicate],
  [duplicate, { kind: 'other-found', owner: other }, { kind: 'duplicate', owner: other }],
  [attached, { kind: 'other-found', owner: one }, attached],
  [attached, { kind: 'other-found', owner: other }, { kind: 'duplicate', owner: other }],
  [attached, { kind: 'other-ended' }, gone],
  [attached, { kind: 'own' }, own],
  [gone, { kind: 'other-found', owner: one }, duplicate],
  [gone, { kind: 'other-ended' }, gone],
  [gone, { kind: 'own' }, own],
];

test.for(table)('%j and %j make %j', ([source, event, next]) => {
  expect(nextSource(source, event)).toEqual(next);
});

test('is the same object where nothing changes, so that nobody is told', () => {
  for (const [source, event, next] of table)
    if (JSON.stringify(source) === JSON.stringify(next)) expect(nextSource(source, event)).toBe(source);
});
