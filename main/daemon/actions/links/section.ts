import type { Heading, List, RootContent } from 'mdast';
import { extent, parseMarkdown, pieces } from '../notes/markdown.ts';

/** Text to be put into a note, and where: in bytes from its beginning. */
export interface Addition {
  readonly offset: number;
  readonly text: string;
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Where and how a list item with a link goes into a note: after the last list of the section, or as its first list, or in a new
 * section at the end. Nothing but this text is added. Undefined if it would not be read as such a list item, as in a note that
 * ends within a code block that is never closed.
 */
export function additionTo(bytes: Buffer, section: string, link: string): Addition | undefined {
  const start = bytes.subarray(0, 3).equals(MARK) ? 3 : 0;
  // A byte a character: Markdown's marks are ASCII, and every offset is one in the file.
  const note = bytes.toString('latin1', start);
  const heading = headingOf(section);
  const found = sectionOf(note, heading);
  const added = found === undefined ? atEnd(note, heading, link) : below(note, found, link);
  const offset = Buffer.byteLength(added.text);
  const after = `${note.slice(0, added.offset)}${Buffer.from(added.text).toString('latin1')}${note.slice(added.offset)}`;
  const linkAt = after.indexOf(Buffer.from(link).toString('latin1'), added.offset);
  const reads = sectionOf(after, heading)?.lists.some(({ from, to }) => from < linkAt && linkAt < to);
  if (!reads || linkAt > added.offset + offset) return undefined;
  return { offset: start + added.offset, text: added.text };
}

/** A note's bytes with a text added. */
export function withAddition(bytes: Buffer, { offset, text }: Addition): Buffer {
  return Buffer.concat([bytes.subarray(0, offset), Buffer.from(text), bytes.subarray(offset)]);
}

/** A note's bytes without such a text; undefined if it is not there. */
export function withoutAddition(bytes: Buffer, { offset, text }: Addition): Buffer | undefined {
  const added = Buffer.from(text);
  const end = offset + added.length;
  if (!bytes.subarray(offset, end).equals(added)) return undefined;
  return Buffer.concat([bytes.subarray(0, offset), bytes.subarray(end)]);
}

interface WantedHeading {
  readonly depth: number;
  readonly text: string;
}

/** What a setting such as `## Related` means; without its marks it is a heading of the second level. */
function headingOf(section: string): WantedHeading {
  const [, marks = '##', text = section] = /^\s*(#{1,6})[ \t]+(.*)$/.exec(section) ?? [];
  return { depth: marks.length, text: text.trim() };
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** Where a section's own content ends, and the lists in it. */
interface Section {
  readonly end: number;
  readonly lists: readonly (Part & { readonly indent: number; readonly bullet: string })[];
}

function sectionOf(note: string, wanted: WantedHeading): Section | undefined {
  const written = Buffer.from(wanted.text).toString('latin1');
  for (const piece of pieces(note)) {
    if (!piece.text.includes(written)) continue;
    const { children } = parseMarkdown(piece.text, piece.start === 0);
    const place = children.findIndex((node) => isHeading(node, piece.text, wanted));
    if (place < 0) continue;
    const following = children.slice(place + 1);
    const next = following.findIndex(({ type }) => type === 'heading');
    const content = next < 0 ? following : following.slice(0, next);
    const last = content.at(-1) ?? children[place];
    const end = last === undefined ? 0 : extent(last).to;
    const lists = content.filter((node): node is List => node.type === 'list' && !node.ordered);
    return {
      end: piece.start + end,
      lists: lists.map((list) => {
        const { from, to } = extent(list);
        const indent = (list.position?.start.column ?? 1) - 1;
        return { from: piece.start + from, to: piece.start + to, indent, bullet: piece.text[from] ?? '-' };
      }),
    };
  }
  return undefined;
}

function isHeading(node: RootContent, source: string, { depth, text }: WantedHeading): node is Heading {
  if (node.type !== 'heading' || node.depth !== depth) return false;
  const { from, to } = extent(node);
  const line = Buffer.from(source.slice(from, to), 'latin1').toString('utf8');
  const said = line.startsWith('#')
    ? line.replace(/^#+[ \t]*/, '').replace(/[ \t]+#+[ \t]*$/, '')
    : line.replace(/[\r\n]+[ \t]*[-=]+[ \t]*$/, '');
  return said.trim() === text;
}

function below(note: string, { end, lists }: Section, link: string): Addition {
  const ending = endingOf(note);
  const list = lists.at(-1);
  const at = endOfLine(note, list?.to ?? end);
  if (list !== undefined && at !== undefined)
    return { offset: at, text: `${ending}${' '.repeat(list.indent)}${list.bullet} ${link}` };
  const offset = endOfLine(note, end) ?? end;
  const isApart = offset === note.length || BLANK_AFTER.test(note.slice(offset, offset + 200));
  return { offset, text: `${ending}${ending}- ${link}${isApart ? '' : ending}` };
}

function atEnd(note: string, { depth, text }: WantedHeading, link: string): Addition {
  const ending = endingOf(note);
  const section = `${'#'.repeat(depth)} ${text}${ending}${ending}- ${link}`;
  const offset = note.length;
  if (note === '') return { offset, text: `${section}${ending}` };
  if (!/[\r\n]$/.test(note)) return { offset, text: `${ending}${ending}${section}` };
  const isApart = /(?:^|\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)$/.test(note);
  return { offset, text: `${isApart ? '' : ending}${section}${ending}` };
}

/** The end of a line, and then a blank line or the end of the note. */
const BLANK_AFTER = /^(?:\r\n|\n|\r(?!\n))[ \t]*(?:[\r\n]|$)/;

/** Past the spaces that end a line; undefined if something else follows. */
function endOfLine(note: string, at: number): number | undefined {
  let end = at;
  while (note[end] === ' ' || note[end] === '\t') end++;
  return end === note.length || note[end] === '\n' || note[end] === '\r' ? end : undefined;
}

/** How the lines of a note end. */
const endingOf = (note: string): string => /\r\n|\n|\r/.exec(note)?.[0] ?? '\n';
