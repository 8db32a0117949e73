import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { SoloistError, systemErrorCode } from '../errors.ts';

/** What a run executes: a text for a shell, or a program and its arguments without one. */
export type Command =
  | {
      readonly kind: 'shell';
      readonly text: string;
      /** The shell's path or name; `/bin/sh` unless the job says another. */
      readonly shell: string;
      /** What the text sees as "$@". */
      readonly arguments: readonly string[];
    }
  | { readonly kind: 'program'; readonly program: string; readonly arguments: readonly string[] };

/**
 * What a job's output calls a shell text where the shell wants a name, as in `soloist: 1: foo: not found`.
 */
const SHELL_TEXT_NAME = 'soloist';

/** The words that are executed, the program first. */
export function commandWords(command: Command): readonly [string, ...string[]] {
  switch (command.kind) {
    case 'shell':
      return [command.shell, '-c', command.text, SHELL_TEXT_NAME, ...command.arguments];
    case 'program':
      return [command.program, ...command.arguments];
  }
}

/**
 * The words that execute a command under a shell that was started with this environment. Shells forget
 * variables whose names are not theirs, such as the functions that bash hands down (`BASH_FUNC_which%%`);
 * env(1) restores them.
 */
export function wordsWithOddNames(
  command: Command,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const odd = Object.entries(environment).filter(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd.length === 0) return commandWords(command);
  return ['/usr/bin/env', ...odd.map(([name, value]) => `${name}=${value}`), ...commandWords(command)];
}

/**
 * What a search for a program came to. `path` is the first candidate that is there but may not be executed.
 */
export type Search =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'not-executable'; readonly path: string }
  | { readonly kind: 'missing' };

/**
 * Looks for a program as execvp(3) does: a name with a slash is a path from `cwd`, any other is looked for in
 * the folders of `searchPath` (PATH); an empty folder in it means `cwd`.
 */
export function findProgram(program: string, searchPath: string | undefined, cwd: string): Search {
  if (program === '') return { kind: 'missing' };
  const folders = program.includes('/') ? [''] : (searchPath ?? '/usr/bin:/bin').split(delimiter);
  let blocked: string | undefined;
  for (const folder of folders) {
    const path = resolve(cwd, folder, program);
    const kind = probe(path);
    if (kind === 'executable') return { kind: 'found', path };
    if (kind === 'present') blocked ??= path;
  }
  return blocked === undefined ? { kind: 'missing' } : { kind: 'not-executable', path: blocked };
}

function probe(path: string): 'executable' | 'present' | 'absent' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'absent';
    if (!found.isFile()) return 'present';
    accessSync(path, constants.X_OK);
    return 'executable';
  } catch (error) {
    return systemErrorCode(error) === 'EACCES' ? 'present' : 'absent';
  }
}

export interface CommandPlace {
  readonly cwd: string;
  /** PATH of the run's environment. */
  readonly searchPath: string | undefined;
}

/**
 * Throws a `SoloistError` if the command cannot start here: its folder is missing, or its program (or shell)
 * is missing or may not be executed. Asked before anything is started, because afterwards a missing program
 * and a job that ends with code 127 look the same. It does not wait its turn for a few system calls: a run is
 * due, and the start of a process would be held up by a file system that hangs in the same way.
 */
export function checkCommand(command: Command, place: CommandPlace): void {
  checkFolder(place.cwd);
  const [program] = commandWords(command);
  const found = findProgram(program, place.searchPath, place.cwd);
  const role = command.kind === 'shell' ? 'shell' : 'program';
  switch (found.kind) {
    case 'found':
      return;
    case 'missing':
      throw new SoloistError({
        code: 'program_missing',
        message: program.includes('/')
          ? `The ${role} ${program} does not exist.`
          : `The ${role} '${program}' was not found in any folder of PATH.`,
        hint: program.includes('/')
          ? `Check the path in the job's configuration.`
          : `PATH was ${place.searchPath ?? 'not set'}. Give the full path, or set PATH under 'env' of the job.`,
      });
    case 'not-executable':
      throw new SoloistError({
        code: 'program_not_executable',
        message: `The ${role} ${found.path} may not be executed.`,
        hint: `If it is a script, make it executable: chmod +x '${found.path}'.`,
      });
  }
}

function checkFolder(cwd: string): void {
  const hint = `Create it, or change 'cwd' of the job.`;
  try {
    if (!statSync(cwd).isDirectory())
      throw new SoloistError({ code: 'folder_missing', message: `The folder ${cwd} is not a folder.`, hint });
    accessSync(cwd, constants.X_OK);
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    const denied = systemErrorCode(error) === 'EACCES';
    const reason = denied ? 'may not be entered' : 'does not exist';
    throw new SoloistError(
      {
        code: denied ? 'folder_denied' : 'folder_missing',
        message: `The folder ${cwd} ${reason}.`,
        hint: denied ? `Change its permissions, or 'cwd' of the job.` : hint,
      },
      { cause: error },
    );
  }
}
