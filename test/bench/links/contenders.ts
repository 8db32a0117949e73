import MiniSearch from 'minisearch';
import type { LinksSettings } from '../../../main/daemon/actions/action.ts';
import { NoteIndex } from '../../../main/daemon/actions/links/note-index.ts';
import { SuggestionStore } from '../../../main/daemon/actions/links/store.ts';
import { update } from '../../../main/daemon/actions/links/update.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { type HiddenNote, writeNotes } from './hidden.ts';

/** For each note the first five of the others. */
export type Suggest = (notes: readonly HiddenNote[]) => Promise<ReadonlyMap<string, readonly string[]>>;

export const FIRST = 5;

export const settingsOf = (vault: string): LinksSettings => ({
  vault,
  exclude: [],
  suggestions: FIRST,
  threshold: 0,
  section: '## Related',
  embeddings: undefined,
});

/** What the action suggests, as it comes, with no threshold. */
export const soloist: Suggest = async (notes) => {
  const vault = temporaryFolder();
  writeNotes(vault, notes);
  const warn = (): void => {};
  const state = temporaryFolder();
  const index = NoteIndex.open(`${state}/index.sqlite`, warn);
  const store = SuggestionStore.open(`${state}/links.sqlite`, warn);
  const { signal } = new AbortController();
  await update({ settings: settingsOf(vault), index, store, signal, warn });
  const found = new Map<string, string[]>();
  for (const { suggestion } of store.likeliest('waiting', 1_000_000)) {
    const { note, target } = suggestion;
    found.set(note, [...(found.get(note) ?? []), target]);
  }
  store.close();
  index.close();
  return found;
};

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];

/** As it is in every textbook: how often a word comes, times the logarithm of how rare it is; the cosine. */
export const tfIdf: Suggest = async (notes) => {
  const counts = notes.map(({ title, text }) => {
    const count = new Map<string, number>();
    for (const word of wordsOf(`${title}\n${text}`)) count.set(word, (count.get(word) ?? 0) + 1);
    return count;
  });
  const frequency = new Map<string, number>();
  for (const count of counts)
    for (const word of count.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const vectors = counts.map((count) => {
    const weights = [...count].map(([word, times]): [string, number] => [
      word,
      times * Math.log(notes.length / (frequency.get(word) ?? 1)),
    ]);
    const norm = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    return new Map(weights.map(([word, weight]) => [word, weight / norm]));
  });
  return firstOf(notes, (one, other) => {
    let sum = 0;
    const second = vectors[other];
    for (const [word, weight] of vectors[one] ?? []) sum += weight * (second?.get(word) ?? 0);
    return sum;
  });
};

/** A search of the library MiniSearch (BM25+) for all words of a note. */
export const miniSearch: Suggest = async (notes) => {
  const search = new MiniSearch<{ id: string; title: string; text: string }>({ fields: ['title', 'text'] });
  search.addAll(notes.map(({ path, title, text }) => ({ id: path, title, text })));
  return new Map(
    notes.map(({ path, title, text }) => {
      const words = [...new Set(wordsOf(`${title}\n${text}`))].join(' ');
      const found = search.search(words, { boost: { title: 3 } }).map(({ id }) => String(id));
      return [path, found.filter((id) => id !== path).slice(0, FIRST)];
    }),
  );
};

export const random: Suggest = async (notes) => {
  let state = 12_345;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state;
  };
  return firstOf(notes, next);
};

function firstOf(notes: readonly HiddenNote[], score: (one: number, other: number) => number) {
  return new Map(
    notes.map(({ path }, one) => {
      const scored = notes.map((other, place) => ({
        path: other.path,
        score: place === one ? -1 : score(one, place),
      }));
      scored.sort((left, right) => right.score - left.score);
      return [path, scored.slice(0, FIRST).map((other) => other.path)];
    }),
  );
}
