import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SoloistError, systemErrorCode } from '../../errors.ts';
import type { LinksSettings } from '../action.ts';
import { noteText } from '../notes/text.ts';
import { storeFile } from './files.ts';
import { type StoredSuggestion, SuggestionStore } from './store.ts';
import type { Links, SuggestionDetails, SuggestionFilter, SuggestionView } from './suggestion.ts';
import { hasLink, takeOutLink, writeLink } from './write-link.ts';

/** A job with the action `links`, its settings, and the folder of its state. */
export interface LinksJob {
  readonly job: string;
  readonly settings: LinksSettings;
  readonly state: string;
}

/** So long a store stays open that nobody asks for. */
const IDLE_MS = 30_000;
/** How long the daemon's thread may stand still while the action writes; then it lets others work and tries again. */
const BUSY_MS = 50;
const BUSY_ATTEMPTS = 100;
/** The most of a note that is shown, in characters. */
const MOST_TEXT = 100_000;

interface Opened {
  readonly store: SuggestionStore;
  /** Resolves when what a crash left is settled. */
  readonly ready: Promise<void>;
  idle: NodeJS.Timeout | undefined;
}

/**
 * The suggestions of all jobs, in the stores that the action writes. A store is opened when it is asked for; what a crash left
 * half done is settled then. One thing is decided at a time.
 */
export class StoredLinks implements Links {
  readonly #jobs: () => readonly LinksJob[];
  readonly #now: () => Date;
  readonly #warn: (line: string) => void;
  readonly #open = new Map<string, Opened>();
  #queue: Promise<unknown> = Promise.resolve();

  /** `jobs` gives those of the configuration as it is now. */
  constructor(
    jobs: () => readonly LinksJob[],
    options: { readonly now?: () => Date; readonly warn?: (line: string) => void } = {},
  ) {
    this.#jobs = jobs;
    this.#now = options.now ?? (() => new Date());
    this.#warn = options.warn ?? (() => {});
  }

