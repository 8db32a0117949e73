import { isMapping } from '../values.ts';
import type { YamlText } from '../yaml-text.ts';
import type { Entries, Found } from './read.ts';
import { flagOf, pythonLiteral } from './value.ts';

export type RunResult =
  /** `isPython`: it calls a function in a process of its own. */
  | {
      readonly kind: 'run';
      readonly run: string | readonly string[];
      readonly from: Found;
      readonly isPython: boolean;
    }
  | { readonly kind: 'none'; readonly from: Found | undefined; readonly why: string };

export const RUN_KEYS = [
  ...['func', 'function', 'callable', 'target', 'module', 'args', 'kwargs'],
  ...['command', 'cmd', 'run', 'script', 'shell_command'],
] as const;

const IDENTIFIER = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const REFERENCE = new RegExp(
  `^(${IDENTIFIER}(?:\\.${IDENTIFIER})*):(${IDENTIFIER}(?:\\.${IDENTIFIER})*)$`,
  'u',
);
const DOTTED = new RegExp(`^(${IDENTIFIER}(?:\\.${IDENTIFIER})*)\\.(${IDENTIFIER})$`, 'u');
const MODULE = new RegExp(`^${IDENTIFIER}(?:\\.${IDENTIFIER})*$`, 'u');

/** What a job runs: its command, or the Python function that it names. */
export function runOf(job: Entries, yaml: YamlText): RunResult {
  const command = first(job, ['command', 'cmd', 'run', 'script', 'shell_command']);
  const named = first(job, ['func', 'function', 'callable', 'target']);
  const module = job.get('module');
  if (named === undefined && command !== undefined) return commandOf(command, job);
  if (named === undefined && typeof module?.value === 'string' && MODULE.test(module.value)) {
    const run = ['python3', '-m', module.value, ...plainWords(job.get('args')?.value)];
    return { kind: 'run', run, from: module, isPython: true };
  }
  const found = named ?? module;
  if (typeof found?.value !== 'string') {
    return { kind: 'none', from: found, why: 'It has no "func" that names a function as "module:function".' };
  }
  const reference = referenceOf(found.value, module?.value);
  if (reference === undefined) {
    return { kind: 'none', from: found, why: 'It is no function written as "module:function".' };
  }
  if (reference.module === '__main__') {
    const why =
      'The function is in the program that starts the scheduler, and cannot be called from outside. Move it to a module of its own.';
    return { kind: 'none', from: found, why };
  }
  const system = systemCommand(reference, job);
  if (system !== undefined) return { kind: 'run', run: system, from: found, isPython: false };
  const code = callOf(reference, job, yaml);
  return { kind: 'run', run: ['python3', '-c', code], from: found, isPython: true };
}

function first(job: Entries, keys: readonly string[]): Found | undefined {
  return keys.map((key) => job.get(key)).find((found) => found !== undefined && found.value !== null);
}

interface Reference {
  readonly module: string;
  readonly name: string;
}

function referenceOf(written: string, module: unknown): Reference | undefined {
  const text = written.trim();
  if (typeof module === 'string' && MODULE.test(module) && MODULE.test(text)) return { module, name: text };
  const [, inModule, name] = REFERENCE.exec(text) ?? DOTTED.exec(text) ?? [];
  return inModule === undefined || name === undefined ? undefined : { module: inModule, name };
}

function commandOf(command: Found, job: Entries): RunResult {
  const { value } = command;
  const words = plainWords(job.get('args')?.value);
  if (Array.isArray(value))
    return { kind: 'run', run: [...plainWords(value), ...words], from: command, isPython: false };
  if (typeof value !== 'string') return { kind: 'none', from: command, why: 'It is no command.' };
  const run = words.length === 0 ? value : [value, ...words];
  return { kind: 'run', run, from: command, isPython: false };
}

function plainWords(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((word) => (typeof word === 'object' ? JSON.stringify(word) : String(word)));
}

/** A function that does nothing but run a command needs no Python. */
function systemCommand({ module, name }: Reference, job: Entries): string | readonly string[] | undefined {
  const args = job.get('args')?.value;
  const only: unknown = Array.isArray(args) && args.length === 1 ? args[0] : undefined;
  const kwargs = job.get('kwargs')?.value;
  if (module === 'os' && name === 'system') return typeof only === 'string' ? only : undefined;
  if (module !== 'subprocess' || !/^(?:run|call|check_call|check_output|Popen)$/.test(name)) return undefined;
  const options = isMapping(kwargs) ? Object.entries(kwargs) : [];
  const isShell = options.some(([key, value]) => key === 'shell' && flagOf(value) === true);
  const isPlain = options.every(([key]) => /^(?:shell|check|text|capture_output)$/.test(key));
  if (!isPlain) return undefined;
  if (isShell) return typeof only === 'string' ? only : undefined;
  return Array.isArray(only) && only.length > 0 ? plainWords(only) : undefined;
}

/** Words of Python's own, which cannot be names of arguments in a call. */
const KEYWORD =
  /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/;

function callOf({ module, name }: Reference, job: Entries, yaml: YamlText): string {
  const args = job.get('args');
  const kwargs = job.get('kwargs');
  const given: string[] = [];
  if (Array.isArray(args?.value)) {
    given.push(...args.value.map((item, index) => pythonLiteral(item, [...args.path, index], yaml)));
  } else if (args !== undefined && args.value !== null)
    given.push(pythonLiteral(args.value, args.path, yaml));
  if (isMapping(kwargs?.value)) {
    for (const [key, item] of Object.entries(kwargs.value)) {
      const literal = pythonLiteral(item, [...kwargs.path, key], yaml);
      given.push(
        MODULE.test(key) && !key.includes('.') && !KEYWORD.test(key)
          ? `${key}=${literal}`
          : `**{${JSON.stringify(key)}: ${literal}}`,
      );
    }
  }
  const [top = name] = name.split('.');
  return `from ${module} import ${top}; ${name}(${given.join(', ')})`;
}
