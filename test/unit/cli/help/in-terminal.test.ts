import { expect, test } from 'vitest';
import { inTerminal } from '../../../../main/cli/help/in-terminal.ts';
import { readMarkdown } from '../../../../main/cli/help/markdown.ts';
import { topic, topicNames } from '../../../../main/cli/help/topics.ts';
import { width } from '../../../../main/cli/table.ts';

const page = `# Title

A paragraph of \`code\` and
**strong** words.

- one
  that goes on
- two

    code:   kept   as it is
      also this

    and after an empty line

## Part

| key | meaning |
| --- | --- |
| \`a\` | short \\| barred |
| \`bcd\` | a longer text that has to be wrapped in a narrow terminal |
`;

test('Markdown is read as blocks', () => {
  expect(readMarkdown(page)).toEqual([
    { kind: 'heading', level: 1, text: 'Title' },
    { kind: 'paragraph', text: 'A paragraph of `code` and **strong** words.' },
    { kind: 'list', items: ['one that goes on', 'two'] },
    { kind: 'code', lines: ['code:   kept   as it is', '  also this', '', 'and after an empty line'] },
    { kind: 'heading', level: 2, text: 'Part' },
    {
      kind: 'table',
      titles: ['key', 'meaning'],
      rows: [
        ['`a`', 'short | barred'],
        ['`bcd`', 'a longer text that has to be wrapped in a narrow terminal'],
      ],
    },
  ]);
});

test('a terminal shows it wrapped, with tables aligned', () => {
  expect(inTerminal(page, { columns: 40, color: false })).toBe(`Title

A paragraph of \`code\` and strong words.

- one that goes on
- two

    code:   kept   as it is
      also this

    and after an empty line

Part

KEY    MEANING
\`a\`    short | barred
\`bcd\`  a longer text that has to be
       wrapped in a narrow terminal`);
});

test('a table that finds no room stands as a list', () => {
  const table = `| a long first title | second | third |
| --- | --- | --- |
| one that is long | a text of many words that takes all the room | last |
`;
  expect(inTerminal(table, { columns: 40, color: false })).toBe(`one that is long
    a text of many words that takes all
    the room
    third: last`);
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours.
const withoutColors = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, '');

test('colours change neither width nor words, and stand for the quotes of code', () => {
  const plain = withoutColors(inTerminal(page, { columns: 40, color: true }));
  expect(plain).toContain('A paragraph of code and strong words.');
  expect(plain).toContain('bcd  a longer text that has to be\n     wrapped');
});

test.for(topicNames())('the topic %s fits each terminal, and says all of its words', (name) => {
  const { title = '', markdown = '' } = topic(name) ?? {};
  expect(markdown.startsWith(`# ${title}\n`)).toBe(true);
  const code = new Set(readMarkdown(markdown).flatMap((block) => (block.kind === 'code' ? block.lines : [])));
  for (const columns of [40, 80, 200]) {
    for (const line of inTerminal(markdown, { columns, color: false }).split('\n')) {
      const isCode = line.startsWith('    ') && code.has(line.slice(4));
      const isOneWord = !line.trim().includes(' ');
      if (!isCode && !isOneWord) expect(width(line), line).toBeLessThanOrEqual(columns);
    }
  }
  const letters = (text: string): string => text.replaceAll(/[^\p{L}\d]+/gu, '');
  const shown = letters(inTerminal(markdown, { columns: 80, color: false }));
  const said = readMarkdown(markdown).flatMap((block) => {
    if (block.kind === 'table') return block.rows.flat();
    return block.kind === 'code' ? block.lines : block.kind === 'list' ? block.items : [block.text];
  });
  expect(said.filter((text) => /^[|#]/.test(text))).toEqual([]);
  // Where the second column is wrapped, no other comes between its words.
  for (const text of said) expect(shown).toContain(letters(text));
});
