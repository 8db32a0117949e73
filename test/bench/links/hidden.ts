import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseNote } from '../../../main/daemon/actions/notes/parse.ts';
import { notesByName, resolveLink } from '../../../main/daemon/actions/notes/resolve.ts';
import { noteText } from '../../../main/daemon/actions/notes/text.ts';
import { walkVault } from '../../../main/daemon/actions/notes/vault.ts';

/** How links are hidden: their words stay as plain text, as before somebody made them links, or nothing stays of them. */
export const hidings = ['words stay', 'words gone'] as const;
export type Hiding = (typeof hidings)[number];

export interface HiddenNote {
  readonly path: string;
  readonly title: string;
  /** Its text without the links. */
  readonly text: string;
  /** The notes that it linked to. */
  readonly linked: ReadonlySet<string>;
}

const WIKI = /!?\[\[([^[\]|#^\n]*)(?:[#^][^[\]|\n]*)?(?:\|([^[\]\n]*))?\]\]/g;
const DEFINITION = /^ {0,3}\[[^[\]]+\]:[^\n]*$/gm;
const MARKDOWN = /!?\[([^[\]]*)\]\([^()\s]*\.md[^()]*\)/g;

/** The notes of a vault without the links between them, and what these were. */
export function hideLinks(vault: string, how: Hiding): readonly HiddenNote[] {
  const read = walkVault(vault, []).notes.map(({ path }) => {
    const text = noteText(readFileSync(join(vault, path)))?.text ?? '';
    return { path, text, note: parseNote(path, text) };
  });
  const named = notesByName(read.map(({ path, note }) => ({ path, aliases: note.aliases })));
  return read.map(({ path, text, note }) => {
    const targets = note.links
      .map((link) => resolveLink(link, path, named))
      .filter((target) => target !== undefined);
    const stays = how === 'words stay';
    const hidden = text
      .replace(DEFINITION, '')
      .replace(WIKI, (_, target: string, shown: string | undefined) => (stays ? (shown ?? target) : ''))
      .replace(MARKDOWN, (_, shown: string) => (stays ? shown : ''));
    return {
      path,
      title: note.title,
      text: hidden,
      linked: new Set(targets.filter((target) => target !== path)),
    };
  });
}

/** Writes such notes as a vault. */
export function writeNotes(
  folder: string,
  notes: readonly { readonly path: string; readonly text: string }[],
): void {
  for (const { path, text } of notes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
