import { setImmediate as nextTurn } from 'node:timers/promises';
import { SoloistError } from '../../errors.ts';
import type { LinksSettings } from '../action.ts';
import { walkVault } from '../notes/vault.ts';
import { look, renames } from './changes.ts';
import type { IndexedFile, NoteEntry, NoteIndex } from './note-index.ts';
import { type Comparison, WordComparison } from './similarity.ts';
import type { Renamed, SuggestionStore } from './store.ts';
import { Suggester } from './suggester.ts';

export interface UpdateOptions {
  readonly settings: LinksSettings;
  readonly index: NoteIndex;
  readonly store: SuggestionStore;
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
  /** How the notes are compared, given the index as it is now; undefined: by their words. `name` tells a change of it. */
  readonly compare?: (
    words: WordComparison,
  ) => Promise<{ readonly name: string; readonly comparison: Comparison }>;
}

export interface Updated {
  readonly notes: number;
  readonly changed: number;
  readonly gone: number;
  readonly renamed: number;
  /** Of how many notes the suggestions were reckoned anew. */
  readonly reckoned: number;
  readonly added: number;
  readonly removed: number;
}

/** So many warnings are told one by one. */
const MOST_WARNINGS = 20;
/** After so many changed notes, or a tenth of all, how rare each word is has changed for all notes. */
const DRIFT = 0.1;
/** The store is written for so many notes at a time, so that the daemon never waits long for it. */
const NOTES_AT_ONCE = 25;

/**
 * Brings index and suggestions up to the notes as they are. Only changed files are read. Reckoned anew are the suggestions of
 * changed notes, of those to which a changed or vanished note was suggested, of those to which a changed note would be suggested
 * now, and of those about which was decided; of all notes at the first time, with other settings, and after a tenth of the notes changed.
 * Killed at any instant it is as if it had not begun, or is done again. Throws a `SoloistError` for a vault that is missing, or
 * has nothing to read; rejects if aborted.
 */
export async function update(options: UpdateOptions): Promise<Updated> {
  const { settings, index, store } = options;
  const walked = walkVault(settings.vault, settings.exclude);
  const warnings = [...walked.warnings];
  index.database.exec('BEGIN IMMEDIATE');
  try {
    const result = await reckon(options, walked.notes, warnings);
    index.database.exec('COMMIT');
    store.settle(result.settled);
    return result.updated;
  } catch (error) {
    index.database.rollBack();
    throw error;
  } finally {
    for (const line of warnings.slice(0, MOST_WARNINGS)) options.warn(line);
    if (warnings.length > MOST_WARNINGS)
      options.warn(`${warnings.length - MOST_WARNINGS} more warnings like these.`);
  }
}

