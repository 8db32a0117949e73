import { styleText } from 'node:util';
import { type Format, width } from '../table.ts';
import { type Block, readMarkdown } from './markdown.ts';

export interface Look {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly color: boolean;
}

const WIDEST = 100;
const NARROWEST = 30;
/** Room that a column of a table with long texts needs at least. */
const LEAST_TEXT = 30;

/** A topic as a terminal shows it. Lines are no wider than the terminal, except code, which is kept as it is. */
export function inTerminal(markdown: string, look: Look): string {
  const columns = Math.max(NARROWEST, Math.min(WIDEST, look.columns));
  return readMarkdown(markdown)
    .map((block) => blockText(block, { ...look, columns }))
    .join('\n\n');
}

function blockText(block: Block, look: Look): string {
  switch (block.kind) {
    case 'heading':
      return painted(block.text, block.level === 1 ? ['bold', 'underline'] : ['bold'], look);
    case 'paragraph':
      return wrapped(block.text, look).join('\n');
    case 'list':
      return block.items.map((item) => hanging('- ', item, 2, look)).join('\n');
    case 'code':
      return block.lines
        .map((line) => (line === '' ? '' : `    ${painted(line, ['cyan'], look)}`))
        .join('\n');
    case 'table':
      return tableText(block.titles, block.rows, look);
  }
}

/** Side by side where that fits, else each row as its first cell with the others below it. */
function tableText(titles: readonly string[], rows: readonly (readonly string[])[], look: Look): string {
  const shown = (cell: string): number => width(wordsOf(cell, look.color).map(plainWord).join(' '));
  const widths = titles.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => shown(row[column] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  if (look.columns - before < Math.min(LEAST_TEXT, widths.at(-1) ?? 0)) return stackedRows(rows, look);
  const head = titles.map((title, column) => title.toUpperCase().padEnd(widths[column] ?? 0)).join('  ');
  const lines = rows.map((row) => {
    const label = row
      .slice(0, -1)
      .map(
        (cell, column) =>
          wrapped(cell, { ...look, columns: Number.MAX_SAFE_INTEGER }).join('') +
          ' '.repeat((widths[column] ?? 0) - shown(cell) + 2),
      )
      .join('');
    return hangingLabel(label, row.at(-1) ?? '', before, look);
  });
  return [painted(head.trimEnd(), ['dim'], look), ...lines].join('\n');
}

const stackedRows = (rows: readonly (readonly string[])[], look: Look): string =>
  rows
    .map(([first = '', ...others]) =>
      [
        wrapped(first, look, ['bold']).join('\n'),
        ...others.filter((cell) => cell !== '').map((cell) => hanging('    ', cell, 4, look)),
      ].join('\n'),
    )
    .join('\n');

const hanging = (label: string, text: string, indent: number, look: Look): string =>
  hangingLabel(label, text, indent, look);

function hangingLabel(label: string, text: string, indent: number, look: Look): string {
  const lines = wrapped(text, { ...look, columns: look.columns - indent });
  return lines
    .map((line, index) => (index === 0 ? label : ' '.repeat(indent)) + line)
    .join('\n')
    .trimEnd();
}

interface Piece {
  readonly text: string;
  readonly format: readonly Format[];
}
/** What stands between two spaces; its pieces differ in their format. */
type Word = readonly Piece[];

const plainWord = (word: Word): string => word.map(({ text }) => text).join('');

/** `code` and **strong** text; without colours code keeps its quotes. */
function wordsOf(text: string, color: boolean, format: readonly Format[] = []): readonly Word[] {
  const words: Piece[][] = [[]];
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*|<[^>\s]+>)/)) {
    const isCode = part.startsWith('`') && part.length > 1;
    const isStrong = part.startsWith('**') && part.length > 4;
    const content = isCode && color ? part.slice(1, -1) : isStrong ? part.slice(2, -2) : part;
    const own: readonly Format[] = isCode ? [...format, 'cyan'] : isStrong ? [...format, 'bold'] : format;
    content.split(' ').forEach((piece, index) => {
      if (index > 0) words.push([]);
      if (piece !== '') words.at(-1)?.push({ text: piece, format: own });
    });
  }
  return words.filter((word) => word.length > 0);
}

function wrapped(text: string, look: Look, format: readonly Format[] = []): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of wordsOf(text, look.color, format)) {
    const length = width(plainWord(word));
    const shown = word.map((piece) => painted(piece.text, piece.format, look)).join('');
    if (used > 0 && used + 1 + length > look.columns) {
      lines.push(line);
      line = shown;
      used = length;
    } else {
      line = used === 0 ? shown : `${line} ${shown}`;
      used += used === 0 ? length : length + 1;
    }
  }
  return [...lines, line];
}

const painted = (text: string, format: readonly Format[], { color }: Look): string =>
  color ? format.reduce((result, one) => styleText(one, result, { validateStream: false }), text) : text;
