import type { NoteIndex } from './note-index.ts';

/** A note that is like another one. */
export interface Alike {
  readonly id: number;
  /** From 0, nothing in common, to 1. */
  readonly score: number;
}

/** What compares the notes of an index. */
export interface Comparison {
  /** Those that are most like a note, at most `limit`, the likest first, without the note itself. */
  alike(id: number, limit: number): readonly Alike[];
}

/** The weightiest terms of a note that are looked up; what the others add is less than a rounding. */
const MOST_TERMS = 160;
/** A term that so many notes have makes them candidates, also where that is more than a fiftieth of all. */
const MANY_NOTES = 200;
/** So many of the notes that share most are looked at closely. */
const CLOSELY = 80;
/** In a vault of at least so many notes, a term that more than half of them have says nothing. */
const ENOUGH_NOTES = 20;

/** Without it a word of two notes only, such as a number or a slip, would outweigh all else. */
const SOFTENING = 0.7;

/** How much the parts of the likeness weigh: each takes up to that share of what is missing to 1. */
export const shares = { names: 0.35, namedBy: 0.25, tags: 0.12 };

interface Naming {
  readonly names: readonly (readonly number[])[];
  readonly tags: readonly string[];
}

/**
 * How alike two notes are by their words: the cosine of their terms' weights (BM25's saturation, times how rare the term is),
 * whose square root is taken, so that 0.35 means an eighth in common and not a third, which hardly any two notes have; raised
 * where one says a name of the other, and where they share tags.
 */
export class WordComparison implements Comparison {
  readonly #index: NoteIndex;
  readonly #count: number;
  readonly #sums: Float64Array;
  readonly #norms: Float64Array;
  readonly #namings = new Map<number, Naming>();

  constructor(index: NoteIndex) {
    this.#index = index;
    this.#count = index.count();
    this.#norms = index.norms();
    this.#sums = new Float64Array(index.lastId() + 1);
  }

  /** How much a term says that so many notes have. */
  rarity(notes: number): number {
    if (this.#count >= ENOUGH_NOTES && notes > this.#count / 2) return 0;
    return Math.log(1 + (this.#count - notes + 0.5) / (notes + 0.5)) ** SOFTENING;
  }

  /** Reckons the lengths of these notes' vectors anew, and keeps them. */
  renew(ids: readonly number[]): void {
    for (const id of ids) {
      let sum = 0;
      for (const { term, weight } of this.#index.vector(id))
        sum += (weight * this.rarity(this.#index.postings.of(term).notes.length)) ** 2;
      this.#norms[id] = Math.sqrt(sum);
    }
    this.#index.setNorms(this.#norms);
  }

  alike(id: number, limit: number): readonly Alike[] {
    const norm = this.#norm(id);
    if (norm === 0) return [];
    const close = likest(
      this.#sharing(id),
      Math.max(CLOSELY, limit),
      (note) => (this.#sums[note] ?? 0) / (norm * this.#norm(note)),
    );
    const raise = this.raise(id);
    return close
      .map(({ id: note, score }): Alike => ({ id: note, score: raise(note, Math.sqrt(Math.min(1, score))) }))
      .sort((one, other) => other.score - one.score || one.id - other.id)
      .slice(0, limit);
  }

  /** The notes that share terms with one; `#sums` has the product of both vectors until it is asked again. */
  #sharing(id: number): readonly number[] {
    const { postings } = this.#index;
    const terms = this.#index
      .vector(id)
      .map(({ term, weight }) => {
        const rarity = this.rarity(postings.of(term).notes.length);
        return { term, rarity, weight: weight * rarity ** 2 };
      })
      .filter(({ weight }) => weight > 0)
      .sort((one, other) => other.weight - one.weight)
      .slice(0, MOST_TERMS);
    const sums = this.#sums.fill(0);
    const found: number[] = [];
    // Rare ones first: what two notes share beyond words that every fiftieth note has makes them candidates, and only those are scored.
    const many = Math.max(MANY_NOTES, this.#count / 50);
    terms.sort((one, other) => other.rarity - one.rarity);
    for (const { term, weight } of terms) {
      const { notes, weights } = postings.of(term);
      for (let place = 0; place < notes.length; place++) {
        const note = notes[place] ?? 0;
        const before = sums[note] ?? 0;
        if (before === 0) {
          if (notes.length > many) continue;
          if (note !== id) found.push(note);
        }
        sums[note] = before + weight * (weights[place] ?? 0);
      }
    }
    return found;
  }

  /** What raises the likeness of a note to others: names that one says of the other, tags. */
  raise(id: number): (note: number, score: number) => number {
    const own = new Set(this.#index.vector(id).map(({ term }) => term));
    const { names, tags } = this.#naming(id);
    const namedBy = new Map<number, number>();
    for (const name of names)
      for (const note of this.#saying(name))
        namedBy.set(note, Math.max(namedBy.get(note) ?? 0, this.#weight(name)));
    return (note, score) => {
      const other = this.#naming(note);
      const said = other.names.filter((name) => name.every((term) => own.has(term)));
      const saidWeight = Math.max(0, ...said.map((name) => this.#weight(name)));
      const both = tags.filter((tag) => other.tags.includes(tag)).length;
      const tagShare = both === 0 ? 0 : both / Math.max(tags.length, other.tags.length);
      return (
        1 -
        (1 - score) *
          (1 - shares.names * saidWeight) *
          (1 - shares.namedBy * (namedBy.get(note) ?? 0)) *
          (1 - shares.tags * tagShare)
      );
    };
  }

  /** The notes that have all terms of a name. */
  #saying(name: readonly number[]): readonly number[] {
    const [rarest, ...others] = name
      .map((term) => this.#index.postings.of(term).notes)
      .sort((one, other) => one.length - other.length);
    if (rarest === undefined || rarest.length > this.#count / 4) return [];
    const sets = others.map((notes) => new Set(notes));
    return [...rarest].filter((note) => sets.every((set) => set.has(note)));
  }

  /** How much it says that a note has a name in it, from 0 to 1: the more, the rarer its words are. */
  #weight(name: readonly number[]): number {
    const sum = name.reduce(
      (total, term) => total + this.rarity(this.#index.postings.of(term).notes.length),
      0,
    );
    const most = this.rarity(2);
    return most > 0 ? Math.min(1, sum / most) : 0;
  }

  #naming(id: number): Naming {
    let found = this.#namings.get(id);
    if (found === undefined) {
      found = this.#index.naming(id);
      this.#namings.set(id, found);
    }
    return found;
  }

  #norm(id: number): number {
    return this.#norms[id] ?? 0;
  }
}

/** The likest of some notes, in no order: sorting all of them would take longer than all the rest. */
function likest(notes: readonly number[], limit: number, score: (note: number) => number): readonly Alike[] {
  const scores = Float64Array.from(notes, score);
  const least = notes.length <= limit ? 0 : (scores.toSorted().at(-limit) ?? 0);
  const found: Alike[] = [];
  for (let place = 0; place < notes.length; place++) {
    const each = scores[place] ?? 0;
    if (each >= least && each > 0) found.push({ id: notes[place] ?? 0, score: each });
  }
  return found;
}
