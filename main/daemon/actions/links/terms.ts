import type { ParsedNote } from '../notes/parse.ts';
import { noteName } from '../notes/resolve.ts';
import { languageOf, wordsIn } from './words.ts';

/** How much more a word counts where it stands in a title, a tag, a heading than in the text. */
const weights = { title: 4, tag: 4, heading: 3, text: 1 } as const;

/** What a note is about. */
export interface NoteTerms {
  /** How often each term comes, weighted by where, and how it was written first. */
  readonly counts: ReadonlyMap<string, { readonly count: number; readonly shown: string }>;
  /** The terms of each of its names: title, file, aliases; names of numbers alone are none. */
  readonly names: readonly (readonly string[])[];
  /** Whether there is nothing but its name. */
  readonly isBlank: boolean;
}

/** The terms of a note. `path` is below the vault. */
export function termsOf(path: string, note: ParsedNote): NoteTerms {
  const language = languageOf(note.text === '' ? [note.title, ...note.headings].join(' ') : note.text);
  const counts = new Map<string, { count: number; shown: string }>();
  const take = (text: string, weight: number): void => {
    for (const { term, shown } of wordsIn(text, language)) {
      const known = counts.get(term);
      if (known === undefined) counts.set(term, { count: weight, shown });
      else known.count += weight;
    }
  };
  const names = [...new Set([note.title, noteName(path), ...note.aliases])];
  take(note.title, weights.title);
  for (const alias of note.aliases) take(alias, weights.title / 2);
  for (const tag of note.tags) take(tag.replace(/[/_-]/g, ' '), weights.tag);
  for (const heading of note.headings) if (heading !== note.title) take(heading, weights.heading);
  take(note.text, weights.text);
  const named = names.map((name) => [...new Set(wordsIn(name, language).map(({ term }) => term))]);
  const isBlank = note.text === '' && note.headings.length === 0;
  return { counts, isBlank, names: named.filter((terms) => terms.some((term) => !/^\p{N}+$/u.test(term))) };
}
