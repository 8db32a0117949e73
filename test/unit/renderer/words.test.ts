import { expect, test } from 'vitest';
import { wordsOf } from '../../../renderer/jobs/words.ts';

test.each([
  ['', []],
  ['  one   two ', ['one', 'two']],
  [`--name "two words" 'it is $HOME'`, ['--name', 'two words', 'it is $HOME']],
  [`a"b c"d '' ""`, ['ab cd', '', '']],
  ['one\\ word "a \\" b"', ['one word', 'a " b']],
  [`'back\\slash'`, ['back\\slash']],
  [`"open quote`, ['open quote']],
])('%j are the words %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});
