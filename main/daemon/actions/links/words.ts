import { stopWords, wordsOf } from './stop-words.ts';

/** A word of a text as it is compared, and as it was written. */
export interface Word {
  readonly term: string;
  readonly shown: string;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)?/gu;
/** Scripts that put no spaces between words: only a dictionary tells where one ends. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const KANA_ONLY = /^[\p{Script=Hiragana}ー]{1,2}$/u;
/** Nobody's word is longer; what is, is data. */
const LONGEST = 40;

export type Language = 'en' | 'de' | undefined;

let segmenter: Intl.Segmenter | undefined;

/** The words of a text that say what it is about, in order: in lower case, without endings and stop words. */
export function wordsIn(text: string, language: Language): Word[] {
  const found: Word[] = [];
  for (const [written] of text.normalize('NFC').matchAll(WORD)) {
    if (UNSPACED.test(written)) takeUnspaced(written, found);
    else take(written.toLowerCase(), language, found);
  }
  return found;
}

/** The language of a text, told by its small words; undefined if it is neither or too short to tell. */
export function languageOf(text: string): Language {
  const count = { en: 0, de: 0 };
  let all = 0;
  for (const [word] of text
    .slice(0, 20_000)
    .toLowerCase()
    .matchAll(/\p{L}+/gu)) {
    all++;
    if (wordsOf.en.has(word)) count.en++;
    if (wordsOf.de.has(word)) count.de++;
  }
  if (all === 0 || Math.max(count.en, count.de) < all * 0.1) return undefined;
  return count.de > count.en ? 'de' : 'en';
}

function take(word: string, language: Language, found: Word[]): void {
  const plain = word.replace(/['’].*$/, '');
  if (plain.length < 2 || plain.length > LONGEST || stopWords.has(word) || stopWords.has(plain)) return;
  if (/^\d{1,2}$/.test(plain)) return;
  found.push({ term: stem(plain, language), shown: plain });
}

function takeUnspaced(written: string, found: Word[]): void {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  for (const { segment, isWordLike } of segmenter.segment(written)) {
    if (!isWordLike || KANA_ONLY.test(segment) || /^\p{N}{1,2}$/u.test(segment)) continue;
    const word = segment.toLowerCase();
    found.push({ term: word, shown: word });
  }
}

/** A word without the endings that its language gives to nouns and verbs; lightly, so that no two words become one. */
export function stem(word: string, language: Language): string {
  if (language === 'de') return german(word);
  return language === 'en' ? english(word) : plain(word);
}

/** How words of any language are folded: accents are often left out. */
const plain = (word: string): string =>
  /\P{ASCII}/u.test(word)
    ? word
        .normalize('NFD')
        .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
        .normalize('NFC')
    : word;

function english(written: string): string {
  let word = plain(written);
  if (word.length > 4 && word.endsWith('ies')) word = `${word.slice(0, -3)}y`;
  else if (word.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(word)) word = word.slice(0, -2);
  else if (word.length > 3 && /[^suí]s$/.test(word)) word = word.slice(0, -1);
  if (word.length > 5 && word.endsWith('ing')) word = undoubled(word.slice(0, -3));
  else if (word.length > 4 && word.endsWith('ed') && !word.endsWith('eed'))
    word = undoubled(word.slice(0, -2));
  return word.length > 4 && word.endsWith('e') ? word.slice(0, -1) : word;
}

const undoubled = (word: string): string => (/([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word);

function german(written: string): string {
  const word = written.replaceAll('ß', 'ss').replaceAll('ä', 'a').replaceAll('ö', 'o').replaceAll('ü', 'u');
  for (const ending of ['ern', 'em', 'er', 'en', 'es', 'e', 's', 'n'])
    if (word.endsWith(ending) && word.length - ending.length >= 4) return word.slice(0, -ending.length);
  return word;
}
