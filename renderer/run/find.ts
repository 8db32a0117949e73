import { plain } from './ansi.ts';

/** Where a text was found: a row, and from which to before which of its visible characters. */
export interface Found {
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

/** More are not listed: nobody steps through so many. */
export const MOST_FOUND = 10_000;

/** Rows looked through before others get their turn: some ten milliseconds. */
const STEP = 20_000;

/**
 * Finds a text in rows, upper or lower case, in order. Yields after each step what it has found so far, so that the
 * window stays smooth meanwhile; ends early with `MOST_FOUND`.
 */
export function* findIn(
  textOf: (row: number) => string | undefined,
  rows: number,
  wanted: string,
): Generator<readonly Found[], readonly Found[]> {
  const found: Found[] = [];
  if (wanted === '') return found;
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu');
  for (let row = 0; row < rows; row++) {
    for (const match of plain(textOf(row) ?? '').matchAll(pattern)) {
      found.push({ row, start: match.index, end: match.index + match[0].length });
      if (found.length === MOST_FOUND) return found;
    }
    if (row % STEP === STEP - 1) yield found;
  }
  return found;
}

/** The first of what was found at or after this row; of what was found before it, if there is none. */
export function firstFrom(found: readonly Found[], row: number): number {
  const at = found.findIndex((one) => one.row >= row);
  return at === -1 ? 0 : at;
}
