/** A piece of a note's text, and whether it is a term that both notes share. */
export interface Piece {
  readonly text: string;
  readonly isTerm: boolean;
}

/** A note's text around the passage; all of it is before if the passage is not found. */
export interface MarkedText {
  readonly before: readonly Piece[];
  readonly passage: readonly Piece[];
  readonly after: readonly Piece[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** More marks than this help nobody, and make a page slow. */
const MOST_TERMS = 2_000;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** A note's text with its passage and the shared terms told apart. The pieces together are the whole text. */
export function markedText(text: string, passage: string, terms: readonly string[]): MarkedText {
  const found = passageIn(text, passage) ?? { from: text.length, to: text.length };
  const marks = termsIn(text, terms);
  return {
    before: pieces(text, { from: 0, to: found.from }, marks),
    passage: pieces(text, found, marks),
    after: pieces(text, { from: found.to, to: text.length }, marks),
  };
}

/**
 * Where a passage stands in the text that it was taken from. It is told without line breaks and marks for links and emphasis, and
 * cut where it is long: so only its letters and digits are looked for, in those that the text shows.
 */
export function passageIn(text: string, passage: string): Range | undefined {
  const { letters: wanted } = lettersOf(passage);
  if (wanted === '') return undefined;
  const { letters, places } = lettersOf(text);
  const at = letters.indexOf(wanted);
  const from = at < 0 ? undefined : places[at];
  const last = places[at + wanted.length - 1];
  if (from === undefined || last === undefined) return undefined;
  // Up to the end of the word's sentence mark, if one follows.
  const tail = /^[\p{L}\p{M}\p{N}]?[)\]"'”’*_`]*[.!?…]?/u.exec(text.slice(last))?.[0].length ?? 1;
  return { from, to: last + Math.max(1, tail) };
}

/** Links are shown as their last part, `[[path|words]]` as `words`, and `[words](address)` as `words`. */
const SHOWN = /!?\[\[(?:[^[\]|]*\|)?([^[\]]*)\]\]|!?\[([^[\]]*)\]\([^()]*\)|[\p{L}\p{M}\p{N}]+/dgu;

/** The letters and digits that a text shows, and where in it each of their UTF-16 units stands. */
function lettersOf(text: string): { readonly letters: string; readonly places: readonly number[] } {
  const kept: string[] = [];
  const places: number[] = [];
  for (const match of text.matchAll(SHOWN)) {
    const [start] = match.indices?.[1] ?? match.indices?.[2] ?? [match.index];
    const shown = match[1] ?? match[2] ?? match[0];
    for (const word of shown.matchAll(WORD)) {
      kept.push(word[0]);
      for (let unit = 0; unit < word[0].length; unit++) places.push(start + word.index + unit);
    }
  }
  return { letters: kept.join(''), places };
}

/** Where the terms stand in a text, in order; also where they have another ending. */
export function termsIn(text: string, terms: readonly string[]): readonly Range[] {
  const unspaced = terms.filter((term) => UNSPACED.test(term));
  const byStart = new Map<string, string[]>();
  for (const term of terms.filter((term) => !UNSPACED.test(term)).map(folded)) {
    const start = term.slice(0, SHORTEST);
    byStart.set(start, [...(byStart.get(start) ?? []), term]);
  }
  const found: Range[] = [];
  for (const match of text.matchAll(WORD)) {
    if (found.length >= MOST_TERMS) break;
    const { index, 0: written } = match;
    if (UNSPACED.test(written)) {
      found.push(...within(written, unspaced, index));
      continue;
    }
    const word = folded(written);
    const isTerm = byStart.get(word.slice(0, SHORTEST))?.some((term) => areAlike(word, term)) ?? false;
    if (isTerm) found.push({ from: index, to: index + written.length });
  }
  return found;
}

/** Words that are alike begin so. */
const SHORTEST = 3;
const ENDINGS = /^(?:|e|s|es|y|ies|ed|[bdgmnprt]?(?:ed|ing))$/;
const LONG_ENDINGS = /^(?:n|en|er|ern|em)$/;

/** Whether two words differ at most in the ending that a language gives to nouns and verbs. */
function areAlike(one: string, other: string): boolean {
  if (one === other) return true;
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const isEnding = (rest: string): boolean => ENDINGS.test(rest) || (same >= 5 && LONG_ENDINGS.test(rest));
  return same >= SHORTEST && isEnding(one.slice(same)) && isEnding(other.slice(same));
}

/** In lower case and without accents, which are often left out. */
const folded = (word: string): string =>
  word
    .toLowerCase()
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replaceAll('ß', 'ss');

/** In scripts without spaces between words a term stands anywhere. */
function within(written: string, terms: readonly string[], offset: number): Range[] {
  const found: Range[] = [];
  for (let at = 0; at < written.length; ) {
    const length = Math.max(0, ...terms.map((term) => (written.startsWith(term, at) ? term.length : 0)));
    if (length > 0) found.push({ from: offset + at, to: offset + at + length });
    at += Math.max(1, length);
  }
  return found;
}

function pieces(text: string, { from, to }: Range, marks: readonly Range[]): readonly Piece[] {
  const found: Piece[] = [];
  let at = from;
  const take = (end: number, isTerm: boolean): void => {
    if (end > at) found.push({ text: text.slice(at, end), isTerm });
    at = Math.max(at, end);
  };
  for (const mark of marks) {
    if (mark.to <= from || mark.from >= to) continue;
    take(Math.max(from, mark.from), false);
    take(Math.min(to, mark.to), true);
  }
  take(to, false);
  return found;
}
