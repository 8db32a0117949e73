import { plainScalar, readDocument } from './document.ts';

/*
 * A shortcut for long files. The YAML parser needs more than a second and 200 MB for ten thousand jobs, nearly all of it
 * for finding out that each is a few lines of `key: value`. Such lines are read here; any job that holds more is given
 * to the YAML parser by itself, and a file that is not laid out like this at all is not read here. What is read here has
 * the same value as what the YAML parser makes of the whole file, and is free of errors.
 */

type Mapping = Record<string, unknown>;

/** A key that begins in a certain column, and the rest of its line. */
const KEY_LINE = /^( *)([A-Za-z_][A-Za-z0-9_.-]*):(?: +([^ ].*)?)?$/;
const PLAIN_VALUE = /^[A-Za-z0-9_./~$(+<=^][^\p{C}\u2028\u2029]*$/u;
const DOUBLE_QUOTED = /^"([^"\\\p{C}\u2028\u2029]*)"$/u;
const SINGLE_QUOTED = /^'([^'\p{C}\u2028\u2029]*)'$/u;
const FLOW = /^(?:\[.*\]|\{.*\})$/;

/** Thrown inside to leave; nothing else is ever caught. */
class NotPlain extends Error {}

/** Ten thousand jobs seldom have more than a few different `{ attempts: 3 }`. */
const MOST_KNOWN_FLOWS = 1000;

/**
 * The value of a file that is laid out plainly: what `readDocument` would give, much sooner and with much less memory.
 * Undefined for all other files, those with errors among them.
 */
export function readPlainFile(text: string): Mapping | undefined {
  // Without a line feed behind it, it ends no line for the YAML parser.
  if (text.endsWith('\r')) return undefined;
  try {
    return readTopLevel(text.split('\n'));
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** A line without the spaces at its end, which count only where the parser reads it. */
function withoutEnd(line: string): string {
  let end = line.endsWith('\r') ? line.length - 1 : line.length;
  while (line[end - 1] === ' ') end -= 1;
  return line.slice(0, end);
}

function lineAt(lines: readonly string[], index: number): string {
  return withoutEnd(lines[index] ?? '');
}

function readTopLevel(lines: readonly string[]): Mapping {
  const flows = new Map<string, unknown>();
  return readEntries(lines, 0, lines.length, 0, (key, from, to) =>
    key === 'jobs' && KEY_LINE.exec(lineAt(lines, from))?.[3] === undefined
      ? readJobs(lines, from + 1, to, flows)
      : readEntry(lines, from, to, flows),
  );
}

function readJobs(
  lines: readonly string[],
  from: number,
  to: number,
  flows: Map<string, unknown>,
): Mapping | null {
  const first = lines.slice(from, to).map(withoutEnd).find(isContent);
  if (first === undefined) return null;
  return readEntries(lines, from, to, indentation(first), (_, start, end) =>
    readEntry(lines, start, end, flows),
  );
}

/** Reads the keys that begin in one column; `read` gives the value of one from the lines it takes up. */
function readEntries(
  lines: readonly string[],
  from: number,
  to: number,
  column: number,
  read: (key: string, from: number, to: number) => unknown,
): Mapping {
  const mapping: Mapping = {};
  let key: string | undefined;
  let start = from;
  const finish = (end: number): void => {
    if (key === undefined) return;
    if (Object.hasOwn(mapping, key)) throw new NotPlain();
    mapping[key] = read(key, start, end);
  };
  for (let index = from; index < to; index += 1) {
    const line = lineAt(lines, index);
    if (line.includes('\t') || line.includes('\r')) throw new NotPlain();
    if (!isContent(line)) continue;
    const begins = indentation(line);
    if (begins > column && key !== undefined) continue;
    const found = KEY_LINE.exec(line);
    if (begins !== column || found?.[2] === undefined || found[2] === '__proto__') throw new NotPlain();
    finish(index);
    key = found[2];
    start = index;
  }
  finish(to);
  return mapping;
}

/** Whether a line is neither empty nor a comment. */
function isContent(line: string): boolean {
  const begins = indentation(line);
  return begins < line.length && line[begins] !== '#';
}

function indentation(line: string): number {
  let column = 0;
  while (line[column] === ' ') column += 1;
  return column;
}

/** The value of one key with all that stands below it. */
function readEntry(lines: readonly string[], from: number, to: number, flows: Map<string, unknown>): unknown {
  const written = KEY_LINE.exec(lineAt(lines, from))?.[3];
  const below: string[] = [];
  for (let index = from + 1; index < to; index += 1) {
    const line = lineAt(lines, index);
    if (isContent(line)) below.push(line);
  }
  if (written !== undefined && below.length === 0) {
    const value = readValue(written, flows);
    if (value !== undefined) return value;
  }
  if (written === undefined) {
    if (below.length === 0) return null;
    const mapping = readSimpleMapping(below, flows);
    if (mapping !== undefined) return mapping;
  }
  return readWithParser(lines.slice(from, to));
}

/** A mapping of which each line is a key with its value; undefined if it holds anything else. */
function readSimpleMapping(lines: readonly string[], flows: Map<string, unknown>): Mapping | undefined {
  const column = indentation(lines[0] ?? '');
  const mapping: Mapping = {};
  for (const line of lines) {
    const [, spaces, key, written] = KEY_LINE.exec(line) ?? [];
    if (spaces?.length !== column || key === undefined || written === undefined || key === '__proto__')
      return;
    const value = readValue(written, flows);
    if (value === undefined || Object.hasOwn(mapping, key)) return;
    mapping[key] = value;
  }
  return mapping;
}

/** A value that stands on one line; undefined if it takes more to read it. */
function readValue(written: string, flows: Map<string, unknown>): unknown {
  const quoted = DOUBLE_QUOTED.exec(written)?.[1] ?? SINGLE_QUOTED.exec(written)?.[1];
  if (quoted !== undefined) return quoted;
  if (PLAIN_VALUE.test(written)) {
    const isMore = written.includes(': ') || written.includes(' #') || written.endsWith(':');
    return isMore ? undefined : plainScalar(written);
  }
  if (!FLOW.test(written)) return undefined;
  let value = flows.get(written);
  if (value === undefined) {
    value = readWithParser([`flow: ${written}`]);
    if (flows.size < MOST_KNOWN_FLOWS) flows.set(written, value);
  }
  return value;
}

/** The value of the one key that these lines are about. */
function readWithParser(lines: readonly string[]): unknown {
  const result = readDocument(`${lines.join('\n')}\n`);
  const value = result.ok ? result.document.value : undefined;
  if (typeof value !== 'object' || value === null) throw new NotPlain();
  const values = Object.values(value);
  if (values.length !== 1) throw new NotPlain();
  return values[0];
}
