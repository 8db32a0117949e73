import { isMap, isScalar, type Node, parseDocument, type YAMLMap } from 'yaml';

/** Jobs to be added. */
export interface AddedJobs {
  /** Their text as a file of its own: `jobs:` and below it each of them, indented by two spaces. */
  readonly text: string;
  /** The same as plain values, for files that are written in braces. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The text of a configuration with jobs added behind those that it has; all other bytes stay. Undefined if there is no
 * place for them that can be told. The caller checks what the result comes to.
 */
export function withJobs(text: string, added: AddedJobs): string | undefined {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const body = added.text.slice(added.text.indexOf('\n') + 1).trimEnd();
  const { contents } = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  if (contents === null || (isScalar(contents) && contents.value === ''))
    return appended(text, `jobs:\n${body}`, lineEnd);
  if (!isMap(contents) || contents.flow === true) return undefined;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'jobs');
  if (pair === undefined) return appended(text, `jobs:\n${body}`, lineEnd);
  if (isMap(pair.value) && pair.value.items.length > 0) {
    if (pair.value.flow === true) return insideBraces(text, pair.value, added.values);
    return belowJobs(text, pair.value, body, lineEnd);
  }
  const isEmpty =
    isMap(pair.value) || (isScalar(pair.value) && /^(?:|null|Null|NULL)$/.test(String(pair.value.value)));
  return isEmpty ? belowKey(text, pair.key as Node, pair.value as Node, body, lineEnd) : undefined;
}

function appended(text: string, added: string, lineEnd: string): string {
  const gap = text === '' ? '' : /\n$/.test(text) ? lineEnd : `${lineEnd}${lineEnd}`;
  return `${text}${gap}${withLineEnds(added, lineEnd)}${lineEnd}`;
}

/** Behind the last job and the comments that are indented below it. */
function belowJobs(text: string, jobs: YAMLMap, body: string, lineEnd: string): string | undefined {
  const first = (jobs.items[0]?.key as Node | undefined)?.range?.[0];
  const last = jobs.items.at(-1);
  const end = ((last?.value ?? last?.key) as Node | undefined)?.range?.[1];
  if (first === undefined || end === undefined) return undefined;
  const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first);
  // A list or an explicit key has something else there.
  if (indent.trim() !== '' || indent === '') return undefined;
  // The end of a text in several lines is behind its line break already.
  let place = text[end - 1] === '\n' ? end : endOfLine(text, end);
  for (let line = place; line < text.length; line = endOfLine(text, line)) {
    const content = text.slice(line, endOfLine(text, line));
    if (/^\S/.test(content)) break;
    if (content.trim() !== '') place = endOfLine(text, line);
  }
  return inserted(text, place, `\n${indented(body, indent)}`, lineEnd);
}

/** Right below `jobs:`, in place of `{}` or `null`. */
function belowKey(
  text: string,
  key: Node,
  value: Node | null,
  body: string,
  lineEnd: string,
): string | undefined {
  const keyEnd = key.range?.[1];
  if (keyEnd === undefined) return undefined;
  const colon = text.indexOf(':', keyEnd);
  if (colon < 0) return undefined;
  const [start, end] = value?.range ?? [colon + 1, colon + 1];
  const isOnLine = start < endOfLine(text, colon);
  const without = isOnLine && end > start ? `${text.slice(0, colon + 1)}${text.slice(end)}` : text;
  return inserted(without, endOfLine(without, colon), body, lineEnd);
}

function insideBraces(text: string, jobs: YAMLMap, values: AddedJobs['values']): string | undefined {
  const end = jobs.range?.[1];
  const last = jobs.items.at(-1);
  const lastEnd = ((last?.value ?? last?.key) as Node | undefined)?.range?.[1];
  if (end === undefined || lastEnd === undefined || text[end - 1] !== '}') return undefined;
  const added = Object.entries(values).map(
    ([name, value]) => `, ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `${text.slice(0, lastEnd)}${added.join('')}${text.slice(lastEnd)}`;
}

/** The position behind the line break of the line that holds this position. */
function endOfLine(text: string, position: number): number {
  const end = text.indexOf('\n', position);
  return end < 0 ? text.length : end + 1;
}

function inserted(text: string, place: number, lines: string, lineEnd: string): string {
  const before = text.slice(0, place);
  const gap = before === '' || before.endsWith('\n') ? '' : lineEnd;
  return `${before}${gap}${withLineEnds(lines, lineEnd)}${lineEnd}${text.slice(place)}`;
}

/** The body is indented by two spaces; a file may do it otherwise. */
const indented = (body: string, indent: string): string => body.replaceAll(/^ {2}(?=.)/gm, indent);

const withLineEnds = (lines: string, lineEnd: string): string => lines.replaceAll('\n', lineEnd);
