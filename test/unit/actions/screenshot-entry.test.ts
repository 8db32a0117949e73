import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';
import { pictureNames } from '../../../main/daemon/actions/screenshots/attachments.ts';
import { fillIn } from '../../../main/daemon/actions/screenshots/date-tokens.ts';
import {
  type Entry,
  entryLines,
  escaped,
  withEntry,
} from '../../../main/daemon/actions/screenshots/entry.ts';

const time = { year: 2026, month: 11, day: 29, hour: 9, minute: 14, second: 5 };

function entry(name = '2026-11-29_09-14-05_0123456789ab.png', more: Partial<Entry> = {}): Entry {
  return { time, app: undefined, path: `Media/Screenshots/${name}`, text: { kind: 'none' }, ...more };
}

const nothing = (): Buffer => Buffer.alloc(0);
const put = (note: string | undefined, one: Entry = entry()): string | undefined =>
  withEntry(note === undefined ? undefined : Buffer.from(note), one, pictureNames, nothing)?.toString();

const block = '09:14\n![[Media/Screenshots/2026-11-29_09-14-05_0123456789ab.png]]\n';

test.for([
  ['an empty note', '', block],
  ['a note', '# Day\n\ntext\n', `# Day\n\ntext\n\n${block}`],
  ['a note without an end of line', 'text', `text\n\n${block}`],
  ['a note with a blank line at its end', 'text\n\n', `text\n\n${block}`],
  ['a note with Windows’ ends of lines', 'a\r\nb\r\n', `a\r\nb\r\n\r\n${block.replaceAll('\n', '\r\n')}`],
  ['a note with a byte order mark only', '\ufeff', `\ufeff${block}`],
  ['a note with a byte order mark', '\ufeffa\n', `\ufeffa\n\n${block}`],
  ['front matter and nothing else', '---\nx: 1\n---', `---\nx: 1\n---\n\n${block}`],
])('an entry is added to %s', ([, before, after]) => {
  expect(put(before)).toBe(after);
});

test('a note that has the picture stays, wherever it has it', () => {
  expect(put(put('text') ?? '')).toBeUndefined();
  expect(put('moved: ![[Elsewhere/2026-11-29_09-14-05_0123456789ab.png|300]]')).toBeUndefined();
});

test('a note that is missing begins as it is told', () => {
  const made = withEntry(undefined, entry(), pictureNames, () => Buffer.from('# Day\r\n'));
  expect(made?.toString()).toBe(`# Day\r\n\r\n${block.replaceAll('\n', '\r\n')}`);
});

test('entries are in the order of time, whatever order they come in, and among what a person wrote', () => {
  const at = (hour: number): Entry =>
    entry(`2026-11-29_${String(hour).padStart(2, '0')}-00-00_0123456789ab.png`, {
      time: { ...time, hour, minute: 0, second: 0 },
      text: { kind: 'text', text: `hour ${hour}` },
    });
  fc.assert(
    fc.property(fc.shuffledSubarray([1, 5, 9, 14, 23], { minLength: 2 }), (hours) => {
      let note = '# Day\n\nwritten\n';
      for (const hour of hours) note = put(note, at(hour)) ?? '';
      const found = [...note.matchAll(/> hour (\d+)/g)].map(([, hour]) => Number(hour));
      expect(found).toEqual([...hours].sort((one, other) => one - other));
      expect(note.startsWith('# Day\n\nwritten\n')).toBe(true);
      expect(note).not.toContain('\n\n\n');
      fromMarkdown(note);
    }),
  );
});

test('all bytes of any note stay, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const before = Buffer.from(bytes);
      const after = withEntry(before, entry(), pictureNames, nothing);
      expect(after?.subarray(0, before.length)).toEqual(before);
    }),
  );
});

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}
const nodes = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodes)];

