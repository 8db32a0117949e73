import type { WallTime } from './name.ts';

/** What was found out about the text of a picture. */
export type RecognisedText =
  | { readonly kind: 'text'; readonly text: string }
  /** Nobody asked for it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Entry {
  readonly time: WallTime;
  readonly app: string | undefined;
  /** Of the picture, below the vault, with forward slashes. */
  readonly path: string;
  readonly text: RecognisedText;
}

const LONGEST_TEXT = 20_000;
const two = (number: number): string => String(number).padStart(2, '0');

/** The lines of an entry in a day's note, each without its end. */
export function entryLines({ time, app, path, text }: Entry): string[] {
  const head = `${two(time.hour)}:${two(time.minute)}`;
  return [
    app === undefined ? head : `${head} · ${escaped(app)}`,
    `![[${path}]]`,
    ...(text.kind === 'failed' ? [`> *Text not recognised: ${escaped(text.reason)}*`] : []),
    ...(text.kind === 'text' ? quoted(text.text) : []),
  ];
}

function quoted(text: string): string[] {
  const lines = text
    .slice(0, LONGEST_TEXT)
    .split(/\r\n|[\n\r\u2028\u2029\f\v]/u)
    .map((line) => escaped(line));
  const isBlank = (index: number): boolean => (lines[index] ?? '') === '';
  const last = lines.findLastIndex((line) => line !== '');
  // Blank lines at the ends and in a row say nothing.
  const kept = lines.filter((_, index) => index <= last && !(isBlank(index) && isBlank(index - 1)));
  return kept.map((line) => (line === '' ? '>' : `> ${line}`));
}

/** One line of any text as Markdown that shows just that text: no link, heading, tag, list, code, comment, formula or HTML. */
export function escaped(line: string): string {
  return (
    line
      // Control characters, and those that turn the direction of what follows.
      .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim()
      .replace(/[\\`*[\]#|~$^{}]/g, '\\$&')
      .replace(/={2,}|%{2,}|:{2,}/g, (run) => [...run].map((one) => `\\${one}`).join(''))
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replaceAll('&', '&amp;')
      // Not with a backslash: template plugins look for `<%` whatever stands before it.
      .replaceAll('<', '&lt;')
      .replace(/^[-+=>]/, '\\$&')
      .replace(/^(\d{1,9})([.)])(?= |$)/, '$1\\$2')
  );
}

/**
 * A note with an entry added, among the other entries by time, else at its end; every former byte stays. Undefined if the
 * note has the picture already. `start` is what a note that is missing begins as.
 */
export function withEntry(
  note: Buffer | undefined,
  entry: Entry,
  pictureName: RegExp,
  start: () => Buffer,
): Buffer | undefined {
  const former = note ?? start();
  // Each byte as one character, so that places are the same, and what is no UTF-8 stays what it is.
  const text = former.toString('latin1');
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  if (text.includes(Buffer.from(name).toString('latin1'))) return undefined;
  const end = lineEnd(text);
  const lines = entryLines(entry);
  const at = placeByTime(text, name, pictureName);
  if (at !== undefined) return insert(former, at, [...lines, '', ''].join(end));
  return insert(former, text.length, `${gap(text, end)}${lines.join(end)}${end}`);
}

function insert(bytes: Buffer, at: number, text: string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)]);
}

function lineEnd(text: string): string {
  const windows = text.split('\r\n').length - 1;
  return windows > 0 && windows * 2 >= text.split('\n').length - 1 ? '\r\n' : '\n';
}

/** What stands between the end of a note and an entry: so much that there is a blank line. */
function gap(text: string, end: string): string {
  if (text === '' || text === '\u00ef\u00bb\u00bf' || /(?:^|\n)[ \t]*\r?\n$/.test(text)) return '';
  return text.endsWith('\n') ? end : end + end;
}

/**
 * Before the first entry whose picture is later, as its name tells, and which stands as it was written: with a blank
 * line, or the beginning, before it.
 */
function placeByTime(text: string, name: string, pictureName: RegExp): number | undefined {
  const written = /(?<=^|\n[ \t]*\r?\n)\d\d:\d\d(?: [^\r\n]*)?\r?\n!\[\[(?:[^\]\r\n]*\/)?([^\]\r\n/]+)\]\]/g;
  for (const found of text.matchAll(written))
    if (pictureName.test(found[1] ?? '') && (found[1] ?? '') > name) return found.index;
  return undefined;
}
