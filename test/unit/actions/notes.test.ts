import { describe, expect, test } from 'vitest';
import { pieces } from '../../../main/daemon/actions/notes/markdown.ts';
import { parseNote } from '../../../main/daemon/actions/notes/parse.ts';
import { linkTo, notesByName, resolveLink } from '../../../main/daemon/actions/notes/resolve.ts';
import { noteText } from '../../../main/daemon/actions/notes/text.ts';

const parse = (text: string, path = 'Folder/A note.md') => parseNote(path, text);

describe('a note', () => {
  test('has a title of its front matter, else its first heading, else its file', () => {
    expect(parse('---\ntitle: Written\n---\n# Heading').title).toBe('Written');
    expect(parse('text\n\n# Heading\n\n# Second').title).toBe('Heading');
    expect(parse('only text').title).toBe('A note');
    expect(parse('').title).toBe('A note');
  });

  test('has tags of its text and of its front matter, without those in code and in links', () => {
    const { tags } = parse(
      '---\ntags: [garden, "#herbs"]\n---\nA #tag/below, `#code`, [[Note#heading]], # no, #1984.',
    );
    expect(tags.toSorted()).toEqual(['garden', 'herbs', 'tag/below']);
    expect(parse('---\ntags: one two\n---\n').tags).toEqual(['one', 'two']);
  });

  test('has links of all kinds, and none of what stands in code', () => {
    const { links } = parse(
      [
        '[[One]] ![[Two.md]] [[folder/Three#Heading|shown]] [[_Four_]] [Five](../Five%20and.md#part) [web](https://x.org/a.md)',
        '`[[No]]`',
        '```\n[[Neither]]\n```',
        '<!-- [[Nor this]] -->',
        '[six]: six.md',
      ].join('\n\n'),
    );
    expect(links.map(({ target }) => target).toSorted()).toEqual(
      ['../Five and.md', 'One', 'Two.md', '_Four_', 'folder/Three', 'six.md'].toSorted(),
    );
  });

  test('has a text without code, addresses and marks, with what links show', () => {
    const { text } = parse(
      'Read **this** [[Page|shown]] and [[Other]] at https://x.org/path `code`.\n\n```\ncode\n```',
    );
    expect(text).toMatch(/^Read this shown and Other at\s+\.$/);
  });

  test('is not lost with its front matter broken, which is told', () => {
    const { title, text, warning } = parse('---\ntitle: "open\ntags: [a\n---\n# Still here\n\nText.');
    expect({ title, text }).toEqual({ title: 'Still here', text: 'Text.' });
    expect(warning).toContain('front matter is broken');
    expect(parse('---\n- a list\n---\nText').warning).toContain('no mapping');
  });

  test('has an id and aliases of its front matter', () => {
    const { uid, aliases } = parse('---\nid: 2024\naliases: [Short, Other name]\n---\n');
    expect({ uid, aliases }).toEqual({ uid: '2024', aliases: ['Short', 'Other name'] });
  });

  test('is read with any line endings', () => {
    const text = '---\ntitle: T\n---\n# H\n\nOne\ntwo [[X]]\n';
    for (const ending of ['\r\n', '\r']) {
      const { title, headings, links } = parse(text.replaceAll('\n', ending));
      expect({ title, headings, links }).toEqual({
        title: 'T',
        headings: ['H'],
        links: [{ kind: 'wiki', target: 'X' }],
      });
    }
  });

  test('of five megabytes is parsed in pieces that are cut nowhere else than between blocks', () => {
    const block = '## Heading\n\nSome text of a paragraph.\n\n```\n# no heading\n\nnor a paragraph\n```\n\n';
    const text = block.repeat(3_000);
    const cut = pieces(text);
    expect(cut.map((piece) => piece.text).join('')).toBe(text);
    expect(cut.length).toBeGreaterThan(10);
    for (const piece of cut.slice(1)) expect(piece.text.startsWith('## Heading')).toBe(true);
  });
});

test('bytes are read as UTF-8, with or without its mark, UTF-16, or what Windows wrote before', () => {
  expect(noteText(Buffer.from('\ufeffä'))).toEqual({ text: 'ä', oddity: undefined });
  expect(noteText(Buffer.from('\ufeffä', 'utf16le'))?.text).toBe('ä');
  expect(noteText(Buffer.from('\ufeffä', 'utf16le').swap16())?.text).toBe('ä');
  expect(noteText(Buffer.from([0xe4, 0x20, 0x80]))?.text).toBe('ä €');
  expect(noteText(Buffer.from([1, 0, 2]))).toBeUndefined();
});

describe('a link', () => {
  const named = notesByName([
    { path: 'Note.md' },
    { path: 'a/Note.md' },
    { path: 'a/b/Deep.md', aliases: ['Also this'] },
    { path: 'c/Deep.md' },
    { path: 'c/Single.md' },
  ]);
  const wiki = (target: string, from = 'x.md') => resolveLink({ kind: 'wiki', target }, from, named);

  test('leads where Obsidian has it lead', () => {
    expect(wiki('note')).toBe('Note.md');
    expect(wiki('NOTE', 'a/x.md')).toBe('Note.md');
    expect(wiki('Deep')).toBe('c/Deep.md');
    expect(wiki('Deep', 'a/x.md')).toBe('a/b/Deep.md');
    expect(wiki('b/Deep')).toBe('a/b/Deep.md');
    expect(wiki('Single.md')).toBe('c/Single.md');
    expect(wiki('./Note', 'a/x.md')).toBe('a/Note.md');
    expect(wiki('../c/Deep', 'a/x.md')).toBe('c/Deep.md');
    expect(wiki('/a/Note')).toBe('a/Note.md');
    expect(wiki('also this')).toBe('a/b/Deep.md');
    expect(wiki('missing')).toBeUndefined();
    expect(resolveLink({ kind: 'markdown', target: 'Note.md' }, 'a/x.md', named)).toBe('a/Note.md');
  });

  test('is written as short as it is unambiguous, and leads back', () => {
    expect(linkTo('c/Single.md', named)).toBe('[[Single]]');
    expect(linkTo('c/Deep.md', named)).toBe('[[c/Deep]]');
    expect(linkTo('Note.md', named)).toBe('[[Note]]');
    for (const path of ['Note.md', 'a/Note.md', 'a/b/Deep.md', 'c/Deep.md'])
      expect(wiki(linkTo(path, named).slice(2, -2), 'a/x.md')).toBe(path);
    const odd = notesByName([{ path: 'f/C# (notes).md' }]);
    expect(linkTo('f/C# (notes).md', odd)).toBe('[C# (notes)](f/C%23%20%28notes%29.md)');
  });
});
