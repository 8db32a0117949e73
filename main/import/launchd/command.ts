import type { PlistValue } from 'plist';
import type { Remark } from '../imported.ts';
import { isRelativePath } from '../values.ts';
import { type Dictionary, isDictionary } from './plist-text.ts';

/** What launchd runs, as a job says it. */
export interface LaunchdCommand {
  /** Undefined if no program is named. */
  readonly command: { readonly run: string | readonly string[]; readonly shell?: string } | undefined;
  readonly notes: readonly { readonly path: string; readonly kind: Remark['kind']; readonly why: string }[];
}

/** The shells whose `-c TEXT` a job can say as text. */
const SHELLS = /^\/(?:usr\/(?:local\/)?)?bin\/(?:ba|z|da|k)?sh$/;
const TILDE =
  'An argument begins with "~", which launchd hands over as it is; Soloist puts your home folder in its place.';

/** Reads Program, ProgramArguments and Nice. */
export function commandOf(values: Dictionary): LaunchdCommand {
  const notes: LaunchdCommand['notes'][number][] = [];
  const words = argumentsOf(values.ProgramArguments);
  const program = typeof values.Program === 'string' && values.Program !== '' ? values.Program : words[0];
  if (program === undefined || program.trim() === '') return { command: undefined, notes };
  if (words[0] !== undefined && words[0] !== program && !program.endsWith(`/${words[0]}`)) {
    const why = `The program is ${program}. launchd tells it that it is called "${words[0]}"; Soloist tells it its own name.`;
    notes.push({ path: 'ProgramArguments', kind: 'changed', why });
  }
  const list = [program, ...words.slice(1)];
  const nice = priority(values.Nice, notes);
  const [, flag, text] = list;
  if (nice === undefined && list.length === 3 && flag === '-c' && text?.trim() && SHELLS.test(program))
    return { command: { run: text, ...(program === '/bin/sh' ? {} : { shell: program }) }, notes };
  if (values.EnableGlobbing !== true && list.some((word) => word === '~' || word.startsWith('~/')))
    notes.push({ path: 'ProgramArguments', kind: 'changed', why: TILDE });
  if (values.WorkingDirectory === undefined && list.some(isRelativePath)) {
    const why = 'launchd starts it in the folder /, Soloist in your home folder. "cwd: /" starts it there.';
    notes.push({ path: 'ProgramArguments', kind: 'changed', why });
  }
  return { command: { run: nice === undefined ? list : ['nice', '-n', nice, ...list] }, notes };
}

function argumentsOf(value: PlistValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  return value.filter((word) => typeof word === 'string' || typeof word === 'number').map(String);
}

/** What nice(1) is given; undefined: nothing. */
function priority(
  value: PlistValue | undefined,
  notes: LaunchdCommand['notes'][number][],
): string | undefined {
  if (value === undefined || value === 0) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 20) return String(value);
  const why = 'It is no number from 1 to 20; only root may give a job a higher priority.';
  notes.push({ path: 'Nice', kind: 'left-out', why });
  return undefined;
}

/** The variables of EnvironmentVariables that a job can have, and the others by their names. */
export function variablesOf(value: PlistValue | undefined): {
  readonly variables: Readonly<Record<string, string>>;
  readonly refused: readonly string[];
} {
  if (!isDictionary(value)) return { variables: {}, refused: [] };
  const variables: Record<string, string> = {};
  const refused: string[] = [];
  for (const [name, content] of Object.entries(value)) {
    const isPlain = ['string', 'number', 'boolean'].includes(typeof content);
    if (isPlain && /^(?!SOLOIST_|<<$)[^=\0]+$/.test(name)) variables[name] = String(content);
    else refused.push(name);
  }
  return { variables, refused };
}
