import { describe, expect, test } from 'vitest';
import { readIni } from '../../../main/import/supervisor/ini-text.ts';
import { environmentOf, expand, splitCommand } from '../../../main/import/supervisor/text.ts';

const read = (text: string) =>
  Object.fromEntries(
    readIni(text, 'x.conf').map(({ name, options }) => [
      name,
      Object.fromEntries([...options].map(([key, { value, line }]) => [key, `${line}: ${value}`])),
    ]),
  );

describe('the text of an INI file', () => {
  test('continuation lines, comments and both signs', () => {
    expect(
      read(
        '[a]\nKey = one\n  two ; no more\n  # nothing\n\n  three\nother: x;y#z\n; off\n[b] ; why\nempty=\n',
      ),
    ).toEqual({ a: { key: '2: one\ntwo\n\nthree', other: '7: x;y#z' }, b: { empty: '10: ' } });
  });
  test('sections that are there twice are one, and the later option holds', () => {
    expect(read('[a]\nx=1\ny=1\n[b]\n[a]\nx=2')).toEqual({ a: { x: '6: 2', y: '3: 1' }, b: {} });
  });
  test('[DEFAULT] holds in all', () => {
    expect(read('[DEFAULT]\nuser=ada\n[a]\nx=1\n[b]\nuser=bo')).toEqual({
      a: { x: '4: 1', user: '2: ada' },
      b: { user: '6: bo' },
    });
  });
  test('CRLF and a byte order mark', () => {
    expect(read('\uFEFF[a]\r\nx=1\r\n')).toEqual({ a: { x: '2: 1' } });
  });
  test.each([
    ['x=1', 'x.conf:1 cannot be read: there is no [section] before it.'],
    ['[a]\nx', 'x.conf:2 cannot be read: it is neither a [section] nor name=value.'],
    ['[a]\n= 1', 'x.conf:2 cannot be read: it is neither a [section] nor name=value.'],
  ])('%j is refused', (text, message) => {
    expect(() => readIni(text, 'x.conf')).toThrow(message);
  });
});

// What Python's shlex.split says.
test.each([
  ['a  b\tc\nd', ['a', 'b', 'c', 'd']],
  [String.raw`"a\b\"c\\"`, ['a\\b"c\\']],
  [String.raw`a\ b`, ['a b']],
  [`'x"y' z`, ['x"y', 'z']],
  ['""', ['']],
  ['--a="b c"d', ['--a=b cd']],
])('the words of %j', (text, words) => {
  expect(splitCommand(text)).toEqual({ ok: true, value: words });
});

test.each(['"a', "'a", 'a\\', '', '  '])('the command %j is refused', (text) => {
  expect(splitCommand(text).ok).toBe(false);
});

// What supervisor's dict_of_key_value_pairs says.
test.each([
  ['A="1",B=\'2\',C=x/y.z+-():', { A: '1', B: '2', C: 'x/y.z+-():' }],
  ['A="x,y=z" , B=""', { A: 'x,y=z', B: '' }],
  ['A="a\nb",\n  B=1,', { A: 'a\nb', B: '1' }],
  ['', {}],
])('the environment %j', (text, variables) => {
  expect(environmentOf(text)).toEqual({ ok: true, value: variables });
});

test.each(['A', 'A=', 'A=b@c,D=e', '"A', 'A="b'])('the environment %j is refused', (text) => {
  expect(environmentOf(text).ok).toBe(false);
});

test.each([
  ['%(a)s-%(n)02d-%(n)d-%%', 'x-07-7-%', []],
  ['%(nobody)s', '%(nobody)s', ['nobody']],
  ['%(toString)s', '%(toString)s', ['toString']],
  ['%(n)-3d|%(n)x', '7  |7', []],
])('%j expands', (text, expanded, unknown) => {
  expect(expand(text, { a: 'x', n: 7 })).toEqual({ ok: true, value: { text: expanded, unknown } });
});

test.each(['100%', '%H:%M', '%(a)d', '%(a', '%(a)'])('%j is refused', (text) => {
  expect(expand(text, { a: 'x' }).ok).toBe(false);
});
