import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addedTo } from '../../../renderer/links/added.ts';
import { actionOf, chosenOf, inFormerOrder, nextAfter } from '../../../renderer/links/choice.ts';
import { markedText, type Piece, passageIn, termsIn } from '../../../renderer/links/marks.ts';
import { percentOf } from '../../../renderer/links/sureness.ts';

const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
const wordsOf = (text: string, terms: readonly string[]): string[] =>
  termsIn(text, terms).map(({ from, to }) => text.slice(from, to));

describe('the passage', () => {
  test.each([
    ['as it is', 'One.\n\nTwo words here.\n\nThree.', 'Two words here.', 'Two words here.'],
    ['over lines', 'One.\n\nTwo\n  words here!\nThree.', 'Two words here!', 'Two\n  words here!'],
    [
      'with emphasis',
      'It is **very** ==good== `code`.',
      'It is very good code.',
      'It is **very** ==good== `code`.',
    ],
    [
      'with links',
      'See [[Path/Note|the note]] and [that](http://x.org) now.',
      'See the note and that now.',
      'See [[Path/Note|the note]] and [that](http://x.org) now.',
    ],
    ['that begins with a link', '- [[A|alpha]] comes first', 'alpha comes first', 'alpha]] comes first'],
    ['that was cut', 'A long one that goes on and on.', 'A long one that…', 'A long one that'],
    ['in another script', 'א.\n\nלחם *שיפון* טוב.\n', 'לחם שיפון טוב.', 'לחם *שיפון* טוב.'],
    ['after characters of two units', '👍👍 𝒳 is here', '𝒳 is here', '𝒳 is here'],
  ])('is found %s', (_, text, passage, expected) => {
    const found = passageIn(text, passage);
    expect(found && text.slice(found.from, found.to)).toBe(expected);
  });

  test('that is not there, or is none, is not found', () => {
    expect(passageIn('One two.', 'three')).toBeUndefined();
    expect(passageIn('One two.', '')).toBeUndefined();
    expect(passageIn('', 'one')).toBeUndefined();
    expect(textOf(markedText('One two.', 'three', []).before)).toBe('One two.');
  });
});

describe('shared terms', () => {
  test.each([
    [
      'with other endings',
      'Starters, starter; baking and baked. Cities!',
      ['starter', 'baked', 'city'],
      ['Starters', 'starter', 'baking', 'baked', 'Cities'],
    ],
    ['not within other words', 'market marker form reform starting', ['mark', 'form', 'art'], ['form']],
    [
      'in any case, with and without accents',
      'Café CAFE Straße',
      ['cafe', 'strasse'],
      ['Café', 'CAFE', 'Straße'],
    ],
    ['in German', 'Die Wohnungen der Wohnung', ['wohnung'], ['Wohnungen', 'Wohnung']],
    ['without spaces', '東京大学に行く', ['大学', '東京'], ['東京', '大学']],
    ['of short words as they are', 'AI said so', ['ai'], ['AI']],
  ])('are found %s', (_, text, terms, expected) => {
    expect(wordsOf(text, terms)).toEqual(expected);
  });
});

test('the marked pieces are the text, whatever it is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(
      text,
      text,
      fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }),
      (before, inner, terms) => {
        const whole = `${before}${inner}${terms.join(' ')}`;
        const { before: first, passage, after } = markedText(whole, inner, terms);
        expect(textOf([...first, ...passage, ...after])).toBe(whole);
      },
    ),
  );
});

test('a long note is marked in no time', () => {
  const text = 'The starter [[is|was]] fed and **the** dough rose. '.repeat(2_000);
  const { passage } = markedText(`${text}\n\nHere it ends.`, 'Here it ends.', ['starter', 'dough']);
  expect(textOf(passage)).toBe('Here it ends.');
});

describe('what accepting wrote', () => {
  test.each([
    [
      'in a new section',
      'Text.\n',
      'Text.\n\n## Related\n\n- [[A]]\n',
      { link: '[[A]]', heading: 'Related' },
    ],
    [
      'in one that is there',
      '## See ##\r\n\r\n- [[A]]\r\n',
      '## See ##\r\n\r\n- [[A]]\r\n- [[B/C]]\r\n',
      { link: '[[B/C]]', heading: 'See' },
    ],
    ['as an address', 'x', 'x\n- [A](A%23.md)', { link: '[A](A%23.md)', heading: undefined }],
    ['nothing', 'x [[A]]', 'x [[A]]', undefined],
    ['something else', 'x', 'x\ny', undefined],
  ])('is told: %s', (_, before, after, expected) => {
    expect(addedTo(before, after)).toEqual(expected);
  });
});

describe('the choice', () => {
  const links = ['a', 'b', 'c'].map((id) => ({ id }));
  test('stays, or is what stands where it stood', () => {
    expect(chosenOf(links, 'b', 0)?.id).toBe('b');
    expect(chosenOf(links, 'gone', 1)?.id).toBe('b');
    expect(chosenOf(links, 'gone', 9)?.id).toBe('c');
    expect(chosenOf(links, undefined, 0)?.id).toBe('a');
    expect(chosenOf([], 'a', 0)).toBeUndefined();
  });
  test('is made among what stays in its order, what is new at the end', () => {
    const read = ['x', 'c', 'a', 'y'].map((id) => ({ id }));
    expect(inFormerOrder(links, read).map(({ id }) => id)).toEqual(['a', 'c', 'x', 'y']);
    expect(inFormerOrder([], read)).toEqual(read);
  });
  test('goes on, and from the last to the first', () => {
    expect(nextAfter(links, 'a')?.id).toBe('b');
    expect(nextAfter(links, 'c')?.id).toBe('a');
    expect(nextAfter([{ id: 'a' }], 'a')).toBeUndefined();
  });
});

test('keys decide, but neither held ones nor commands', () => {
  const key = (key: string, more: object = {}) =>
    actionOf({ key, code: '', repeat: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
  expect(['a', 'D', 's', 'U', 'x', 'Enter'].map((one) => key(one))).toEqual([
    'accept',
    'dismiss',
    'skip',
    'undo',
    undefined,
    undefined,
  ]);
  expect(key('ф', { code: 'KeyA' })).toBe('accept');
  // On a French keyboard the key of Q is called A.
  expect(key('q', { code: 'KeyA' })).toBeUndefined();
  for (const held of ['repeat', 'ctrlKey', 'metaKey', 'altKey'])
    expect(key('a', { [held]: true })).toBeUndefined();
});

test('how sure is told in whole percent', () => {
  expect([0, 0.354, 1, 1.2].map(percentOf)).toEqual([0, 35, 100, 100]);
});
