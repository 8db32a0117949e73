import type { SQLOutputValue } from 'node:sqlite';
import type { Database } from '../../sqlite/database.ts';
import type { NoteTerms } from './terms.ts';

/** The weights of a note's terms, before how rare each is comes in: BM25's, so that the tenth time says little. */
export type Vector = readonly { readonly term: number; readonly weight: number }[];

/** The notes that have a term, and the weight that it has in each. */
export interface TermNotes {
  readonly notes: Uint32Array;
  readonly weights: Float32Array;
}

/** BM25 is used with 1.2 to 2 for searches of a few words; between whole notes, how often says more. */
const SATURATION = 4;
/** So many postings are in memory until they are written (at some 50 bytes), and so that they are not read again (at 8). */
const MOST_WAITING = 300_000;
const MOST_CACHED = 3_000_000;

const saturated = (count: number): number => (count * (SATURATION + 1)) / (count + SATURATION);

export function vectorOf({ counts }: NoteTerms, termId: (term: string, shown: string) => number): Vector {
  return [...counts].map(([term, { count, shown }]) => ({
    term: termId(term, shown),
    weight: Math.fround(saturated(count)),
  }));
}

/** Pairs of a 32-bit number and a 32-bit float, one after the other. */
export function vectorToBytes(vector: Vector): Uint8Array {
  const words = new Uint32Array(vector.length * 2);
  const floats = new Float32Array(words.buffer);
  for (const [index, { term, weight }] of vector.entries()) {
    words[2 * index] = term;
    floats[2 * index + 1] = weight;
  }
  return new Uint8Array(words.buffer);
}

export function vectorFromBytes(bytes: SQLOutputValue | undefined): Vector {
  if (!(bytes instanceof Uint8Array)) return [];
  const { words, floats } = aligned(bytes);
  return Array.from({ length: words.length / 2 }, (_, index) => ({
    term: words[2 * index] ?? 0,
    weight: floats[2 * index + 1] ?? 0,
  }));
}

function aligned(bytes: Uint8Array): { readonly words: Uint32Array; readonly floats: Float32Array } {
  const { buffer } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const offset = buffer === bytes.buffer ? bytes.byteOffset : 0;
  const length = bytes.byteLength / 4;
  return { words: new Uint32Array(buffer, offset, length), floats: new Float32Array(buffer, offset, length) };
}

/** The inverted index: for each term one row with all of its notes, so that a term costs one read. */
export class Postings {
  readonly #database: Database;
  /** Changes of terms that are not written yet: a weight of 0 takes the note out. */
  readonly #waiting = new Map<number, Map<number, number>>();
  #waitingCount = 0;
  readonly #cached = new Map<number, TermNotes>();
  #cachedCount = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes what changed of a note; `flush` writes it. */
  change(note: number, before: Vector, after: Vector): void {
    const old = new Map(before.map(({ term, weight }) => [term, weight]));
    for (const { term, weight } of after) {
      if (old.get(term) !== weight) this.#await(term, note, weight);
      old.delete(term);
    }
    for (const term of old.keys()) this.#await(term, note, 0);
    if (this.#waitingCount >= MOST_WAITING) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    for (const [term, changes] of this.#waiting) this.#write(term, changes);
    this.#waiting.clear();
    this.#waitingCount = 0;
    this.#cached.clear();
    this.#cachedCount = 0;
  }

  /** The notes of a term. */
  of(term: number): TermNotes {
    const known = this.#cached.get(term);
    if (known !== undefined) return known;
    const found = this.#read(term);
    if (this.#cachedCount > MOST_CACHED) {
      this.#cached.clear();
      this.#cachedCount = 0;
    }
    this.#cached.set(term, found);
    this.#cachedCount += found.notes.length;
    return found;
  }

  #await(term: number, note: number, weight: number): void {
    let changes = this.#waiting.get(term);
    if (changes === undefined) {
      changes = new Map();
      this.#waiting.set(term, changes);
    }
    changes.set(note, weight);
    this.#waitingCount++;
  }

  #read(term: number): TermNotes {
    const bytes = this.#database.get('SELECT notes FROM postings WHERE term = ?', [term])?.notes;
    if (!(bytes instanceof Uint8Array)) return { notes: new Uint32Array(0), weights: new Float32Array(0) };
    const { words, floats } = aligned(bytes);
    const half = words.length / 2;
    return { notes: words.subarray(0, half), weights: floats.subarray(half) };
  }

  #write(term: number, changes: ReadonlyMap<number, number>): void {
    const { notes, weights } = this.#read(term);
    const kept: number[] = [];
    for (let index = 0; index < notes.length; index++) if (!changes.has(notes[index] ?? 0)) kept.push(index);
    const added = [...changes].filter(([, weight]) => weight > 0);
    const length = kept.length + added.length;
    if (length === 0) {
      this.#database.run('DELETE FROM postings WHERE term = ?', [term]);
      return;
    }
    const words = new Uint32Array(2 * length);
    const floats = new Float32Array(words.buffer);
    for (const [place, index] of kept.entries()) {
      words[place] = notes[index] ?? 0;
      floats[length + place] = weights[index] ?? 0;
    }
    for (const [place, [note, weight]] of added.entries()) {
      words[kept.length + place] = note;
      floats[length + kept.length + place] = weight;
    }
    this.#database.run('INSERT OR REPLACE INTO postings (term, notes) VALUES (?, ?)', [
      term,
      new Uint8Array(words.buffer),
    ]);
  }
}
