import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import type { LinksSettings } from '../action.ts';
import { noteText } from '../notes/text.ts';
import type { IndexedNote, NoteIndex } from './note-index.ts';
import { nearest, type Passage, passagesOf } from './passage.ts';
import type { Alike, Comparison } from './similarity.ts';
import { WordComparison } from './similarity.ts';
import type { Suggested, SuggestionStore } from './store.ts';

/** So many shared terms are told. */
const MOST_TERMS = 8;
/** So many more than are wanted are looked at, since some are linked already or were dismissed. */
const SPARE = 60;

/** Makes the suggestions for single notes from an index that is up to date. */
export class Suggester {
  readonly #settings: LinksSettings;
  readonly #index: NoteIndex;
  readonly #store: SuggestionStore;
  readonly #comparison: Comparison;
  readonly #words: WordComparison;
  readonly #changed: ReadonlySet<number> | undefined;
  #last: { readonly id: number; readonly alike: readonly Alike[] } | undefined;

  /** `changed`: the notes that are others now; undefined if all are to be reckoned anew. */
  constructor(
    settings: LinksSettings,
    index: NoteIndex,
    store: SuggestionStore,
    comparison: Comparison,
    changed: ReadonlySet<number> | undefined,
  ) {
    this.#changed = changed;
    this.#settings = settings;
    this.#index = index;
    this.#store = store;
    this.#comparison = comparison;
    this.#words = comparison instanceof WordComparison ? comparison : new WordComparison(index);
  }

  /**
   * The notes whose suggestions may be others now: the changed ones, those that had one of them among theirs, those among
   * whose suggestions one of them would be now, and the `affected` ones.
   */
  dirty(affected: ReadonlySet<string>): Set<number> {
    const changed = this.#changed ?? new Set<number>();
    const ids = new Set(changed);
    const paths = new Set(affected);
    for (const id of changed) {
      const path = this.#index.note(id)?.path;
      if (path !== undefined) for (const note of this.#store.suggesting(path)) paths.add(note);
      for (const alike of this.#alike(id)) if (this.#wouldTake(alike)) ids.add(alike.id);
    }
    for (const path of paths) {
      const id = this.#index.idOf(path);
      if (id !== undefined) ids.add(id);
    }
    return ids;
  }

  /** The best suggestions for a note, none for one that says nothing; undefined if it is none. */
  suggest(id: number): { readonly note: IndexedNote; readonly suggested: readonly Suggested[] } | undefined {
    const note = this.#index.note(id);
    if (note === undefined) return undefined;
    // Its name alone does not tell what it will be about, and there is no passage to judge by.
    if (note.isBlank) return { note, suggested: [] };
    const { suggestions, threshold } = this.#settings;
    const linked = this.#index.linked(id, note.path);
    const decided = this.#store.decidedWith(note.path);
    const suggested: Suggested[] = [];
    // Why two notes are alike that did not change was reckoned before.
    const reasons = this.#changed?.has(id) === false ? this.#store.reasons(note.path) : undefined;
    let passages: readonly Passage[] | undefined;
    for (const { id: other, score } of this.#alike(id)) {
      if (suggested.length >= suggestions || score < threshold) break;
      const target = this.#index.note(other);
      if (target === undefined || linked.has(target.path) || decided.has(target.path)) continue;
      const known = this.#changed?.has(other) ? undefined : reasons?.get(target.path);
      if (known === undefined) passages ??= this.#passages(note.path);
      suggested.push({
        target: target.path,
        targetTitle: target.title,
        targetUid: target.uid,
        score: Math.round(score * 1_000) / 1_000,
        ...(known ?? this.#why(id, other, passages ?? [])),
      });
    }
    return { note, suggested };
  }

  /** Kept for one note, since a changed one is asked for twice. */
  #alike(id: number): readonly Alike[] {
    if (this.#last?.id !== id)
      this.#last = { id, alike: this.#comparison.alike(id, this.#settings.suggestions + SPARE) };
    return this.#last.alike;
  }

  #wouldTake({ id, score }: Alike): boolean {
    if (score < this.#settings.threshold) return false;
    const note = this.#index.note(id);
    if (note === undefined || note.isBlank) return false;
    const { count, least } = this.#store.waitingOf(note.path);
    return count < this.#settings.suggestions || score > least;
  }

  /** The terms that both share, the weightiest first, and the passage where most of the other note is. */
  #why(id: number, other: number, passages: readonly Passage[]) {
    const own = new Map(this.#index.vector(id).map(({ term, weight }) => [term, weight]));
    const shared: { readonly term: number; readonly weight: number; readonly other: number }[] = [];
    for (const { term, weight } of this.#index.vector(other)) {
      const mine = own.get(term);
      if (mine === undefined) continue;
      const rarity = this.#words.rarity(this.#index.postings.of(term).notes.length);
      if (rarity > 0) shared.push({ term, weight: mine * weight * rarity ** 2, other: weight * rarity });
    }
    shared.sort((one, two) => two.weight - one.weight);
    const known = shared
      .slice(0, 40)
      .map((each) => ({ ...each, ...this.#index.term(each.term), id: each.term }));
    const terms = known.slice(0, MOST_TERMS).map(({ shown }) => shown);
    return {
      terms: [...new Set(terms)],
      passage: nearest(passages, new Map(known.map(({ term, other }) => [term, other]))),
    };
  }

  #passages(path: string): readonly Passage[] {
    try {
      const text = noteText(readFileSync(join(this.#settings.vault, path)))?.text;
      return text === undefined ? [] : passagesOf(text);
    } catch (error) {
      // It was removed since; the next update takes it out.
      if (systemErrorCode(error) === undefined) throw error;
      return [];
    }
  }
}
