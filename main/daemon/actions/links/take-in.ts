import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LinksSettings } from '../action.ts';
import type { NoteFile } from '../notes/vault.ts';
import { look, renames } from './changes.ts';
import type { IndexedFile, IndexedNote, NoteEntry, NoteIndex } from './note-index.ts';
import type { Renamed } from './store.ts';

/** What became of the notes of an index when it was brought up to their files. */
export interface TakenIn {
  /** The ids of new, changed and renamed notes. */
  readonly changed: readonly number[];
  /** The paths of those that are gone. */
  readonly gone: readonly string[];
  readonly renamed: readonly Renamed[];
  /** New notes with an id in their front matter, by which one that was gone before may be known. */
  readonly returning: readonly { readonly uid: string; readonly path: string }[];
  /** How many files there are that cannot be read. */
  readonly unreadable: number;
}

interface Options {
  readonly settings: LinksSettings;
  readonly index: NoteIndex;
  readonly signal: AbortSignal;
}

/** Reads the files that changed and writes what they say into the index. What is odd about them goes to `warnings`. */
export async function takeIn(
  { settings, index, signal }: Options,
  files: readonly NoteFile[],
  warnings: string[],
): Promise<TakenIn> {
  const known = index.files();
  const left = withoutFile(known, files);
  const changed: number[] = [];
  /** New notes that may be others of another name. */
  const fresh: NoteEntry[] = [];
  const returning: { uid: string; path: string }[] = [];
  let unreadable = 0;
  for (const file of files) {
    const before = known.get(file.path);
    const seen = look(settings.vault, file, before, (id) => index.note(id)?.hash);
    if (seen.kind === 'same') continue;
    if (seen.kind === 'touched' && before !== undefined) index.touch(before.id, file.mtimeMs, file.size);
    // It went while the others were looked at: the next update looks for where.
    if (seen.kind === 'gone' && before !== undefined) left.set(file.path, before);
    if (seen.kind === 'unreadable') unreadable++;
    if ('warning' in seen && seen.warning !== undefined) warnings.push(seen.warning);
    if (seen.kind === 'changed') {
      const { entry } = seen;
      const { uid } = entry.parsed;
      if (before === undefined && uid !== undefined) returning.push({ uid, path: entry.path });
      // Otherwise it is written at once, so that the texts of a large vault are not in memory together.
      if (before === undefined && left.size > 0) fresh.push(entry);
      else changed.push(index.put(entry, before?.id));
    }
    await nextTurn();
    signal.throwIfAborted();
  }
  const vanished = [...left.values()].map(({ id }) => index.note(id)).filter((note) => note !== undefined);
  const former = renames(index, vanished, fresh);
  const { gone, renamed } = parted(vanished, former);
  for (const { id } of gone) index.remove(id);
  for (const entry of fresh) changed.push(index.put(entry, former.get(entry.path)?.id));
  index.postings.flush();
  return { changed, gone: gone.map(({ path }) => path), renamed, returning, unreadable };
}

/** The notes that have no file any more. */
function withoutFile(
  known: ReadonlyMap<string, IndexedFile>,
  files: readonly NoteFile[],
): Map<string, IndexedFile> {
  let found = 0;
  for (const { path } of files) if (known.has(path)) found++;
  // Nearly always none is gone, and a copy of all would take longer than looking.
  if (found === known.size) return new Map();
  const left = new Map(known);
  for (const { path } of files) left.delete(path);
  return left;
}

function parted(vanished: readonly IndexedNote[], former: ReadonlyMap<string, IndexedNote>) {
  const ids = new Set([...former.values()].map(({ id }) => id));
  return {
    gone: vanished.filter(({ id }) => !ids.has(id)),
    renamed: [...former].map(([to, { path: from }]): Renamed => ({ from, to })),
  };
}
