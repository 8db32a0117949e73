import type { YAMLError } from 'yaml';

/** Where a value stands in a file: the keys and list positions that lead to it. */
export type Path = readonly (string | number)[];

/** Something that is not right with the text itself. Offsets are positions in the text. */
export interface Fault {
  readonly kind: 'syntax' | 'duplicate-key' | 'unusable-key';
  readonly start: number;
  readonly end: number;
  readonly path: Path;
  /** What is not right, as a sentence without its full stop. */
  readonly reason: string;
  readonly hint: string | undefined;
}

const LONGEST_SHOWN = 60;

/** A text of the file as it is shown in a sentence. */
export function shortened(text: string, longest: number = LONGEST_SHOWN): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** After a few mistakes the parser has lost its way. */
export const MOST_FAULTS = 3;

/** What is said, and advised, instead of the parser's own words, where those would not help. */
const SYNTAX_ADVICE: readonly { about: RegExp; reason?: string; hint?: string }[] = [
  {
    about: /^TAB_AS_INDENT/,
    reason: 'a tab is used as indentation',
    hint: 'YAML is indented with spaces only. Replace the tab with spaces.',
  },
  {
    about: /^MULTIPLE_DOCS/,
    reason: 'there is more than one document in the file',
    hint: 'Remove the line "---" and put everything into one document.',
  },
  { about: /^RESOURCE_EXHAUSTION/, reason: 'the file is nested too deeply' },
  { about: /^NON_STRING_KEY/, reason: 'a key is not a text', hint: 'Write it in quotes.' },
  { about: /quote$/, reason: 'a quote is not closed', hint: 'Add the closing quote.' },
  {
    about: /^\w+ Flow (?:sequence|map)/,
    reason: 'a bracket is not closed, or what is in it is not indented',
    hint: 'Add the closing bracket.',
  },
  { about: /^BAD_SCALAR_START/, hint: 'Put the value in quotes.' },
  {
    about: /^BAD_DQ_ESCAPE/,
    hint: 'In double quotes a backslash is written twice; single quotes take it as it is.',
  },
  {
    about: /^TAG_RESOLVE_FAILED/,
    hint: 'Tags such as !name have no meaning here. Put the value in quotes if it begins with "!".',
  },
  {
    about: /^BLOCK_AS_IMPLICIT_KEY/,
    hint: 'A value that contains ": " must be in quotes, and keys of one level begin in the same column.',
  },
  { about: /^MULTILINE_IMPLICIT_KEY/, hint: 'A key is followed by ":", a space and its value.' },
  {
    about: /^(?:BAD_INDENT|UNEXPECTED_TOKEN|IMPOSSIBLE)/,
    hint: 'Keys of one level begin in the same column.',
  },
];

/**
 * What the parser has complained about, in words that help. One mistake leads it to many complaints; the first of each
 * line is about the mistake.
 */
export function syntaxFaults(errors: readonly YAMLError[], text: string): Fault[] {
  const faults: Fault[] = [];
  let linesSeen = -1;
  for (const error of [...errors].sort((one, other) => one.pos[0] - other.pos[0])) {
    const [start, end] = error.pos;
    if (start <= linesSeen) continue;
    const lineEnd = text.indexOf('\n', start);
    linesSeen = lineEnd < 0 ? text.length : lineEnd;
    faults.push({ kind: 'syntax', start, end, path: [], ...syntaxWords(error, text) });
    if (faults.length === MOST_FAULTS) break;
  }
  return faults;
}

function syntaxWords(error: YAMLError, text: string): { reason: string; hint: string | undefined } {
  const words = shortened(error.message.split('\n')[0] ?? error.code, 200);
  const advice = SYNTAX_ADVICE.find(({ about }) => about.test(`${error.code} ${words}`));
  const reason = advice?.reason ?? words.charAt(0).toLowerCase() + words.slice(1).replace(/[.:]$/, '');
  return { reason, hint: starAdvice(text, error.pos[0]) ?? advice?.hint };
}

/** `schedule: *\/5 * * * *` is the commonest mistake of all: YAML takes it for an alias. */
function starAdvice(text: string, offset: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, Math.min(lineEnd < 0 ? text.length : lineEnd, lineStart + 200));
  return /^[^#"']*[:-]\s+\*[^\w]/.test(line)
    ? 'A value that begins with * must be in quotes: schedule: "*/5 * * * *".'
    : undefined;
}
