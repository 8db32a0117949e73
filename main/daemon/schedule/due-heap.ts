/** Something of that name that is to happen at a time (epoch milliseconds). */
export interface HeapEntry {
  readonly name: string;
  readonly atMs: number;
}

/**
 * A binary heap with at most one entry per name: the nearest is at hand, and adding, replacing and removing
 * one of n takes log n steps. Entries of the same time leave it in the order of their names.
 */
export class DueHeap<Entry extends HeapEntry> {
  readonly #entries: Entry[] = [];
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#entries.length;
  }

  first(): Entry | undefined {
    return this.#entries[0];
  }

  get(name: string): Entry | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#entries[place];
  }

  /** Adds the entry in place of the one of the same name, if there is one. */
  set(entry: Entry): void {
    const place = this.#places.get(entry.name) ?? this.#entries.length;
    this.#put(place, entry);
    this.#settle(place);
  }

  /** Removes the entry of this name; false if there is none. */
  remove(name: string): boolean {
    const place = this.#places.get(name);
    if (place === undefined) return false;
    this.#places.delete(name);
    const last = this.#entries.pop();
    if (last !== undefined && last.name !== name) {
      this.#put(place, last);
      this.#settle(place);
    }
    return true;
  }

  /** Removes and returns the entries up to this time, nearest first. */
  takeUntil(atMs: number): Entry[] {
    const taken: Entry[] = [];
    for (let first = this.first(); first !== undefined && first.atMs <= atMs; first = this.first()) {
      taken.push(first);
      this.remove(first.name);
    }
    return taken;
  }

  names(): IterableIterator<string> {
    return this.#places.keys();
  }

  #put(place: number, entry: Entry): void {
    this.#entries[place] = entry;
    this.#places.set(entry.name, place);
  }

  /** Moves the entry at this place up or down until all are in order again. */
  #settle(start: number): void {
    const entry = this.#entries[start];
    if (entry === undefined) return;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = this.#entries[parent];
      if (above === undefined || isBefore(above, entry)) break;
      this.#put(place, above);
      place = parent;
    }
    for (;;) {
      const leftPlace = 2 * place + 1;
      const left = this.#entries[leftPlace];
      const right = this.#entries[leftPlace + 1];
      const below = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (below === undefined || isBefore(entry, below)) break;
      this.#put(place, below);
      place = below === left ? leftPlace : leftPlace + 1;
    }
    this.#put(place, entry);
  }
}

function isBefore(one: HeapEntry, other: HeapEntry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.name < other.name);
}
