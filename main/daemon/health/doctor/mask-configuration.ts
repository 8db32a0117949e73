import { isAlias, isCollection, isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import { isSecretName, MASK, masked, type Person } from './mask.ts';

/** Keys of a configuration whose values are the person's, whatever they look like. */
const PRIVATE = new Set(['env', 'env_file', 'stdin']);

const isPrivate = (key: string): boolean => PRIVATE.has(key) || isSecretName(key);

/**
 * The text of a configuration without the values of `env`, `env_file` and `stdin`, and without what looks like a secret
 * elsewhere. Read as YAML where it is that, and in any case line by line, so that a broken file shows no more.
 */
export function maskedConfiguration(text: string, person: Person): string {
  return masked(withoutPrivateLines(withoutPrivateValues(text)), person);
}

/** Replaces what YAML says is the value of a private key. A file that is no YAML stays as it is. */
function withoutPrivateValues(text: string): string {
  const ranges: [start: number, end: number][] = [];
  const document = parseDocument(text, { keepSourceTokens: false, logLevel: 'silent' });
  if (document.errors.length > 0) return text;
  const cover = (node: unknown): void => {
    if (isPair(node)) cover(node.value);
    else if (isAlias(node)) cover(node.resolve(document));
    else if (isCollection(node)) for (const item of node.items) cover(item);
    else if (isScalar(node) && node.range) ranges.push([node.range[0], node.range[1]]);
  };
  const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : '');
  visit(document, {
    Pair(_, pair) {
      if (isPrivate(keyText(pair.key)) && isNode(pair.value)) cover(pair.value);
    },
  });
  let result = text;
  let last = Number.POSITIVE_INFINITY;
  for (const [start, end] of ranges.sort((one, other) => other[0] - one[0])) {
    if (end > last) continue;
    last = start;
    // A block of lines ends with a line break, which stays.
    const rest = text.slice(start, end).endsWith('\n') ? '\n' : '';
    result = `${result.slice(0, start)}${end > start ? MASK : ''}${rest}${result.slice(end)}`;
  }
  return result;
}

/** A private key at the beginning of a line, with what stands before it. */
const BLOCK_KEY = /^((?:\s|-\s+|\?\s+)*)(["']?)([\w.-]+)\2\s*:(?=\s|$)(.*)$/;
/** The same within braces. */
const FLOW_KEY = /([{,]\s*)(["']?)([\w.-]+)\2\s*:\s*/g;

function withoutPrivateLines(text: string): string {
  const lines = text.split('\n');
  const result: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, before = '', quote = '', key, rest = ''] = BLOCK_KEY.exec(line) ?? [];
    if (key !== undefined && isPrivate(key)) {
      const value = rest.trim().replace(/^(?:[&!]\S*\s*)+/, '');
      const hasValue = value !== '' && !value.startsWith('#');
      result.push(`${before}${quote}${key}${quote}:${hasValue || rest.trim() !== value ? ` ${MASK}` : ''}`);
      const closed = /^["'{[]/.test(value) ? lineOfEnd(lines, index, line.length - rest.length) : index;
      // Whatever is further in, and the items of a list, which may stand right below their key.
      let next = closed + 1;
      while (next < lines.length && isWithin(lines[next] ?? '', before.length)) next++;
      if (!hasValue) result.push(...names(lines.slice(index + 1, next)));
      index = next - 1;
    } else {
      const flow = flowEnd(lines, index);
      result.push(flow.text);
      index = flow.last;
    }
  }
  return result.join('\n');
}

function isWithin(line: string, column: number): boolean {
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  return line.trim() === '' || indent > column || (indent === column && /^\s*(?:-\s|-$|#)/.test(line));
}

/** The names of variables in a block of them, without anything else. Blank lines at its end stay. */
function names(block: readonly string[]): string[] {
  const first = block.find((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const indent = /^\s*/.exec(first ?? '')?.[0] ?? '';
  const isOpen = block.some((line) => isUnclosed(line));
  const named = block.flatMap((line): string[] => {
    const [, before, name] = /^(\s*)["']?([A-Za-z_]\w*)["']?\s*:(?:\s|$)/.exec(line) ?? [];
    // Within quotes that go on over lines, what looks like a name may be a part of a value.
    return before === indent && name !== undefined && !isOpen ? [`${indent}${name}: ${MASK}`] : [];
  });
  const blank = block.at(-1)?.trim() === '' ? [''] : [];
  return [...(named.length > 0 || first === undefined ? named : [`${indent}${MASK}`]), ...blank];
}

/** Whether quotes are opened on this line that do not end on it. */
const isUnclosed = (line: string): boolean =>
  /:\s+"(?:[^"\\]|\\.)*$/.test(line) || /:\s+'(?:[^']|'')*$/.test(line);

/** The line in which the quotes or brackets end that begin at or after this column; the last one if they never do. */
function lineOfEnd(lines: readonly string[], from: number, column: number): number {
  const text = lines.slice(from).join('\n');
  const start = column + (/["'{[]/.exec(text.slice(column))?.index ?? 0);
  return from + text.slice(0, endOf(text, start)).split('\n').length - 1;
}

/** Where the quotes or brackets end that begin here; the end of the text if they never do. */
function endOf(text: string, start: number): number {
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"' || character === "'") {
      const quoted = character === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^']|'')*'/y;
      quoted.lastIndex = at;
      if (!quoted.test(text)) return text.length;
      at = quoted.lastIndex - 1;
    } else if (character === '{' || character === '[') open.push(character);
    else if (character === '}' || character === ']') open.pop();
    if (open.length === 0) return at + 1;
  }
  return text.length;
}

/** A line without the values of private keys within braces; they may go on over the lines that follow. */
function flowEnd(lines: readonly string[], index: number): { readonly text: string; readonly last: number } {
  let text = lines[index] ?? '';
  let last = index;
  let from = 0;
  for (;;) {
    FLOW_KEY.lastIndex = from;
    const found = FLOW_KEY.exec(text);
    if (found === null) return { text, last };
    const start = FLOW_KEY.lastIndex;
    // The comma after one key may be that before the next.
    from = start;
    if (!isPrivate(found[3] ?? '')) continue;
    let end: number;
    if (/["'{[]/.test(text[start] ?? '')) {
      while (endOf(text, start) >= text.length && last + 1 < lines.length) {
        last += 1;
        text += `\n${lines[last]}`;
      }
      end = endOf(text, start);
    } else {
      const length = text.slice(start).search(/[,}\n]/);
      end = length < 0 ? text.length : start + length;
    }
    text = `${text.slice(0, start)}${MASK}${text.slice(end)}`;
  }
}
