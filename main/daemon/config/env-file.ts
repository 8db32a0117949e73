import { readFileSync } from 'node:fs';
import { SoloistError } from '../errors.ts';
import { reasonOf } from '../home.ts';
import type { Variables } from './configuration.ts';

/** What is not right with a file of variables, and in which line (from 1). */
export interface EnvFileFault {
  readonly line: number;
  readonly reason: string;
}

export type EnvFileResult =
  | { readonly ok: true; readonly variables: Variables }
  | { readonly ok: false; readonly fault: EnvFileFault };

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([^\s=#'"]+)[ \t]*=[ \t]*/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * Reads lines of `NAME=value`, as `.env` files hold them: comments, `export ` before the name, values without quotes (up to
 * ` #`), in single quotes (as they are) or in double quotes (`\n`, `\t`, `\"`, `\\`); quoted ones may go over several lines.
 * Nothing is expanded. A line that is none of this is an error, unlike with `util.parseEnv`, which passes over it in
 * silence. Of two lines with the same name the later one counts.
 */
export function parseEnvFile(text: string): EnvFileResult {
  // No prototype: a variable may have any name.
  const variables: Record<string, string> = Object.create(null);
  let rest = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  let line = 1;
  const fault = (reason: string): EnvFileResult => ({ ok: false, fault: { line, reason } });
  while (rest !== '') {
    const end = rest.indexOf('\n');
    const current = end < 0 ? rest : rest.slice(0, end);
    if (/^[ \t]*(?:#|$)/.test(current)) {
      rest = end < 0 ? '' : rest.slice(end + 1);
      line += 1;
      continue;
    }
    if (current.includes('\0')) return fault('there is a NUL character');
    const [assignment, name] = ASSIGNMENT.exec(current) ?? [];
    if (assignment === undefined || name === undefined) return fault('expected NAME=value');
    const value = readValue(rest.slice(assignment.length));
    if ('reason' in value) return fault(value.reason);
    variables[name] = value.value;
    const taken = rest.slice(0, assignment.length + value.length);
    rest = rest.slice(taken.length).replace(/^\n/, '');
    line += taken.split('\n').length;
  }
  return { ok: true, variables };
}

type Value = { readonly value: string; readonly length: number } | { readonly reason: string };

/** The value at the beginning of a text, and how much of the text it takes up, up to the end of its line. */
function readValue(text: string): Value {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") {
    const [written = ''] = /^[^\n]*/.exec(text) ?? [];
    return { value: written.replace(/(?:^|[ \t])#.*$/, '').trim(), length: written.length };
  }
  const quoted = (quote === '"' ? /^"((?:[^"\\]|\\[\s\S])*)"/ : /^'([^']*)'/).exec(text);
  const [all, inside] = quoted ?? [];
  if (all === undefined || inside === undefined) return { reason: `the quote ${quote} is not closed` };
  if (inside.includes('\0')) return { reason: 'there is a NUL character' };
  const [after = ''] = /^[^\n]*/.exec(text.slice(all.length)) ?? [];
  if (!/^[ \t]*(?:#.*)?$/.test(after))
    return { reason: `there is something after the closing quote ${quote}` };
  const value =
    quote === "'" ? inside : inside.replace(/\\([\s\S])/g, (written, letter) => ESCAPES[letter] ?? written);
  return { value, length: all.length + after.length };
}

/** More than this does not fit into the environment of a process anyway. */
const LARGEST_ENV_FILE = 1_000_000;

/** Reads a file of variables. Throws a `SoloistError` with the file, line and reason if it cannot be used. */
export function readEnvFile(path: string): Variables {
  const text = readEnvText(path);
  if (text.length > LARGEST_ENV_FILE) throw envFileError(path, 'it is larger than 1 MB');
  const result = parseEnvFile(text);
  if (result.ok) return result.variables;
  throw envFileError(`${path}:${result.fault.line}`, result.fault.reason);
}

function readEnvText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw envFileError(path, reasonOf(error), error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw envFileError(path, 'it is not text in UTF-8', error);
  }
}

function envFileError(where: string, reason: string, cause?: unknown): SoloistError {
  return new SoloistError(
    {
      code: 'env-file-unusable',
      message: `The env_file ${where} cannot be used: ${reason}.`,
      hint: 'Mend the file, or correct env_file in soloist.yaml.',
    },
    { cause },
  );
}
