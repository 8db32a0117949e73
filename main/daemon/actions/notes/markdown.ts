import type { Nodes, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { frontmatter } from 'micromark-extension-frontmatter';

/** A piece of a note that can be parsed by itself, and where in the note it begins. */
export interface Piece {
  readonly start: number;
  readonly text: string;
}

/**
 * The parser's time grows with the square of a text's length: a note is parsed in pieces of about this many characters, so
 * that one of 5 MB takes seconds and not hours.
 */
const PIECE = 12_000;

/** What a piece of Markdown says. Never throws: any text is Markdown. Only the first piece can have front matter. */
export function parseMarkdown(text: string, isFirst: boolean): Root {
  if (!isFirst) return fromMarkdown(text);
  return fromMarkdown(text, {
    extensions: [frontmatter(['yaml'])],
    mdastExtensions: [frontmatterFromMarkdown(['yaml'])],
  });
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const HEADING = /^#{1,6}[ \t]/;
/** A line that goes on with nothing before it, if a blank line stands between. */
const ANEW = /^[^\s>*+\-\d#<]/;

/**
 * Cuts a text before headings, or else after blank lines, never inside a fenced block, a comment or front matter. A piece is
 * longer than it should be where there is no such place.
 */
export function pieces(text: string, size = PIECE): readonly Piece[] {
  if (text.length <= size) return [{ start: 0, text }];
  const found: Piece[] = [];
  const scanner = new LineScanner();
  let start = 0;
  let blank = false;
  for (const { at, line } of linesOf(text)) {
    const plain = scanner.take(line, at === 0);
    const length = at - start;
    const cut =
      plain && (HEADING.test(line) ? length >= size / 2 : blank && length >= size && ANEW.test(line));
    // A paragraph of a megabyte is cut all the same: between two lines it loses nothing but emphasis.
    if (cut || (plain && length >= 8 * size)) {
      found.push({ start, text: text.slice(start, at) });
      start = at;
    }
    blank = line.trim() === '';
  }
  found.push({ start, text: text.slice(start) });
  return found;
}

/** The lines of a text without their endings, and where each begins. */
export function* linesOf(text: string): Generator<{ readonly at: number; readonly line: string }> {
  const endings = /\r\n|\n|\r/g;
  let at = 0;
  for (let ending = endings.exec(text); ending !== null; ending = endings.exec(text)) {
    yield { at, line: text.slice(at, ending.index) };
    at = endings.lastIndex;
  }
  yield { at, line: text.slice(at) };
}

/** Tells line by line what stands outside of fenced blocks, comments and front matter. */
export class LineScanner {
  #inside:
    | { readonly kind: 'fence'; readonly mark: string }
    | { readonly kind: 'comment' | 'matter' }
    | undefined;

  /** Whether the line is outside. The lines that open and close a block are inside. */
  take(line: string, isFirst: boolean): boolean {
    const inside = this.#inside;
    if (inside === undefined) return this.#open(line, isFirst);
    if (inside.kind === 'comment' ? line.includes('-->') : closes(line, inside)) this.#inside = undefined;
    return false;
  }

  #open(line: string, isFirst: boolean): boolean {
    if (isFirst && /^---[ \t]*$/.test(line)) {
      this.#inside = { kind: 'matter' };
      return false;
    }
    const fence = FENCE.exec(line);
    if (fence?.[1] !== undefined && !(fence[1].startsWith('`') && fence[2]?.includes('`'))) {
      this.#inside = { kind: 'fence', mark: fence[1] };
      return false;
    }
    const comment = line.lastIndexOf('<!--');
    if (comment < 0 || line.includes('-->', comment)) return true;
    this.#inside = { kind: 'comment' };
    return false;
  }
}

type Block = { readonly kind: 'fence'; readonly mark: string } | { readonly kind: 'comment' | 'matter' };

function closes(line: string, inside: Block): boolean {
  if (inside.kind !== 'fence') return /^---[ \t]*$/.test(line);
  const marks = line.trim();
  return marks.length >= inside.mark.length && marks === (inside.mark[0] ?? '').repeat(marks.length);
}

/** Where a node begins and ends in the text that it was parsed from. */
export function extent(node: Nodes | RootContent): { readonly from: number; readonly to: number } {
  return { from: node.position?.start.offset ?? 0, to: node.position?.end.offset ?? 0 };
}
