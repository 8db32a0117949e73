import type { RunView } from '../../main/control/views.ts';

export interface RunsPage {
  readonly runs: readonly RunView[];
  readonly next: string | null;
}

/** Asks for the page after a cursor; without one for the first. */
export type LoadRuns = (cursor: string | undefined, limit: number) => Promise<RunsPage>;

interface LoadedPage {
  readonly cursor: string | undefined;
  /** How many rows it has, also while they are let go. */
  count: number;
  firstId: string;
  runs: readonly RunView[] | undefined;
  isLoading: boolean;
}

/** Runs of a page; and how many pages stay loaded on either side of what is seen. */
export const PAGE = 200;
const KEPT = 5;

/**
 * Runs as rows of a list, newest first, of which only the pages around those seen are held: a page that was let go is
 * loaded again by its cursor. New runs are rows on top.
 */
export class RunPages {
  readonly #load: LoadRuns;
  readonly #onChange: () => void;
  /** Runs that were queued after the first page was asked for, newest first. */
  #arrived: RunView[] = [];
  readonly #pages: LoadedPage[] = [];
  /** Where the page after the last known one begins; undefined before the first, null after the end. */
  #next: string | null | undefined;
  #isExtending = false;
  #isClosed = false;
  /** Why the last page asked for did not come. */
  error: Error | undefined;

  constructor(load: LoadRuns, onChange: () => void) {
    this.#load = load;
    this.#onChange = onChange;
  }

  /** How many rows are known of. */
  get count(): number {
    return this.#pages.reduce((sum, page) => sum + page.count, this.#arrived.length);
  }

  /** Whether the last row is the oldest run. */
  get isComplete(): boolean {
    return this.#next === null;
  }

  get isLoading(): boolean {
    return this.#isExtending;
  }

  /** How many runs are held. */
  get held(): number {
    return this.#pages.reduce((sum, page) => sum + (page.runs?.length ?? 0), this.#arrived.length);
  }

  /** The run of a row; undefined while it is not loaded. */
  at(row: number): RunView | undefined {
    if (row < this.#arrived.length) return this.#arrived[row];
    let start = this.#arrived.length;
    for (const page of this.#pages) {
      if (row < start + page.count) return page.runs?.[row - start];
      start += page.count;
    }
    return undefined;
  }

  /** The row of a run that is held, or undefined. */
  rowOf(id: string): number | undefined {
    const row = this.#arrived.findIndex((run) => run.id === id);
    if (row !== -1) return row;
    let start = this.#arrived.length;
    for (const page of this.#pages) {
      const within = page.runs?.findIndex((run) => run.id === id) ?? -1;
      if (within !== -1) return start + within;
      start += page.count;
    }
    return undefined;
  }

  /** To be called with the rows that are seen: loads what is missing around them and lets go of what is far. */
  see(first: number, end: number): void {
    if (this.#isClosed) return;
    let start = this.#arrived.length;
    for (const page of this.#pages) {
      const distance = Math.max(start - end, first - (start + page.count));
      if (distance < PAGE) this.#reload(page);
      else if (distance > PAGE * KEPT) page.runs = undefined;
      start += page.count;
    }
    if (end + PAGE > start) this.#extend();
  }

  /** After an error: asks again. */
  retry(): void {
    this.error = undefined;
    this.#onChange();
  }

  /**
   * Takes a run as it is now: a known one is changed in place, one that belongs before or between loaded rows is added.
   * Returns the row at which it was added, or undefined.
   */
  take(run: RunView): number | undefined {
    if (this.#replace(run)) {
      this.#onChange();
      return undefined;
    }
    const row = this.#insert(run);
    if (row !== undefined) this.#onChange();
    return row;
  }

  /** Changes nothing any more, whatever still comes. */
  close(): void {
    this.#isClosed = true;
  }

  #replace(run: RunView): boolean {
    const replaced = (runs: readonly RunView[]): RunView[] | undefined => {
      const at = runs.findIndex(({ id }) => id === run.id);
      return at === -1 ? undefined : runs.with(at, run);
    };
    const arrived = replaced(this.#arrived);
    if (arrived !== undefined) this.#arrived = arrived;
    for (const page of arrived === undefined ? this.#pages : []) {
      const runs = page.runs === undefined ? undefined : replaced(page.runs);
      if (runs === undefined) continue;
      page.runs = runs;
      return true;
    }
    return arrived !== undefined;
  }

  #insert(run: RunView): number | undefined {
    if (this.#next === undefined) return undefined;
    const [newest] = this.#pages;
    const newestRun = newest?.runs?.[0];
    if (newest === undefined || isNewer(run, newestRun ?? { id: newest.firstId })) {
      const at = this.#arrived.findIndex((other) => isNewer(run, other));
      const row = at === -1 ? this.#arrived.length : at;
      this.#arrived = this.#arrived.toSpliced(row, 0, run);
      return row;
    }
    let start = this.#arrived.length;
    for (const page of this.#pages) {
      const at = page.runs?.findIndex((other) => isNewer(run, other)) ?? -1;
      if (at !== -1 && page.runs !== undefined) {
        page.runs = page.runs.toSpliced(at, 0, run);
        page.firstId = page.runs[0]?.id ?? page.firstId;
        page.count++;
        return start + at;
      }
      start += page.count;
    }
    return undefined;
  }

  #reload(page: LoadedPage): void {
    if (page.runs !== undefined || page.isLoading || this.error !== undefined) return;
    page.isLoading = true;
    this.#load(page.cursor, Math.max(PAGE, page.count))
      .then(
        ({ runs }) => this.#fill(page, runs),
        (error: Error) => {
          this.error = error;
        },
      )
      .finally(() => {
        page.isLoading = false;
        if (!this.#isClosed) this.#onChange();
      });
  }

  /** Rows of a page that came again: some may be gone since, and those of the page after it may come along. */
  #fill(page: LoadedPage, loaded: readonly RunView[]): void {
    const following = this.#pages[this.#pages.indexOf(page) + 1]?.firstId;
    const arrived = new Set(this.#arrived.map(({ id }) => id));
    const own = loaded.filter(({ id }) => !arrived.has(id));
    const end = own.findIndex(({ id }) => id === following);
    page.runs = own.slice(0, end === -1 ? page.count : Math.min(end, page.count));
    page.count = page.runs.length;
  }

  #extend(): void {
    if (this.#isExtending || this.#next === null || this.error !== undefined) return;
    const cursor = this.#next;
    this.#isExtending = true;
    this.#load(cursor, PAGE)
      .then(
        ({ runs, next }) => {
          const [first] = runs;
          // A search for text may find nothing in one step and go on.
          if (first !== undefined)
            this.#pages.push({ cursor, count: runs.length, firstId: first.id, runs, isLoading: false });
          this.#next = next;
        },
        (error: Error) => {
          this.error = error;
        },
      )
      .finally(() => {
        this.#isExtending = false;
        if (!this.#isClosed) this.#onChange();
      });
  }
}

/** Ids sort in the order in which runs were claimed. */
function isNewer(one: { readonly id: string }, other: { readonly id: string }): boolean {
  return one.id.length === other.id.length ? one.id > other.id : one.id.length > other.id.length;
}
