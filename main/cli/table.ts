import { styleText } from 'node:util';

export type Format = Parameters<typeof styleText>[0];

/** What stands in a table: a text, with the format in which a terminal with colours shows it. */
export type Cell = string | { readonly text: string; readonly format: Format };

// Escape sequences in what a job or a file said must not reach the terminal.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text that a terminal shows on one line as it is. */
export function printable(text: string): string {
  return text.replaceAll(/\s/g, ' ').replace(UNPRINTABLE, '\uFFFD');
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes: two for wide characters, none for combining ones. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) if (!/\p{M}/u.test(character)) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

/** Rows below their titles, in columns as wide as they need to be, two spaces apart. */
export function table(titles: readonly string[], rows: readonly (readonly Cell[])[], color: boolean): string {
  const all = [titles.map((title): Cell => ({ text: title, format: 'dim' })), ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => width(textOf(row[column] ?? '')))));
  return all.map((row) => line(row, widths, color)).join('\n');
}

function line(row: readonly Cell[], widths: readonly number[], color: boolean): string {
  const cells = row.map((cell, column) => {
    const padding = ' '.repeat((widths[column] ?? 0) - width(textOf(cell)));
    return painted(cell, color) + padding;
  });
  return cells.join('  ').trimEnd();
}

const textOf = (cell: Cell): string => printable(typeof cell === 'string' ? cell : cell.text);

function painted(cell: Cell, color: boolean): string {
  const text = textOf(cell);
  return color && typeof cell !== 'string' && text !== ''
    ? styleText(cell.format, text, { validateStream: false })
    : text;
}

/** Facts below each other, the labels as wide as the longest. */
export function facts(rows: readonly (readonly [label: string, value: Cell])[], color: boolean): string {
  const longest = Math.max(...rows.map(([label]) => label.length));
  return rows
    .map(
      ([label, value]) =>
        `${painted({ text: label.padEnd(longest), format: 'dim' }, color)}  ${painted(value, color)}`,
    )
    .join('\n');
}
