/** A line of a crontab as crontab(5) reads it. */
export type CrontabLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment'; readonly text: string }
  /** `NAME = value`, without the quotes around either. */
  | { readonly kind: 'variable'; readonly name: string; readonly value: string }
  | CrontabEntry
  | { readonly kind: 'unknown' };

export interface CrontabEntry {
  readonly kind: 'entry';
  /** Five fields with one space between them, or `@daily` and the like; `@every 5m` as one. */
  readonly when: string;
  /** All that follows: of a system's crontab, the user comes first. */
  readonly rest: string;
  /** Whether there is a `-` before it, which keeps it out of the system's log. */
  readonly isUnlogged: boolean;
}

const VARIABLE = /^\s*("[^"]*"|'[^']*'|[^=\s"']+)\s*=\s*(.*?)\s*$/;
const ENTRY = /^\s*(-?)(@every\s+\S+|@\S+|[\d*~]\S*(?:\s+[\w*,~/?#-]+){4})\s+(\S.*)$/;

/** Reads one line, without its line break. */
export function readCrontabLine(line: string): CrontabLine {
  const text = line.trim();
  if (text === '') return { kind: 'blank' };
  if (text.startsWith('#')) return { kind: 'comment', text: text.replace(/^[#\s]+/, '').trim() };
  const [, name, value = ''] = VARIABLE.exec(line) ?? [];
  if (name !== undefined) {
    const plain = unquoted(value);
    return plain === undefined
      ? { kind: 'unknown' }
      : { kind: 'variable', name: unquoted(name) ?? name, value: plain };
  }
  const [, dash, when, rest] = ENTRY.exec(line) ?? [];
  if (when === undefined || rest === undefined) return { kind: 'unknown' };
  return { kind: 'entry', when: when.replaceAll(/\s+/g, ' '), rest, isUnlogged: dash === '-' };
}

/** Without the quotes around it; undefined if they are not closed. */
function unquoted(text: string): string | undefined {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  return text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : undefined;
}

/** What cron runs, and what the command's standard input holds; undefined: nothing. */
export interface CronCommand {
  readonly command: string;
  readonly input: string | undefined;
}

/**
 * The first `%` ends the command; what follows is its input, in which each `%` is a line break, and which ends with one.
 * `\%` is a percent sign; any other backslash stays, for the shell.
 */
export function splitAtPercent(text: string): CronCommand {
  let command = '';
  let index = 0;
  for (let isEscaped = false; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '%' && !isEscaped) break;
    if (character === '%') command = command.slice(0, -1);
    command += character;
    isEscaped = character === '\\' && !isEscaped;
  }
  const rest = text.slice(index + 1);
  if (rest === '') return { command: command.trim(), input: undefined };
  const lines = rest.replaceAll(/\\%|%/g, (sign) => (sign === '%' ? '\n' : '%'));
  return { command: command.trim(), input: lines.endsWith('\n') ? lines : `${lines}\n` };
}

/**
 * What the comments above an entry tell of it. One that says how crontabs are written, or is an entry that was switched off,
 * ends what is told of something else.
 */
export function descriptionOf(comments: readonly string[]): readonly string[] {
  const told = comments.filter((comment) => comment !== '');
  return told.slice(told.findLastIndex((comment) => !isDescription(comment)) + 1);
}

function isDescription(comment: string): boolean {
  if (!/[\p{L}\p{N}]{2}/u.test(comment) || /^[|.*+'`=\u2500-\u257f-]/.test(comment)) return false;
  if (/^(?:m|min|minute|mm?)\s+(?:h|hh|hour|hr)\b/i.test(comment)) return false;
  if (/^(?:DO NOT EDIT|Edit this file|\(\S+ installed|\(Cron version|vim?:|-\*-)/i.test(comment))
    return false;
  const line = readCrontabLine(comment);
  return line.kind === 'comment' || line.kind === 'unknown';
}
