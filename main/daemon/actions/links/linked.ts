import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../errors.ts';
import { parseNote } from '../notes/parse.ts';
import { type NotesNamed, notesByName, resolveLink } from '../notes/resolve.ts';
import { noteText } from '../notes/text.ts';
import { notePaths } from '../notes/vault.ts';

/** Parsing a note that is longer would hold the daemon up. */
const LARGE = 300_000;

/** The names of all notes of a vault as it is now, with the aliases of one of them. */
export async function vaultNames(vault: string, target: string): Promise<NotesNamed> {
  const paths = await notePaths(vault);
  let aliases: readonly string[] = [];
  try {
    const text = noteText(readFileSync(join(vault, target)))?.text ?? '';
    aliases = parseNote(target, text.slice(0, 20_000)).aliases;
  } catch (error) {
    // Its being gone is noticed elsewhere.
    if (systemErrorCode(error) === undefined) throw error;
  }
  const known = paths.includes(target) ? paths : [...paths, target];
  return notesByName(known.map((path) => (path === target ? { path, aliases } : { path })));
}

/** Whether a note has a link to a target: of a very long one its code counts too. */
export function isLinked(bytes: Buffer, note: string, target: string, named: NotesNamed): boolean {
  const text = noteText(bytes)?.text ?? '';
  const leads = (link: Parameters<typeof resolveLink>[0]): boolean =>
    resolveLink(link, note, named) === target;
  const written = [
    ...[...text.matchAll(/\[\[([^[\]|#^\n]+)/g)].map(([, each = '']) => ({
      kind: 'wiki' as const,
      target: each,
    })),
    ...[...text.matchAll(/\]\(<?([^()<>\n]+?)(?:#[^()\n]*)?>?\)/g)].map(([, each = '']) => ({
      kind: 'markdown' as const,
      target: unescaped(each),
    })),
  ];
  if (!written.some(leads)) return false;
  return text.length > LARGE || parseNote(note, text).links.some(leads);
}

function unescaped(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
