import { basename } from 'node:path';

/** How an editor with a window of its own is told the line: its arguments for a file and a line (from 1). */
type AtLine = (file: string, line: number) => string[];

const colon: AtLine = (file, line) => [`${file}:${line}`];
const goto: AtLine = (file, line) => ['--goto', `${file}:${line}`];
const plus: AtLine = (file, line) => [`+${line}`, file];
const dashLine: AtLine = (file, line) => ['--line', String(line), file];

/** Editors with a window of their own, the most telling first: who has installed one of the first has chosen it. */
const editors: readonly { readonly command: string; readonly at: AtLine }[] = [
  { command: 'zed', at: colon },
  { command: 'zeditor', at: colon },
  { command: 'cursor', at: goto },
  { command: 'windsurf', at: goto },
  { command: 'code', at: goto },
  { command: 'codium', at: goto },
  { command: 'code-insiders', at: goto },
  { command: 'subl', at: colon },
  { command: 'mate', at: (file, line) => ['-l', String(line), file] },
  { command: 'bbedit', at: plus },
  { command: 'idea', at: dashLine },
  { command: 'webstorm', at: dashLine },
  { command: 'pycharm', at: dashLine },
  { command: 'goland', at: dashLine },
  { command: 'phpstorm', at: dashLine },
  { command: 'rider', at: dashLine },
  { command: 'gvim', at: plus },
  { command: 'mvim', at: plus },
  { command: 'kate', at: (file, line) => ['-l', String(line), file] },
  { command: 'kwrite', at: (file, line) => ['-l', String(line), file] },
  { command: 'gedit', at: plus },
  { command: 'gnome-text-editor', at: plus },
  { command: 'xed', at: plus },
  { command: 'pluma', at: plus },
  { command: 'mousepad', at: dashLine },
  { command: 'geany', at: dashLine },
  { command: 'notepad++', at: (file, line) => [`-n${line}`, file] },
];

export interface EditorCommand {
  readonly command: string;
  readonly arguments: readonly string[];
}

/**
 * The program that opens a file at a line (from 1): the person's own editor if it is one with a window, else the first one
 * that is installed; undefined if there is none. `find` tells the path of a command, if it is installed.
 */
export function editorCommand(
  environment: NodeJS.ProcessEnv,
  find: (command: string) => string | undefined,
  file: string,
  line: number,
): EditorCommand | undefined {
  for (const chosen of [environment.VISUAL, environment.EDITOR]) {
    const own = chosen === undefined ? undefined : fromVariable(chosen, find, file, line);
    if (own !== undefined) return own;
  }
  for (const { command, at } of editors) {
    const path = find(command);
    if (path !== undefined) return { command: path, arguments: at(file, line) };
  }
  return undefined;
}

/** An editor named by a variable, if it is one with a window. Its options stay, but for those that make it wait. */
function fromVariable(
  text: string,
  find: (command: string) => string | undefined,
  file: string,
  line: number,
): EditorCommand | undefined {
  const [named, ...options] = text.trim().split(/\s+/);
  if (named === undefined || named === '') return undefined;
  const name = basename(named).replace(/\.(exe|cmd|bat)$/i, '');
  const known = editors.find(({ command }) => command === name);
  const path = find(named);
  if (known === undefined || path === undefined) return undefined;
  const kept = options.filter((option) => !['--wait', '-w', '--nofork', '-f', '--block'].includes(option));
  return { command: path, arguments: [...kept, ...known.at(file, line)] };
}
