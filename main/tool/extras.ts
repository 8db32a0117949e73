import { homedir } from 'node:os';
import { join } from 'node:path';
import { version } from '../version.ts';
import { beginningOf } from './beginning.ts';
import { MARK } from './wrapper.ts';

/** Files that help with the command line, by their paths. */
export type Extras = Readonly<Record<string, string>>;

/** Where a person's shells look for the manual and the completions. zsh has no such place. */
export interface ExtraPaths {
  readonly manual: string;
  readonly bash: string;
  readonly fish: string;
}

/** By the XDG Base Directory Specification, as `man`, bash-completion and fish have it. */
export function extraPaths(environment: NodeJS.ProcessEnv): ExtraPaths {
  const folder = (variable: string, usual: string): string => {
    const value = environment[variable];
    return value?.startsWith('/') ? value : join(homedir(), usual);
  };
  const data = folder('XDG_DATA_HOME', '.local/share');
  return {
    manual: join(data, 'man/man1/soloist.1'),
    bash: join(data, 'bash-completion/completions/soloist'),
    fish: join(folder('XDG_CONFIG_HOME', '.config'), 'fish/completions/soloist.fish'),
  };
}

/** Who wrote a manual page, as its heading says. */
export const MANUAL_SOURCE = `Soloist ${version}`;

/** Whether another version of Soloist wrote the manual, and the completions with it. */
export function areExtrasOld(environment: NodeJS.ProcessEnv): boolean {
  const text = beginningOf(extraPaths(environment).manual);
  return text.includes(MARK) && !text.includes(`"${MANUAL_SOURCE}"`);
}
