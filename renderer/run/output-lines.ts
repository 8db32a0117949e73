import { carried } from './ansi.ts';

export interface OutputPart {
  readonly stream: 'stdout' | 'stderr' | 'output';
  readonly at: string | null;
  readonly text: string;
}

export interface OutputLine {
  readonly text: string;
  /** The style sequences in force where it begins. */
  readonly before: string;
  readonly stream: OutputPart['stream'];
  /** When its first character was written; null where that was not kept. */
  readonly at: string | null;
  /** Whether it goes on a line that is too long for one row. */
  readonly isContinued: boolean;
}

interface Mark {
  readonly offset: number;
  readonly stream: OutputPart['stream'];
  readonly at: string | null;
}

/** Some 64 KB of whole lines: kept as one text, so that ten megabytes of short lines are not a million objects. */
interface Block {
  text: string;
  /** Where each row begins. */
  readonly starts: number[];
  readonly marks: Mark[];
  readonly before: string;
  readonly firstRow: number;
}

const BLOCK = 64 * 1024;
/** A line with more characters goes on in the next row. */
export const LONGEST_ROW = 4_000;

/** The output of a run in rows; what comes is appended. */
export class OutputLines {
  readonly #blocks: Block[] = [{ text: '', starts: [0], marks: [], before: '', firstRow: 0 }];

  /** The styles at the row that was asked for last: most often the next one is asked for then. */
  #asked: { readonly block: Block; readonly within: number; readonly before: string } | undefined;

  /** How many rows there are; an unfinished last one counts, an empty one does not. */
  get count(): number {
    const last = this.#last;
    const isEmpty = last.starts.at(-1) === last.text.length;
    return last.firstRow + last.starts.length - (isEmpty ? 1 : 0);
  }

  get #last(): Block {
    const last = this.#blocks.at(-1);
    if (last === undefined) throw new Error('an output has at least one block');
    return last;
  }

  append(part: OutputPart): void {
    for (let from = 0; from < part.text.length; from += BLOCK)
      this.#append({ ...part, text: part.text.slice(from, from + BLOCK) });
  }

  #append({ text, stream, at }: OutputPart): void {
    if (this.#last.text.length >= BLOCK) this.#beginBlock();
    const block = this.#last;
    block.marks.push({ offset: block.text.length, stream, at });
    let from = block.starts.at(-1) ?? 0;
    const begin = block.text.length;
    block.text += text;
    let newline = block.text.indexOf('\n', begin);
    for (;;) {
      const end = newline === -1 ? block.text.length : newline;
      while (end - from > LONGEST_ROW) {
        from += rowLength(block.text, from);
        block.starts.push(from);
      }
      if (newline === -1) return;
      from = newline + 1;
      block.starts.push(from);
      newline = block.text.indexOf('\n', from);
    }
  }

  /** A new block takes the unfinished row of the last one with it. */
  #beginBlock(): void {
    const full = this.#last;
    const from = full.starts.pop() ?? 0;
    const rest = full.text.slice(from);
    const mark = full.marks.findLast(({ offset }) => offset <= from);
    const later = full.marks.filter(({ offset }) => offset > from);
    full.text = full.text.slice(0, from);
    this.#blocks.push({
      text: rest,
      starts: [0],
      marks: [
        ...(mark === undefined ? [] : [{ ...mark, offset: 0 }]),
        ...later.map((one) => ({ ...one, offset: one.offset - from })),
      ],
      before: carried(full.before, full.text),
      firstRow: full.firstRow + full.starts.length,
    });
  }

  /** The text of a row as it was written, or undefined. */
  text(row: number): string | undefined {
    const block = this.#blockOf(row);
    return block === undefined ? undefined : textOf(block, row - block.firstRow);
  }

  /** A row, or undefined if there is none. */
  at(row: number): OutputLine | undefined {
    const block = this.#blockOf(row);
    if (block === undefined) return undefined;
    const within = row - block.firstRow;
    const start = block.starts[within];
    if (start === undefined || row >= this.count) return undefined;
    const mark = markAt(block.marks, start);
    return {
      text: textOf(block, within) ?? '',
      before: this.#stylesAt(block, within),
      stream: mark?.stream ?? 'output',
      at: mark?.at ?? null,
      isContinued: start > 0 && block.text[start - 1] !== '\n',
    };
  }

  #stylesAt(block: Block, within: number): string {
    const known = this.#asked?.block === block && this.#asked.within <= within ? this.#asked : undefined;
    const from = known === undefined ? 0 : block.starts[known.within];
    const before = carried(known?.before ?? block.before, block.text.slice(from, block.starts[within]));
    this.#asked = { block, within, before };
    return before;
  }

  #blockOf(row: number): Block | undefined {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#blocks[middle]?.firstRow ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return this.#blocks[low];
  }
}

/** Not in the middle of an escape sequence or of a character of two units, if one is near. */
function rowLength(text: string, from: number): number {
  const row = text.slice(from, from + LONGEST_ROW);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence that is not finished.
  const cut = /\x1b[^a-zA-Z]{0,30}$|[\ud800-\udbff]$/.exec(row);
  return cut === null || cut.index === 0 ? LONGEST_ROW : cut.index;
}

function textOf(block: Block, within: number): string | undefined {
  const start = block.starts[within];
  if (start === undefined) return undefined;
  const next = block.starts[within + 1] ?? block.text.length;
  const end = next > start && block.text[next - 1] === '\n' ? next - 1 : next;
  return block.text.slice(start, end);
}

function markAt(marks: readonly Mark[], offset: number): Mark | undefined {
  let low = 0;
  let high = marks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((marks[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return marks[low];
}