async function reckon(
  options: UpdateOptions,
  files: ReturnType<typeof walkVault>['notes'],
  warnings: string[],
) {
  const { settings, index, store, signal } = options;
  const known = index.files();
  const isFirst = known.size === 0;
  const { entries, unreadable, vanished } = await readChanges(options, files, known, warnings);
  if (unreadable === files.length)
    throw nothingToRead(settings.vault, files.length, 'none of its notes could be read', warnings);
  const present = new Set(files.map(({ path }) => path));
  const gone = [...known]
    .filter(([path]) => !present.has(path) || vanished.has(path))
    .map(([, { id }]) => index.note(id))
    .filter((note) => note !== undefined);
  const fresh = entries.filter(({ path }) => !known.has(path));
  const former = renames(index, gone, fresh);
  const renamedIds = new Set([...former.values()].map(({ id }) => id));
  const renamed = [...former].map(([to, { path: from }]): Renamed => ({ from, to }));

  const affected = new Set<string>(store.touched());
  const settled = [...affected];
  const forget = gone.filter(({ id }) => !renamedIds.has(id));
  for (const { id, path } of forget) {
    for (const note of store.suggesting(path)) affected.add(note);
    index.remove(id);
  }
  // Two notes may have swapped their names, and a path is unique.
  for (const { id } of former.values()) index.park(id);
  const changed = entries.map((entry) =>
    index.put(entry, (former.get(entry.path) ?? known.get(entry.path))?.id),
  );
  index.postings.flush();
  if (!index.hasText())
    throw nothingToRead(settings.vault, files.length, 'there are no words in its notes', warnings);
  const returned = fresh.flatMap(({ path, parsed }) =>
    parsed.uid === undefined ? [] : store.returned(parsed.uid, path).filter(({ from }) => !present.has(from)),
  );
  store.database.transaction(() => {
    store.rename([...renamed, ...returned]);
    for (const { path } of forget) store.removeNote(path);
  });

  const words = new WordComparison(index);
  const { name, comparison } = (await options.compare?.(words)) ?? { name: 'words', comparison: words };
  const drifted = Number(index.fact('drifted') ?? 0) + changed.length + forget.length;
  const key = JSON.stringify([settings.exclude, settings.suggestions, settings.threshold, name]);
  const all = isFirst || index.fact('settings') !== key || drifted > Math.max(20, index.count() * DRIFT);
  index.setFact('settings', key);
  index.setFact('drifted', String(all ? 0 : drifted));
  let removed = 0;
  if (all)
    removed += store.database.transaction(() => store.keepOnly((path) => index.idOf(path) !== undefined));
  const ids = index.ids();
  for (const id of all ? ids : changed) words.renew(id);

  const suggester = new Suggester(settings, index, store, comparison);
  const dirty = all ? ids : [...suggester.dirty(changed, affected)];
  let added = 0;
  for (let start = 0; start < dirty.length; start += NOTES_AT_ONCE) {
    // Reckoned before the store is locked.
    const found = dirty.slice(start, start + NOTES_AT_ONCE).map((id) => suggester.suggest(id));
    store.database.transaction(() => {
      for (const each of found) {
        if (each === undefined) continue;
        const counts = store.replace(each.note, each.suggested);
        added += counts.added;
        removed += counts.gone;
      }
    });
    await nextTurn();
    signal.throwIfAborted();
  }
  const updated: Updated = {
    notes: ids.length,
    changed: entries.length,
    gone: forget.length,
    renamed: renamed.length,
    reckoned: dirty.length,
    added,
    removed,
  };
  return { updated, settled };
}

async function readChanges(
  { settings, index, signal }: UpdateOptions,
  files: ReturnType<typeof walkVault>['notes'],
  known: ReadonlyMap<string, IndexedFile>,
  warnings: string[],
) {
  const entries: NoteEntry[] = [];
  const vanished = new Set<string>();
  let unreadable = 0;
  for (const file of files) {
    const before = known.get(file.path);
    const seen = look(settings.vault, file, before, (id) => index.note(id)?.hash);
    if (seen.kind === 'same') continue;
    if (seen.kind === 'touched' && before !== undefined) index.touch(before.id, file.mtimeMs, file.size);
    if (seen.kind === 'changed') entries.push(seen.entry);
    if (seen.kind === 'gone') vanished.add(file.path);
    if (seen.kind === 'unreadable') unreadable++;
    if ('warning' in seen && seen.warning !== undefined) warnings.push(seen.warning);
    await nextTurn();
    signal.throwIfAborted();
  }
  return { entries, unreadable, vanished };
}

function nothingToRead(vault: string, notes: number, why: string, warnings: readonly string[]): SoloistError {
  const [first] = warnings;
  return new SoloistError({
    code: 'vault-unreadable',
    message: `The vault ${vault} has ${notes} ${notes === 1 ? 'note' : 'notes'}, but ${why}.${first === undefined ? '' : ` ${first}`}`,
    hint: 'Nothing was suggested, and what was suggested before stays. Check that your user may read the notes.',
  });
}
