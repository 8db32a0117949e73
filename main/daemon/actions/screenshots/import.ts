import { rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { SoloistError } from '../../errors.ts';
import { editNote, inFolder } from '../notes/edit-note.ts';
import { Attachments, pictureName, pictureNames } from './attachments.ts';
import { type Entry, type RecognisedText, withEntry } from './entry.ts';
import { nameFacts, sortableTime, type WallTime, wallTimeAt } from './name.ts';
import { lookAt, type Picture } from './picture.ts';
import type { Store } from './store.ts';
import type { Vault } from './vault.ts';

/** What became of a file. Paths are below the vault. */
export type Outcome =
  | {
      readonly kind: 'imported';
      readonly picture: string;
      readonly note: string;
      readonly text: RecognisedText;
    }
  /** The same picture was brought in before, from this file or another. */
  | { readonly kind: 'known' }
  /** Left for the next run. */
  | { readonly kind: 'unfinished' | 'failed'; readonly reason: string }
  | { readonly kind: 'not-a-picture'; readonly reason: string }
  | { readonly kind: 'gone' };

export interface ImportOptions {
  readonly vault: Vault;
  readonly store: Store;
  readonly afterwards: 'copy' | 'move';
  readonly signal: AbortSignal;
  /** Says what would be done, and changes nothing. */
  readonly dryRun: boolean;
  /** For how many milliseconds files that are not whole are looked at again. */
  readonly patience: number;
  recognise(picture: Picture): Promise<RecognisedText>;
  report(file: string, outcome: Outcome, done: number, total: number): void;
}

/** What has not changed for so long will not become whole within a run; nor at all, unless it changes. */
const SOON_MS = 10 * 60_000;
const GIVEN_UP_MS = 24 * 60 * 60_000;

/**
 * Brings pictures into the vault, the oldest first. Whenever it is ended, a crash included, the next call completes what was
 * begun: no picture twice, none lost, no entry twice. Resolves to whether it came to its end.
 */
export async function importPictures(files: readonly string[], options: ImportOptions): Promise<boolean> {
  return await new Import(options).all(files);
}

class Import {
  readonly #options: ImportOptions;
  readonly #attachments: Attachments;
  /** In a dry run, what would have been brought in. */
  readonly #wouldBe = new Set<string>();

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#attachments = new Attachments(options.vault.attachments);
  }

  async all(given: readonly string[]): Promise<boolean> {
    const { store, signal, patience, dryRun, report } = this.#options;
    if (!dryRun) store.addWaiting(given);
    const files = byTime(new Set([...given, ...store.waiting()]));
    if (!dryRun) await this.#recover(files.length);
    let rest = files;
    let done = 0;
    const deadline = Date.now() + patience;
    for (let pause = 250; ; pause = Math.min(2 * pause, 4_000)) {
      const unfinished: string[] = [];
      const isLast = Date.now() >= deadline;
      for (const file of rest) {
        // Signals arrive between turns of the event loop, and files alone would leave it none.
        await nextTurn();
        if (signal.aborted) return false;
        const outcome = await this.#one(file);
        if (outcome === 'ended') return false;
        const age = outcome.kind === 'unfinished' ? unchangedFor(file) : 0;
        if (outcome.kind === 'unfinished' && !isLast && age < SOON_MS) {
          unfinished.push(file);
          continue;
        }
        const isOver = outcome.kind === 'unfinished' ? age > GIVEN_UP_MS : outcome.kind !== 'failed';
        if (!dryRun && isOver) store.settle(file);
        report(file, outcome, ++done, files.length);
      }
      if (unfinished.length === 0) return true;
      rest = unfinished;
      await sleep(Math.min(pause, Math.max(0, deadline - Date.now())), undefined, { signal }).catch(() => {});
    }
  }

  /** What a crash left between the first note of it and the last. */
  async #recover(total: number): Promise<void> {
    const { store, vault, report } = this.#options;
    // Not while another process is between noting a picture and putting it in its place.
    const begun = await inFolder(vault.attachments, () => {
      for (const { hash, entry } of store.begun()) if (!this.#has(entry, hash)) store.forget(hash);
      return store.begun();
    });
    for (const { hash, entry } of begun) {
      try {
        await this.#addEntry(entry);
        store.finish(hash);
      } catch (error) {
        report(vault.path(entry.path), noteFailure(error), 0, total);
      }
    }
  }

  /** Of a process that is at it, or crashed since this one began, or could not use the note. */
  async #complete(file: string, picture: Picture): Promise<Outcome> {
    const { store } = this.#options;
    const begun = store.begun().find(({ hash }) => hash === picture.hash);
    if (begun === undefined) return this.#known(file, picture);
    const { entry } = begun;
    if (!this.#has(entry, picture.hash))
      return { kind: 'unfinished', reason: 'another process is bringing it in' };
    try {
      const note = await this.#addEntry(entry);
      store.finish(picture.hash);
      this.#removeIfMoved(file, picture);
      return { kind: 'imported', picture: entry.path, note, text: entry.text };
    } catch (error) {
      return noteFailure(error);
    }
  }

  #has({ path }: Entry, hash: string): boolean {
    const { attachmentsBelow } = this.#options.vault;
    return (
      path.startsWith(`${attachmentsBelow}/`) &&
      this.#attachments.has(path.slice(attachmentsBelow.length + 1), hash)
    );
  }

  async #one(file: string): Promise<Outcome | 'ended'> {
    const { store, vault, dryRun, signal } = this.#options;
    const look = lookAt(file);
    if (look.kind !== 'whole') return look;
    const { picture } = look;
    const state = store.stateOf(picture.hash);
    if (state === 'done' || this.#wouldBe.has(picture.hash)) return this.#known(file, picture);
    if (state === 'begun') return await this.#complete(file, picture);
    // What was known is lost, but here it is.
    if (this.#attachments.find(picture) !== undefined) return this.#known(file, picture);

    const { time, app } = factsOf(file, picture);
    if (dryRun) {
      this.#wouldBe.add(picture.hash);
      const path = `${vault.attachmentsBelow}/${pictureName(time, picture)}`;
      return { kind: 'imported', picture: path, note: vault.noteOf(time), text: { kind: 'none' } };
    }
    const text = await this.#options.recognise(picture);
    // Without its text it would stay: it is not brought in when it could not be read for want of time only.
    if (signal.aborted) return 'ended';
    try {
      let entry: Entry | undefined;
      await this.#attachments.place(picture, time, (path) => {
        entry = { time, app, path: `${vault.attachmentsBelow}/${path}`, text };
        store.begin({ hash: picture.hash, entry });
      });
      if (entry === undefined) return this.#known(file, picture);
      const note = await this.#addEntry(entry);
      store.finish(picture.hash);
      this.#removeIfMoved(file, picture);
      return { kind: 'imported', picture: entry.path, note, text };
    } catch (error) {
      return noteFailure(error);
    }
  }

  #known(file: string, picture: Picture): Outcome {
    const { store, dryRun } = this.#options;
    if (dryRun) return { kind: 'known' };
    if (store.stateOf(picture.hash) === undefined) store.finish(picture.hash);
    this.#removeIfMoved(file, picture);
    return { kind: 'known' };
  }

  async #addEntry(entry: Entry): Promise<string> {
    const { vault } = this.#options;
    const note = vault.noteOf(entry.time);
    await editNote(vault.path(note), (bytes) =>
      withEntry(bytes, entry, pictureNames, () => vault.startOf(entry.time)),
    );
    return note;
  }

  /** Only what lies safely in the vault, and is still the same, is removed where it was. */
  #removeIfMoved(file: string, picture: Picture): void {
    if (this.#options.afterwards !== 'move' || this.#attachments.find(picture) === undefined) return;
    const now = lookAt(file);
    if (now.kind === 'whole' && now.picture.hash === picture.hash) rmSync(file);
  }
}

/** The next picture may be of another day, with a note that can be used. Throws again what is no matter of one note. */
function noteFailure(error: unknown): Outcome {
  if (error instanceof SoloistError && error.code.startsWith('note-'))
    return { kind: 'failed', reason: error.message };
  throw error;
}

function factsOf(file: string, { taken, modifiedMs }: Picture): { time: WallTime; app: string | undefined } {
  const { time, app } = nameFacts(basename(file));
  return { time: time ?? taken ?? wallTimeAt(modifiedMs), app };
}

/** Milliseconds; programs that synchronise set the time of the content, but not that of the file's change. */
function unchangedFor(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 0 : Date.now() - Math.max(stats.mtimeMs, stats.ctimeMs);
}

function byTime(files: ReadonlySet<string>): string[] {
  const timeOf = (file: string): string => {
    const { time } = nameFacts(basename(file));
    return sortableTime(time ?? wallTimeAt(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
  };
  return [...files]
    .map((file) => ({ file, key: `${timeOf(file)} ${file}` }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ file }) => file);
}
