import { expect, test } from 'vitest';
import { nearest, passagesOf } from '../../../main/daemon/actions/links/passage.ts';
import { languageOf, stem, wordsIn } from '../../../main/daemon/actions/links/words.ts';

const terms = (text: string) => wordsIn(text, languageOf(text)).map(({ term }) => term);

test('words are folded so that forms of one word are one term, and stop words are left out', () => {
  for (const [one, other] of [
    ['tomatoes', 'tomato'],
    ['gardens', 'garden'],
    ['planting', 'planted'],
    ['running', 'run'],
    ['stories', 'story'],
    ['houses', 'house'],
  ] as const)
    expect([one, stem(one, 'en')]).toEqual([one, stem(other, 'en')]);
  for (const [one, other] of [
    ['Gärten', 'Garten'],
    ['Kinder', 'Kindes'],
    ['Straßen', 'Strasse'],
  ] as const)
    expect(stem(one.toLowerCase(), 'de')).toBe(stem(other.toLowerCase(), 'de'));
  expect(stem('café', undefined)).toBe('cafe');
  expect(terms('The gardens are in the garden, and it’s John’s.')).toEqual(['garden', 'garden', 'john']);
});

test('the language of a text is told by its small words', () => {
  expect(languageOf('The cat sat on the mat and looked at the dog')).toBe('en');
  expect(languageOf('Die Katze liegt auf der Matte und sieht den Hund an')).toBe('de');
  expect(languageOf('機械学習は人工知能の一分野である')).toBeUndefined();
  expect(languageOf('')).toBeUndefined();
});

test('scripts without spaces are split into words', () => {
  expect(terms('機械学習は人工知能の一分野である')).toContain('人工');
  expect(terms('我喜欢吃苹果')).toContain('苹果');
  expect(terms('Заметки о садоводстве')).toEqual(
    ['заметки', 'о', 'садоводстве'].filter((word) => word.length > 1),
  );
});

test('the passage is the one that has most of the terms, without marks, headings and code', () => {
  const passages = passagesOf(
    '---\ntitle: basil\n---\n# Basil\n\nNothing here.\n\nGrow **basil** beside [[Tomato|tomatoes]].\n\n```\nbasil basil\n```\n\n- A list of basil',
  );
  const found = nearest(
    passages,
    new Map([
      ['basil', 2],
      ['tomato', 3],
    ]),
  );
  expect(found).toBe('Grow basil beside tomatoes.');
  expect(nearest(passages, new Map([['parsley', 1]]))).toBe('');
});