const awkward = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '# heading',
        '## ',
        '```',
        '~~~',
        ']]',
        '[[',
        '![[x]]',
        '#tag',
        'a #tag',
        '---',
        '===',
        '- list',
        '+ x',
        '* * *',
        '1. one',
        '2) two',
        '> quote',
        '<b>',
        '<!--',
        '-->',
        '%% c %%',
        '$x$',
        '==m==',
        '`c`',
        '| a | b |',
        '|---|---|',
        '[!note]',
        '[a](b)',
        '&amp;',
        '&#35;x',
        '^block',
        'key:: value',
        '{{date}}',
        '<% tp %>',
        'http://a.b/c_d_e',
        '_e_',
        '**b**',
        '\\',
        '    code',
        '\ttab',
        '[^1]: x',
        '\u202e',
        '---\nx: 1\n---',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 12 },
  )
  .chain((parts) => fc.constantFrom(' ', '\n', '', '\r\n', '\n\n').map((between) => parts.join(between)));

test('recognised text is text: it opens nothing, closes nothing, and cannot leave its quote', () => {
  fc.assert(
    fc.property(awkward, awkward, (text, app) => {
      const lines = entryLines(entry(undefined, { app, text: { kind: 'text', text } }));
      expect(lines.every((line) => !/[\r\n]/.test(line))).toBe(true);
      const [head = '', embed = '', ...quote] = lines;
      expect(embed).toBe('![[Media/Screenshots/2026-11-29_09-14-05_0123456789ab.png]]');
      expect(quote.every((line) => line.startsWith('>'))).toBe(true);
      for (const line of [head, ...quote]) {
        expect(line).not.toMatch(/\]\]|\[\[|%%|==|::|<|\{\{/);
        expect(line).not.toMatch(/(?<!\\)#/);
      }
      const note = ['before', '', ...lines, '', 'after'].join('\n');
      const tree = fromMarkdown(note);
      expect(tree.children.at(-1)).toMatchObject({ type: 'paragraph', children: [{ value: 'after' }] });
      const kinds = new Set(nodes(tree as Node).map(({ type }) => type));
      for (const kind of kinds) expect(['root', 'paragraph', 'blockquote', 'text']).toContain(kind);
    }),
    { numRuns: 500 },
  );
});

test('what is escaped reads as it was', () => {
  const shown = (line: string): string =>
    nodes(fromMarkdown(escaped(line)) as Node)
      .map(({ value = '' }) => value)
      .join('');
  for (const line of [
    'Total: 12 € (50% off) #1',
    'a < b && c > d',
    '1. Meet *Ann*',
    '- [ ] milk',
    'x_y_z = _1_',
    'C:\\dir',
  ])
    expect(shown(line)).toBe(line);
});

test.for([
  ['Daily/{date:YYYY-MM-DD}.md', 'Daily/2026-11-29.md'],
  ['{date:YYYY}/{date:MM-MMMM}/{date:D}. {date:dddd}.md', '2026/11-November/29. Sunday.md'],
  ['{date:YY}{date:M}{date:DD} {date}', '261129 2026-11-29'],
  ['{date:GGGG-[W]WW} Q{date:Q}', '2026-W48 Q4'],
  ['{{date}} {{time}} {{date:MMM ddd}} {{time:h:mm A}} {{title}}', '2026-11-29 09:14 Nov Sun 9:14 AM Title'],
  ['{other} {{other}} {date', '{other} {{other}} {date'],
  ['{date:[Day] D}', 'Day 29'],
])('%s becomes %s', ([written, meant]) => {
  expect(fillIn(written ?? '', time, 'Title')).toBe(meant);
});

test.for([
  [2021, 1, 3, '2020-53'],
  [2021, 1, 4, '2021-01'],
  [2024, 12, 30, '2025-01'],
  [2026, 12, 31, '2026-53'],
] as const)('weeks are those of ISO 8601: %s-%s-%s is in %s', ([year, month, day, week]) => {
  expect(fillIn('{date:GGGG-WW}', { ...time, year, month, day })).toBe(week);
});
