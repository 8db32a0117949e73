import { LineScanner, linesOf } from '../notes/markdown.ts';
import { languageOf, wordsIn } from './words.ts';

/** The longest that is shown, in characters. */
const LONGEST = 400;
/** In a longer note the rest is not looked at: a passage helps to decide, nothing depends on it. */
const MOST_TEXT = 300_000;

/** A paragraph of a note as it is shown, and the terms in it. */
export interface Passage {
  readonly text: string;
  readonly terms: ReadonlySet<string>;
}

/** The paragraphs of a note, without code, front matter and headings. */
export function passagesOf(text: string): readonly Passage[] {
  const scanner = new LineScanner();
  const found: string[] = [];
  let lines: string[] = [];
  const end = (): void => {
    if (lines.length > 0) found.push(lines.join(' '));
    lines = [];
  };
  for (const { at, line } of linesOf(text.slice(0, MOST_TEXT))) {
    const isText = scanner.take(line, at === 0) && line.trim() !== '' && !/^ {0,3}#{1,6}[ \t]/.test(line);
    // A list item is a passage of its own.
    if (!isText || /^\s*(?:[-*+]|\d+[.)])\s/.test(line)) end();
    if (isText) lines.push(line.trim().replace(/^(?:[-*+]|\d+[.)]|>)\s+/, ''));
  }
  end();
  const language = languageOf(text);
  return found.map((passage) => ({
    text: shownText(passage),
    terms: new Set(wordsIn(passage, language).map(({ term }) => term)),
  }));
}

/** The passage that has most of these weighed terms; empty if none has any. */
export function nearest(passages: readonly Passage[], weights: ReadonlyMap<string, number>): string {
  let best = { text: '', score: 0 };
  for (const { text, terms } of passages) {
    let score = 0;
    for (const term of terms) score += weights.get(term) ?? 0;
    // A long passage has more of everything.
    score /= Math.sqrt(8 + terms.size);
    if (score > best.score) best = { text, score };
  }
  return best.text;
}

/** A paragraph without marks for emphasis and links, cut where it is long. */
function shownText(passage: string): string {
  const plain = passage
    .replace(/!?\[\[([^[\]|]*\|)?([^[\]]*)\]\]/g, '$2')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/(\*\*|__|==|~~|`)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...plain];
  return characters.length <= LONGEST
    ? plain
    : `${characters
        .slice(0, LONGEST - 1)
        .join('')
        .trimEnd()}…`;
}