  list({ job, state, limit }: SuggestionFilter) {
    return this.#patiently(async () => {
      const found: { readonly best: number; readonly view: SuggestionView }[] = [];
      let total = 0;
      for (const each of this.#jobs()) {
        if (job !== undefined && job !== each.job) continue;
        const store = await this.#store(each);
        if (store === undefined) continue;
        total += store.count(state);
        for (const { best, suggestion } of store.likeliest(state, limit))
          found.push({ best, view: viewOf(each.job, suggestion) });
      }
      // Those of one note are next to each other already, and the sort keeps their order.
      found.sort((one, other) => other.best - one.best);
      return { links: found.slice(0, limit).map(({ view }) => view), total };
    });
  }

  details(id: string): Promise<SuggestionDetails> {
    return this.#patiently(async () => {
      const { job, suggestion } = await this.#find(id);
      const { vault } = job.settings;
      return {
        suggestion: viewOf(job.job, suggestion),
        noteText: textOf(join(vault, suggestion.note)),
        targetText: textOf(join(vault, suggestion.target)),
      };
    });
  }

  accept(id: string): Promise<SuggestionView> {
    return this.#change(id, async (job, store, suggestion) => {
      if (suggestion.state === 'accepted') return;
      const insertion = await writeLink(job.settings, store, suggestion);
      await this.#patiently(async () => store.decide(suggestion, 'accepted', this.#now(), insertion));
    });
  }

  dismiss(id: string): Promise<SuggestionView> {
    return this.#change(id, async (_job, store, suggestion) => {
      if (suggestion.state === 'accepted')
        throw new SoloistError({
          code: 'link-accepted',
          message: `The link ${id} is in the note ${suggestion.note} already.`,
          hint: `Take it out first: 'soloist links undo ${id}'.`,
        });
      if (suggestion.state === 'waiting') store.decide(suggestion, 'dismissed', this.#now());
    });
  }

  undo(id: string): Promise<SuggestionView> {
    return this.#change(id, async (job, store, suggestion) => {
      const { state, insertion } = suggestion;
      if (state === 'waiting')
        throw new SoloistError({
          code: 'link-undecided',
          message: `Nothing was decided about the link ${id} yet.`,
        });
      if (insertion !== undefined) await takeOutLink(job.settings, store, suggestion, insertion);
      await this.#patiently(async () => store.decide(suggestion, 'waiting', undefined));
    });
  }

  /** Closes all stores, when nothing is being decided. */
  async close(): Promise<void> {
    await this.#queue;
    for (const state of [...this.#open.keys()]) this.#close(state);
  }

  /** Decides about one suggestion, after all that was asked for before. */
  #change(
    id: string,
    decide: (job: LinksJob, store: SuggestionStore, suggestion: StoredSuggestion) => Promise<void>,
  ): Promise<SuggestionView> {
    const done = this.#queue.then(() =>
      this.#patiently(async () => {
        const { job, store, suggestion } = await this.#find(id);
        try {
          await decide(job, store, suggestion);
        } finally {
          // What was begun and came to nothing.
          const left = store.get(id);
          if (left?.pending !== undefined) await this.#settle(job, store, [left]);
        }
        return viewOf(job.job, store.get(id) ?? suggestion);
      }),
    );
    this.#queue = done.catch(() => {});
    return done;
  }

  async #find(id: string) {
    for (const job of this.#jobs()) {
      const store = await this.#store(job);
      const suggestion = store?.get(id);
      if (store !== undefined && suggestion !== undefined) return { job, store, suggestion };
    }
    throw new SoloistError({
      code: 'unknown-link',
      message: `There is no suggested link '${id}'.`,
      hint: "'soloist links list' shows those that there are. One is gone when its notes changed so that it would not be suggested now.",
    });
  }

  async #store(job: LinksJob): Promise<SuggestionStore | undefined> {
    const file = storeFile(job.state);
    let opened = this.#open.get(job.state);
    // The job has not run yet.
    if (opened === undefined && !existsSync(file)) return undefined;
    if (opened === undefined) {
      const store = SuggestionStore.open(file, this.#warn, BUSY_MS);
      opened = { store, ready: this.#settle(job, store, store.pending()), idle: undefined };
      this.#open.set(job.state, opened);
    }
    this.#keepOpen(job.state, opened);
    try {
      await opened.ready;
    } catch (error) {
      this.#close(job.state);
      throw error;
    }
    return opened.store;
  }

  /** Finds out of what was begun on notes' files whether it was done. */
  async #settle(job: LinksJob, store: SuggestionStore, pending: readonly StoredSuggestion[]): Promise<void> {
    for (const suggestion of pending) {
      const isIn = await hasLink(job.settings, suggestion);
      if (isIn) store.decide(suggestion, 'accepted', this.#now(), suggestion.insertion);
      else store.decide(suggestion, 'waiting', undefined);
    }
  }

  #keepOpen(state: string, opened: Opened): void {
    clearTimeout(opened.idle);
    opened.idle = setTimeout(() => {
      // What is being decided has the store in its hands.
      void this.#queue.then(() => this.#close(state));
    }, IDLE_MS);
    opened.idle.unref();
  }

  #close(state: string): void {
    const opened = this.#open.get(state);
    if (opened === undefined) return;
    clearTimeout(opened.idle);
    this.#open.delete(state);
    opened.store.close();
  }

  /** Tries again while the action is writing to the store. */
  async #patiently<T>(action: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await action();
      } catch (error) {
        const isBusy = error instanceof SoloistError && error.code === 'links-busy';
        if (!isBusy || attempt >= BUSY_ATTEMPTS) throw error;
        await sleep(BUSY_MS);
      }
    }
  }
}

function textOf(path: string): string | null {
  try {
    const text = noteText(readFileSync(path))?.text ?? '';
    return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return null;
  }
}

function viewOf(job: string, suggestion: StoredSuggestion): SuggestionView {
  const { id, note, noteTitle, target, targetTitle, score, terms, passage, state, decidedAt } = suggestion;
  return {
    id,
    job,
    note: { path: note, title: noteTitle },
    target: { path: target, title: targetTitle },
    score,
    terms,
    passage,
    state,
    decidedAt,
  };
}
