import { posix } from 'node:path';

/** A note that a name may mean. `isAlias`: the name is one of its aliases, not that of its file. */
export interface Named {
  readonly path: string;
  readonly isAlias: boolean;
}

/** All notes of a vault whose file, without `.md`, or one of whose aliases has this name (as `nameKey` gives it). */
export type NotesNamed = (key: string) => readonly Named[];

/** What a link in a note leads to, as it was written. */
export interface NoteLink {
  readonly kind: 'wiki' | 'markdown';
  /** Without heading, block and shown text; of a Markdown link with its escapes resolved. */
  readonly target: string;
}

/** A name as names are compared: case, and how accents are written, make no difference. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase();

/** The name of a note's file without its folder and `.md`. */
export const noteName = (path: string): string => withoutExtension(posix.basename(path));

export const withoutExtension = (path: string): string => path.replace(/\.(?:md|markdown)$/i, '');

/**
 * The note that a link in the note `from` leads to, as Obsidian finds it: relative (`./`, `../`, and Markdown links first), the
 * whole path, then any note whose path ends so (one below the same folder first, else the shortest), then an alias. Undefined
 * if there is none.
 */
export function resolveLink({ kind, target }: NoteLink, from: string, named: NotesNamed): string | undefined {
  const wanted = withoutExtension(target.trim().replaceAll('\\', '/'));
  if (wanted === '') return undefined;
  const folder = posix.dirname(from) === '.' ? '' : `${posix.dirname(from)}/`;
  const key = nameKey(posix.basename(wanted));
  const candidates = named(key);
  const files = candidates.filter(({ isAlias }) => !isAlias).map(({ path }) => path);
  const exactly = (path: string): string | undefined =>
    files.find((file) => nameKey(withoutExtension(file)) === nameKey(path));
  if (/^\.\.?\//.test(wanted)) return exactly(posix.normalize(folder + wanted));
  if (wanted.startsWith('/')) return exactly(wanted.slice(1));
  const relative = kind === 'markdown' ? exactly(posix.normalize(folder + wanted)) : undefined;
  const found = relative ?? exactly(wanted);
  if (found !== undefined) return found;
  const ending = nameKey(`/${wanted}`);
  const ends = files.filter((file) => nameKey(`/${withoutExtension(file)}`).endsWith(ending));
  const near = (file: string): number => (folder !== '' && file.startsWith(folder) ? 0 : 1);
  const [best] = ends.sort(
    (one, other) => near(one) - near(other) || one.length - other.length || (one < other ? -1 : 1),
  );
  return best ?? named(nameKey(wanted)).find(({ isAlias }) => isAlias)?.path;
}

/** Characters that end or split a link between double brackets. */
const UNLINKABLE = /[#^|[\]\\]/;

/**
 * A link to a note, as Obsidian writes it: by its name where no other note has that name, else by its path. A name that cannot
 * stand between double brackets gets a Markdown link.
 */
export function linkTo(path: string, named: NotesNamed): string {
  const name = noteName(path);
  const same = named(nameKey(name)).filter(({ isAlias }) => !isAlias);
  const shortest = same.length > 1 ? withoutExtension(path) : name;
  if (!UNLINKABLE.test(shortest)) return `[[${shortest}]]`;
  const address = path
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
  return `[${name.replace(/[\\[\]]/g, '\\$&')}](${address})`;
}

/** The notes of a vault by name, made from a list of them. */
export function notesByName(
  notes: Iterable<{ readonly path: string; readonly aliases?: readonly string[] }>,
): NotesNamed {
  const names = new Map<string, Named[]>();
  const add = (name: string, named: Named): void => {
    const key = nameKey(name);
    const known = names.get(key);
    if (known === undefined) names.set(key, [named]);
    else known.push(named);
  };
  for (const { path, aliases = [] } of notes) {
    add(noteName(path), { path, isAlias: false });
    for (const alias of aliases) add(alias, { path, isAlias: true });
  }
  return (key) => names.get(key) ?? [];
}
