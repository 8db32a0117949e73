import { effect, signal, untracked } from '@preact/signals';
import { answering } from '../state/app.ts';
import { call, on } from '../state/calls.ts';
import { type Filters, filters, matches, queryOf } from './filters.ts';
import { RunPages } from './run-pages.ts';

/** The runs that the history's filters let through, with what happens meanwhile. */
export class HistoryStore {
  /** Raised whenever rows have changed; at most once a frame, however much happens. */
  readonly version = signal(0);
  /** Rows added since the last look, by where; to be taken with `takeAdded`. */
  #added: number[] = [];
  #pages: RunPages;
  #frame: number | undefined;
  readonly #ends: (() => void)[] = [];

  constructor() {
    this.#pages = this.#begin(filters.peek());
    let isFirst = true;
    this.#ends.push(
      effect(() => {
        const wanted = filters.value;
        void answering.value;
        if (!isFirst) untracked(() => this.#restart(wanted));
        isFirst = false;
      }),
      on('run', (run) => {
        if (!matches(run, filters.peek())) return;
        const row = this.#pages.take(run);
        if (row !== undefined) this.#added.push(row);
      }),
    );
    document.addEventListener('visibilitychange', this.#onVisible);
  }

  get pages(): RunPages {
    return this.#pages;
  }

  /** How many rows were added above this one since the last look. */
  takeAdded(above: number): number {
    const count = this.#added.filter((row) => row <= above).length;
    this.#added = [];
    return count;
  }

  close(): void {
    this.#pages.close();
    for (const end of this.#ends) end();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    document.removeEventListener('visibilitychange', this.#onVisible);
  }

  /** A hidden window is told nothing: what it shows is read anew when it is seen again. */
  readonly #onVisible = (): void => {
    if (!document.hidden) this.#restart(filters.peek());
  };

  #restart(wanted: Filters): void {
    this.#pages.close();
    this.#added = [];
    this.#pages = this.#begin(wanted);
    this.#changed();
  }

  #begin(wanted: Filters): RunPages {
    const query = queryOf(wanted, Date.now());
    return new RunPages(
      (cursor, limit) => call('runs', { ...query, ...(cursor === undefined ? {} : { cursor }), limit }),
      () => this.#changed(),
    );
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.version.value++;
    });
  }
}
