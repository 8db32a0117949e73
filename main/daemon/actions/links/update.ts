import { setImmediate as nextTurn } from 'node:timers/promises';
import { SoloistError } from '../../errors.ts';
import type { LinksSettings } from '../action.ts';
import { type NoteFile, walkVault } from '../notes/vault.ts';
import type { NoteIndex } from './note-index.ts';
import { type Comparison, WordComparison } from './similarity.ts';
import type { SuggestionStore } from './store.ts';
import { Suggester } from './suggester.ts';
import { takeIn } from './take-in.ts';

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
  try {
    const result = await index.database.longTransaction(() => reckon(options, walked.notes, warnings));
    store.settle(result.settled);
    return result.updated;
  } finally {
    for (const line of warnings.slice(0, MOST_WARNINGS)) options.warn(line);
    if (warnings.length > MOST_WARNINGS)
      options.warn(`${warnings.length - MOST_WARNINGS} more warnings like these.`);
  }
}

async function reckon(options: UpdateOptions, files: readonly NoteFile[], warnings: string[]) {
  const { settings, index, store, signal } = options;
  const isFirst = index.count() === 0;
  const { changed, gone, renamed, returning, unreadable } = await takeIn(options, files, warnings);
  if (unreadable === files.length)
    throw nothingToRead(settings.vault, files.length, 'none of its notes could be read', warnings);
  if (!index.hasText())
    throw nothingToRead(settings.vault, files.length, 'there are no words in its notes', warnings);

  const settled = store.touched();
  const affected = new Set([...settled, ...gone.flatMap((path) => store.suggesting(path))]);
  const returned = returning.flatMap(({ uid, path }) =>
    store.returned(uid, path).filter(({ from }) => index.idOf(from) === undefined),
  );
  store.database.transaction(() => {
    store.rename([...renamed, ...returned]);
    for (const path of gone) store.removeNote(path);
  });

  const words = new WordComparison(index);
  const { name, comparison } = (await options.compare?.(words)) ?? { name: 'words', comparison: words };
  const drifted = Number(index.fact('drifted') ?? 0) + changed.length + gone.length;
  const key = JSON.stringify([settings.exclude, settings.suggestions, settings.threshold, name]);
  const all = isFirst || index.fact('settings') !== key || drifted > Math.max(20, index.count() * DRIFT);
  index.setFact('settings', key);
  index.setFact('drifted', String(all ? 0 : drifted));
  let removed = 0;
  if (all)
    removed += store.database.transaction(() => store.keepOnly((path) => index.idOf(path) !== undefined));
  const ids = index.ids();
  words.renew(all ? ids : changed);

  const suggester = new Suggester(settings, index, store, comparison, all ? undefined : new Set(changed));
  const dirty = all ? ids : [...suggester.dirty(affected)];
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
    changed: changed.length,
    gone: gone.length,
    renamed: renamed.length,
    reckoned: dirty.length,
    added,
    removed,
  };
  return { updated, settled };
}

function nothingToRead(vault: string, notes: number, why: string, warnings: readonly string[]): SoloistError {
  const [first] = warnings;
  return new SoloistError({
    code: 'vault-unreadable',
    message: `The vault ${vault} has ${notes} ${notes === 1 ? 'note' : 'notes'}, but ${why}.${first === undefined ? '' : ` ${first}`}`,
    hint: 'Nothing was suggested, and what was suggested before stays. Check that your user may read the notes.',
  });
}
