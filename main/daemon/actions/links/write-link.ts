import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SoloistError, systemErrorCode } from '../../errors.ts';
import type { LinksSettings } from '../action.ts';
import { editNote } from '../notes/edit-note.ts';
import { linkTo } from '../notes/resolve.ts';
import { isLinked, vaultNames } from './linked.ts';
import { additionTo, withAddition, withoutAddition } from './section.ts';
import type { Insertion, StoredSuggestion, SuggestionStore } from './store.ts';

/*
 * What is decided is written in three steps: what is about to be done goes to the store, the note is replaced, the decision goes to
 * the store. After a crash between them the hash of the note tells which of both stands there.
 */

/** Adds the link to the note; undefined if it has it already. What is about to be written is in the store before. */
export async function writeLink(
  settings: LinksSettings,
  store: SuggestionStore,
  { id, note, target }: StoredSuggestion,
): Promise<Insertion | undefined> {
  const { vault, section } = settings;
  for (const path of [note, target]) if (!existsSync(join(vault, path))) throw goneSince(path);
  const named = await vaultNames(vault, target);
  const link = linkTo(target, named);
  const outcome: { insertion?: Insertion; error?: unknown } = {};
  await editNote(join(vault, note), (bytes) => {
    // Nothing is thrown here: what another program wrote late is to be kept, whatever comes of the link.
    try {
      delete outcome.insertion;
      if (bytes === undefined) throw goneSince(note);
      if (isLinked(bytes, note, target, named)) return undefined;
      const insertion = insertionInto(bytes, section, link, note);
      store.begin(id, 'accept', insertion);
      outcome.insertion = insertion;
      return withAddition(bytes, insertion);
    } catch (error) {
      outcome.error = error;
      return undefined;
    }
  });
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.insertion;
}

/** Takes the link out again, if the note is as it was left. */
export async function takeOutLink(
  settings: LinksSettings,
  store: SuggestionStore,
  { id, note }: StoredSuggestion,
  insertion: Insertion,
): Promise<void> {
  const path = join(settings.vault, note);
  if (!existsSync(path)) throw goneSince(note);
  const outcome: { isDone: boolean; error?: unknown } = { isDone: false };
  await editNote(path, (bytes) => {
    // Nothing is thrown here either.
    try {
      const isSame = bytes !== undefined && hashOf(bytes) === insertion.after;
      const former = isSame ? withoutAddition(bytes, insertion) : undefined;
      if (former !== undefined) store.begin(id, 'undo', insertion);
      outcome.isDone = former !== undefined;
      return former;
    } catch (error) {
      outcome.error = error;
      return undefined;
    }
  });
  if (outcome.error !== undefined) throw outcome.error;
  if (outcome.isDone) return;
  throw new SoloistError({
    code: 'note-changed',
    message: `The note ${note} was changed since the link was added, so it is left as it is.`,
    hint: 'Take the link out by hand.',
  });
}

/** Whether the link of a decision that a crash interrupted is in the note. */
export async function hasLink(
  settings: LinksSettings,
  { note, target, insertion }: StoredSuggestion,
): Promise<boolean> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(settings.vault, note));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
  const hash = hashOf(bytes);
  if (hash === insertion?.after) return true;
  if (hash === insertion?.before) return false;
  return isLinked(bytes, note, target, await vaultNames(settings.vault, target));
}

function insertionInto(bytes: Buffer, section: string, link: string, note: string): Insertion {
  const addition = additionTo(bytes, section, link);
  const unfit = (reason: string, hint: string): SoloistError =>
    new SoloistError({
      code: 'note-unfit',
      message: `The note ${note} ${reason}, so no link was added.`,
      hint,
    });
  if (addition === undefined)
    throw unfit(
      'ends within a code block or a comment that is not closed',
      'Close it, and accept the link again.',
    );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
  if (!isUtf8(bytes) && !/^[\x00-\x7f]*$/.test(addition.text))
    throw unfit(
      'is not written in UTF-8, and the link has other letters than ASCII',
      'Save the note as UTF-8.',
    );
  return { ...addition, before: hashOf(bytes), after: hashOf(withAddition(bytes, addition)) };
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const goneSince = (path: string): SoloistError =>
  new SoloistError({
    code: 'note-changed',
    message: `The note ${path} is not there any more, so nothing was written.`,
    hint: 'If it was renamed, run the job again: it finds out.',
  });
