/** What a topic is made of: the part of Markdown that topics are written in. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  | {
      readonly kind: 'table';
      readonly titles: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

type Read = (lines: readonly string[]) => { readonly block: Block; readonly length: number } | undefined;

/**
 * Reads headings, paragraphs, lists with `-`, tables, and code that is indented by four spaces. Never throws: what it
 * does not know is a paragraph.
 */
export function readMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let rest: readonly string[] = text.split('\n').map((line) => line.trimEnd());
  while (rest.length > 0) {
    if (rest[0] === '') {
      rest = rest.slice(1);
      continue;
    }
    const { block, length } = firstBlock(rest);
    blocks.push(block);
    rest = rest.slice(length);
  }
  return blocks;
}

function firstBlock(lines: readonly string[]): NonNullable<ReturnType<Read>> {
  for (const read of [heading, code, table, list]) {
    const found = read(lines);
    if (found !== undefined) return found;
  }
  return paragraph(lines);
}

const heading: Read = ([first = '']) => {
  const [, marks = '', text = ''] = /^(#{1,6}) (.*)$/.exec(first) ?? [];
  return marks === '' ? undefined : { block: { kind: 'heading', level: marks.length, text }, length: 1 };
};

const code: Read = (lines) => {
  const end = lines.findIndex((line) => line !== '' && !line.startsWith('    '));
  const own = lines.slice(0, end < 0 ? lines.length : end);
  while (own.at(-1) === '') own.pop();
  if (own.length === 0) return undefined;
  return { block: { kind: 'code', lines: own.map((line) => line.slice(4)) }, length: own.length };
};

const table: Read = (lines) => {
  const end = lines.findIndex((line) => !line.startsWith('|'));
  const [titles, , ...rows] = lines.slice(0, end < 0 ? lines.length : end).map(cells);
  return titles === undefined
    ? undefined
    : { block: { kind: 'table', titles, rows }, length: rows.length + 2 };
};

/** The cells of a row; `\|` is no border. */
const cells = (line: string): readonly string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const list: Read = (lines) => {
  if (!lines[0]?.startsWith('- ')) return undefined;
  const end = lines.findIndex((line) => !/^(?:- | {2}\S)/.test(line));
  const own = lines.slice(0, end < 0 ? lines.length : end);
  const items = own.join('\n').slice(2).split('\n- ').map(joined);
  return { block: { kind: 'list', items }, length: own.length };
};

function paragraph(lines: readonly string[]): NonNullable<ReturnType<Read>> {
  const end = lines.findIndex((line, index) => index > 0 && (line === '' || /^(?:- |\||#{1,6} )/.test(line)));
  const own = lines.slice(0, end < 0 ? lines.length : end);
  return { block: { kind: 'paragraph', text: joined(own.join('\n')) }, length: own.length };
}

const joined = (text: string): string => text.replaceAll(/\n\s*/g, ' ');
