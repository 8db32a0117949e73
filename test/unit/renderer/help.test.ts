import { describe, expect, test } from 'vitest';
import type { HelpTopic } from '../../../main/control/app-calls.ts';
import { findTopics, piecesOf } from '../../../renderer/help/search.ts';

const topics: readonly HelpTopic[] = [
  { name: 'output', title: 'Output', blocks: [{ kind: 'paragraph', text: 'A guard pipe.' }] },
  {
    name: 'guards',
    title: 'Guards: too many copies',
    blocks: [{ kind: 'code', lines: ['guards:', '  x: 1'] }],
  },
  {
    name: 'jobs',
    title: 'Jobs',
    blocks: [{ kind: 'table', titles: ['what'], rows: [['Sleep', 'is GUARDED']] }],
  },
];
const names = (search: string): readonly string[] => findTopics(topics, search).map(({ name }) => name);

test.each([
  ['', ['output', 'guards', 'jobs']],
  ['guard', ['guards', 'output', 'jobs']],
  ['Copies MANY', ['guards']],
  ['guards x', ['guards']],
  ['sleep', ['jobs']],
  ['nowhere', []],
])('a search for %j finds those with all words, titles first', (search, expected) => {
  expect(names(search)).toEqual(expected);
});

describe('a text', () => {
  const isTopic = (name: string): boolean => name === 'guards';
  test.each([
    ['plain', [{ kind: 'plain', text: 'plain' }]],
    [
      'a `b` **c**',
      [
        { kind: 'plain', text: 'a ' },
        { kind: 'code', text: 'b' },
        { kind: 'plain', text: ' ' },
        { kind: 'bold', text: 'c' },
      ],
    ],
    ['`soloist help guards`', [{ kind: 'topic', text: 'soloist help guards', topic: 'guards' }]],
    ['`soloist help nothing`', [{ kind: 'code', text: 'soloist help nothing' }]],
    ['`soloist help guards now`', [{ kind: 'code', text: 'soloist help guards now' }]],
    ['<b>&amp;</b> ` *', [{ kind: 'plain', text: '<b>&amp;</b> ` *' }]],
    ['', []],
  ])('%j is taken apart', (text, expected) => {
    expect(piecesOf(text, isTopic)).toEqual(expected);
  });
});
