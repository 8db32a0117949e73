import { createHash } from 'node:crypto';
import { systemErrorCode } from '../../errors.ts';
import { type ParsedNote, parseNote } from '../notes/parse.ts';
import { noteText } from '../notes/text.ts';
import { type NoteFile, readNoteBytes } from '../notes/vault.ts';
import type { IndexedFile, IndexedNote, NoteEntry, NoteIndex } from './note-index.ts';
import type { Vector } from './postings.ts';
import { termsOf } from './terms.ts';

/** What became of a file since the index saw it. */
export type Look =
  | { readonly kind: 'same' }
  /** Written anew with what it said before. */
  | { readonly kind: 'touched' }
  | { readonly kind: 'changed'; readonly entry: NoteEntry; readonly warning: string | undefined }
  /** `gone`: it was removed since the folder was looked at. */
  | { readonly kind: 'unreadable' | 'gone'; readonly warning: string };

/** Looks at a file, and reads it if its time or size are others than those that are known. */
export function look(
  vault: string,
  file: NoteFile,
  known: IndexedFile | undefined,
  knownHash: (id: number) => string | undefined,
): Look {
  if (known?.mtimeMs === file.mtimeMs && known.size === file.size) return { kind: 'same' };
  let bytes: Buffer;
  try {
    bytes = readNoteBytes(vault, file.path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return {
      kind: code === 'ENOENT' ? 'gone' : 'unreadable',
      warning: `${file.path} could not be read (${code}).`,
    };
  }
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (known !== undefined && knownHash(known.id) === hash) return { kind: 'touched' };
  const text = noteText(bytes);
  if (text === undefined)
    return { kind: 'unreadable', warning: `${file.path} is no text: it has zero bytes in it.` };
  const parsed = parseNote(file.path, text.text);
  const oddities = [text.oddity, parsed.warning].filter((oddity) => oddity !== undefined);
  return {
    kind: 'changed',
    entry: { ...file, hash, parsed, terms: termsOf(file.path, parsed) },
    warning: oddities.length === 0 ? undefined : `${file.path}: ${oddities.join('; ')}.`,
  };
}

/** As alike as this, from 0 to 1, a note that vanished and one that appeared are the same, renamed and changed. */
const SAME = 0.8;
/** With more pairs of vanished and new notes than this, only ids and whole contents tell. */
const MOST_PAIRS = 40_000;

/**
 * Which of the notes that vanished each of the new ones is: by the id in its front matter, else by its content, else by what
 * is most like it.
 */
export function renames(
  index: NoteIndex,
  gone: readonly IndexedNote[],
  entries: readonly NoteEntry[],
): ReadonlyMap<string, IndexedNote> {
  const left = new Set(gone);
  const found = new Map<string, IndexedNote>();
  const match = (test: (entry: NoteEntry, former: IndexedNote) => boolean): void => {
    for (const entry of entries) {
      if (found.has(entry.path)) continue;
      const former = [...left].find((note) => test(entry, note));
      if (former === undefined) continue;
      found.set(entry.path, former);
      left.delete(former);
    }
  };
  if (left.size > 0) match(({ parsed }, { uid }) => uid !== undefined && parsed.uid === uid);
  // Empty notes are all the same.
  if (left.size > 0) match(({ hash, size }, former) => size > 0 && hash === former.hash);
  if (left.size === 0 || left.size * entries.length > MOST_PAIRS) return found;
  const vectors = new Map([...left].map((note) => [note, index.vector(note.id)]));
  const conflicting = (parsed: ParsedNote, former: IndexedNote): boolean =>
    parsed.uid !== undefined && former.uid !== undefined;
  match(
    ({ parsed, terms }, former) =>
      !conflicting(parsed, former) && cosine(index.vectorOf(terms), vectors.get(former) ?? []) >= SAME,
  );
  return found;
}

function cosine(one: Vector, other: Vector): number {
  const weights = new Map(one.map(({ term, weight }) => [term, weight]));
  const norm = (vector: Vector): number =>
    Math.sqrt(vector.reduce((sum, { weight }) => sum + weight ** 2, 0));
  const both = other.reduce((sum, { term, weight }) => sum + weight * (weights.get(term) ?? 0), 0);
  return both === 0 ? 0 : both / (norm(one) * norm(other));
}
