import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { SoloistError, systemErrorCode } from '../../errors.ts';

/** A note of a vault, as its folder shows it. */
export interface NoteFile {
  /** Below the vault, with slashes. */
  readonly path: string;
  /** Milliseconds since the epoch, with their fractions. */
  readonly mtimeMs: number;
  readonly size: number;
}

export interface WalkedVault {
  readonly notes: readonly NoteFile[];
  /** What could not be looked at, in words. */
  readonly warnings: readonly string[];
}

/** Where Obsidian and its most used plugin for templates keep which folder holds them. */
const TEMPLATES = [
  ['.obsidian/templates.json', 'folder'],
  ['.obsidian/plugins/templater-obsidian/data.json', 'templates_folder'],
] as const;

/** The folders of templates that the vault's settings name, below the vault. */
function templateFolders(vault: string): readonly string[] {
  return TEMPLATES.flatMap(([file, key]) => {
    try {
      const folder: unknown = JSON.parse(readFileSync(join(vault, file), 'utf8'))[key];
      return typeof folder === 'string' && /[^/]/.test(folder) ? [folder.replace(/^\/+|\/+$/g, '')] : [];
    } catch {
      // Most vaults have no such settings, and what Obsidian writes into them is its business.
      return [];
    }
  });
}

const NOTE = /\.(?:md|markdown)$/i;

/** Whether a path below a vault is left out: by a pattern, or since it or a folder above it is hidden. */
export function leftOut(exclude: readonly string[]): (path: string) => boolean {
  // A pattern without a slash means the name, wherever it lies; one of a folder means all in it.
  const tests = exclude.map((written) => {
    const pattern = written.replace(/^\.?\//, '').replace(/\/$/, '');
    const folder = pattern.replace(/\/\*\*$/, '');
    return picomatch([pattern, folder, `${folder}/**`], {
      dot: true,
      nocase: true,
      basename: !pattern.includes('/'),
    });
  });
  return (path) => path.split('/').some((part) => part.startsWith('.')) || tests.some((test) => test(path));
}

/**
 * All notes of a vault, in no order. Hidden files and folders, folders of templates (as the settings of
 * Obsidian name them) and what `exclude` says are left out; links to folders are
 * followed, each folder once. Throws a `SoloistError` if the vault is missing, is no folder or has no notes.
 */
export function walkVault(vault: string, exclude: readonly string[]): WalkedVault {
  const templates = templateFolders(vault);
  const out = leftOut(exclude);
  const notes: NoteFile[] = [];
  const warnings: string[] = [];
  const seen = new Set<string>([rootOf(vault)]);
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(join(vault, folder), folder, warnings)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isFile = !entry.isDirectory();
      if (entry.name.startsWith('.') || templates.includes(path) || (exclude.length > 0 && out(path)))
        continue;
      if (isFile && !entry.isSymbolicLink() && !NOTE.test(path)) continue;
      if (!isFile) {
        folders.push(path);
        continue;
      }
      const stats = statsOf(`${vault}/${path}`, path, warnings);
      if (stats?.isFile() && NOTE.test(path)) notes.push({ path, mtimeMs: stats.mtimeMs, size: stats.size });
      if (stats?.isDirectory() && !isSeen(join(vault, path), seen)) folders.push(path);
    }
  }
  if (notes.length === 0) throw emptyVault(vault, exclude, warnings);
  return { notes, warnings };
}

/** The paths of all notes of a vault, those too that are left out of suggestions: whose names count is for links to be unambiguous. */
export async function notePaths(vault: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(join(vault, folder), { withFileTypes: true }).catch(() => [])) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (NOTE.test(path)) found.push(path);
    }
  }
  return found;
}

/** The bytes of a note. Throws what the file system throws. */
export const readNoteBytes = (vault: string, path: string): Buffer => readFileSync(join(vault, path));

function rootOf(vault: string): string {
  const fault = (reason: string, hint: string): SoloistError =>
    new SoloistError({ code: 'vault-missing', message: `The vault ${vault} ${reason}.`, hint });
  try {
    if (!statSync(vault).isDirectory())
      throw fault('is not a folder', "Name the folder of the notes in 'vault:'.");
    return realpathSync(vault);
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof SoloistError || code === undefined) throw error;
    if (code === 'ENOENT')
      throw fault('does not exist', "Check the path in 'vault:', and that its disk is connected.");
    throw fault(`could not be looked at (${code})`, 'Check that your user may read it.');
  }
}

function entriesOf(file: string, folder: string, warnings: string[]) {
  try {
    return readdirSync(file, { withFileTypes: true });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    warnings.push(`The folder ${folder || '.'} could not be read (${systemErrorCode(error)}).`);
    return [];
  }
}

function statsOf(file: string, path: string, warnings: string[]): Stats | undefined {
  try {
    return statSync(file);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    // Gone since, or a link to nothing.
    if (code !== 'ENOENT' || lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink())
      warnings.push(`${path} could not be looked at (${code}).`);
    return undefined;
  }
}

/** Whether a link leads to a folder that is being walked anyway, so that a loop of links ends. */
function isSeen(file: string, seen: Set<string>): boolean {
  const real = realpathSync(file);
  if (
    [...seen].some((known) => known === real || known.startsWith(`${real}/`) || real.startsWith(`${known}/`))
  )
    return true;
  seen.add(real);
  return false;
}

function emptyVault(vault: string, exclude: readonly string[], warnings: readonly string[]): SoloistError {
  const why = exclude.length > 0 ? ', or all are left out by its exclude patterns' : '';
  return new SoloistError({
    code: 'vault-empty',
    message: `The vault ${vault} has no notes: there is no Markdown file in it${why}.${warnings.length > 0 ? ` ${warnings[0]}` : ''}`,
    hint: "Check the path in 'vault:'. Nothing was suggested, and what was suggested before stays.",
  });
}
