import { accessSync, constants, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import { replaceFile } from '../daemon/files.ts';
import { reasonOf } from '../daemon/home.ts';
import { shellText } from '../daemon/shell-word.ts';
import { beginningOf } from './beginning.ts';
import type { Extras } from './extras.ts';
import { findCommand } from './find-command.ts';
import { MARK, readWrapper, wrapperText } from './wrapper.ts';

/** How it is with `soloist` in a person's terminal. */
export type ToolState =
  | { readonly kind: 'none' }
  /** It runs this installation. */
  | { readonly kind: 'installed'; readonly path: string }
  /** It is there, but no terminal finds it; `advice` is a command that changes that. */
  | { readonly kind: 'not-on-path'; readonly path: string; readonly advice: string }
  /** It was written for another place of the app. */
  | { readonly kind: 'stale'; readonly path: string }
  /** Another program of that name is there, and none of ours. */
  | { readonly kind: 'foreign'; readonly path: string }
  /** It runs this installation, and another program of that name, or another installation's tool, comes first. */
  | { readonly kind: 'shadowed'; readonly path: string; readonly by: string }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** What the tool needs to know of its surroundings. */
export interface ToolPlace {
  /** What the tool runs, with the words of the person behind it. */
  readonly command: readonly [string, ...string[]];
  /** As the person's terminals have it. */
  readonly searchPath: string;
  /** The person's own folder. */
  readonly user: string;
  /** The person's shell, such as `/bin/zsh`. */
  readonly shell: string | undefined;
  readonly platform: NodeJS.Platform;
}

const NAME = 'soloist';

/** What there is now. Changes nothing. */
export function toolState(place: ToolPlace): ToolState {
  if (place.platform === 'win32')
    return {
      kind: 'unsupported',
      reason: 'A window program of Windows cannot print into a terminal; there is no command-line tool yet.',
    };
  const found = findCommand(NAME, { PATH: place.searchPath });
  if (found !== undefined) {
    const state = stateAt(found, place);
    if (state.kind === 'installed') return state;
    const own = ownPaths(place).find((path) => stateAt(path, place).kind === 'installed');
    return own === undefined ? state : { kind: 'shadowed', path: own, by: found };
  }
  const usual = usualPath(place);
  if (!existsSync(usual)) return { kind: 'none' };
  const state = stateAt(usual, place);
  return state.kind === 'installed' ? { kind: 'not-on-path', path: usual, advice: adviceFor(place) } : state;
}

/**
 * Puts the tool where the person's terminals find it, if that is possible without administrator rights, else where a line in
 * the shell's start file makes them find it. Returns how it is then. Throws a `SoloistError` that says why it could not be.
 */
export function installTool(place: ToolPlace, extras: Extras = {}): ToolState {
  const before = toolState(place);
  if (before.kind === 'unsupported')
    throw new SoloistError({ code: 'tool-unsupported', message: before.reason });
  // What came with a package of the system, or was installed before.
  if (before.kind !== 'installed') {
    const first = before.kind === 'stale' ? before.path : before.kind === 'shadowed' ? before.by : undefined;
    const isRenewed = first !== undefined && isOurs(first) && isWritable(dirname(first));
    put(isRenewed ? first : choosePath(place), wrapperText(place.command), 0o755);
  }
  // Completions that a person put there themselves are as good.
  for (const [path, text] of Object.entries(extras))
    if (!existsSync(path) || isOurs(path)) put(path, text, 0o644);
  return toolState(place);
}

/** Writes what an earlier version wrote in this version's words; what is not there, or another's, stays so. */
export function renewExtras(extras: Extras): void {
  for (const [path, text] of Object.entries(extras)) if (isOurs(path)) put(path, text, 0o644);
}

/** Takes away what `installTool` wrote. Throws a `SoloistError` if the tool is not Soloist's, or may not be removed. */
export function uninstallTool(place: ToolPlace, extras: Extras = {}): ToolState {
  const own = ownPaths(place);
  const state = toolState(place);
  if (own.length === 0 && state.kind === 'foreign') throw foreign(state.path);
  for (const path of own) remove(path);
  for (const path of Object.keys(extras)) if (isOurs(path)) remove(path);
  return toolState(place);
}

function stateAt(path: string, { command }: ToolPlace): ToolState {
  const wrapper = readWrapper(beginningOf(path));
  if (wrapper === undefined && leadsTo(path, command)) return { kind: 'installed', path };
  if (wrapper === undefined) return { kind: 'foreign', path };
  return { kind: wrapper.command === shellText(command) ? 'installed' : 'stale', path };
}

/** Every tool that was installed, wherever a person's terminals look or it may have been put. */
function ownPaths(place: ToolPlace): readonly string[] {
  if (place.platform === 'win32') return [];
  const folders = [...place.searchPath.split(delimiter).filter(isAbsolute), ...fitFolders(place)];
  return [...new Set(folders)].map((folder) => join(folder, NAME)).filter(isOurs);
}

/** Whether a path is a link to what the tool would run, as npm makes one. */
function leadsTo(path: string, command: readonly string[]): boolean {
  try {
    const real = realpathSync(path);
    return command.some((word) => isAbsolute(word) && existsSync(word) && realpathSync(word) === real);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

const usualPath = ({ user }: ToolPlace): string => join(user, '.local/bin', NAME);

const fitFolders = (place: ToolPlace): readonly string[] => [
  dirname(usualPath(place)),
  join(place.user, 'bin'),
  '/usr/local/bin',
  '/opt/homebrew/bin',
];

/** The first folder for such a thing that is on the search path and the person's to write to; else the usual one. */
function choosePath(place: ToolPlace): string {
  const usual = usualPath(place);
  const fit = fitFolders(place);
  const folders = place.searchPath.split(delimiter).filter(isAbsolute);
  const found = folders.find((folder) => fit.includes(folder) && isWritable(folder));
  return found === undefined ? usual : join(found, NAME);
}

/** Whether the user may make a file there. One that is not there can be made, in the user's own folder. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' && folder.endsWith('/.local/bin');
  }
}

/** What makes a new terminal find the usual folder: a window of it starts a login shell on macOS, and another one elsewhere. */
function adviceFor({ shell = '', platform }: ToolPlace): string {
  const line = `echo 'export PATH="$HOME/.local/bin:$PATH"' >>`;
  switch (basename(shell)) {
    case 'fish':
      return 'fish_add_path ~/.local/bin';
    case 'zsh':
      return `${line} ${platform === 'darwin' ? '~/.zprofile' : '~/.zshrc'}`;
    case 'bash':
      return `${line} ${platform === 'darwin' ? '~/.bash_profile' : '~/.bashrc'}`;
    default:
      return `${line} ~/.profile`;
  }
}

function put(path: string, text: string, mode: number): void {
  if (existsSync(path) && !isOurs(path)) throw foreign(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, text, mode);
  } catch (error) {
    throw new SoloistError(
      {
        code: 'tool-unwritable',
        message: `${path} cannot be written: ${reasonOf(error)}.`,
        hint: 'Mend the permissions of that folder.',
      },
      { cause: error },
    );
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new SoloistError(
      {
        code: 'tool-unwritable',
        message: `${path} cannot be removed: ${reasonOf(error)}.`,
        hint: 'If it came with a package, it goes with the package.',
      },
      { cause: error },
    );
  }
}

const isOurs = (path: string): boolean => beginningOf(path).includes(MARK);

const foreign = (path: string): SoloistError =>
  new SoloistError({
    code: 'tool-foreign',
    message: `${path} is another program, not Soloist's.`,
    hint: 'It was left as it is. Remove or rename it, if you want the command-line tool in its place.',
  });
