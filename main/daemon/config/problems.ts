import { SoloistError } from '../errors.ts';
import type { ReadDocument } from './document.ts';
import type { Finding, Place, Problem, Words } from './finding.ts';
import { valueAt } from './issues.ts';
import { likelyWord } from './likely.ts';
import { type Fault, type Path, shortened } from './syntax.ts';

/** The text of a file and its name as it is shown. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** No valid file has a longer path. */
const LONGEST_PATH = 10;

/** A path as it is shown: `jobs.backup.run[0]`; names that are not plain words in brackets. */
export function pathText(path: Path): string {
  const steps = path.slice(0, LONGEST_PATH).map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(step)) return `[${JSON.stringify(shortened(step))}]`;
    return index === 0 ? step : `.${step}`;
  });
  return steps.join('') + (path.length > LONGEST_PATH ? '…' : '');
}

/** A value as it is shown: short, on one line, and never deeper than its first level. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  return String(value);
}

/** Turns findings about a document into problems with their positions. */
export function findingProblems(
  findings: readonly Finding[],
  document: ReadDocument,
  source: Source,
): Problem[] {
  const lineStarts = startsOfLines(source.text);
  const problems = findings.map((finding): Problem => {
    const range = rangeOf(finding, document);
    const value =
      finding.kind === 'missing-key' ? undefined : valueText(valueAt(document.value, finding.path));
    const likely = 'candidates' in finding ? likelyFor(finding, document.value) : undefined;
    return {
      kind: finding.kind,
      file: source.file,
      place: placeAt(source.text, lineStarts, range),
      path: pathText(finding.path),
      value,
      expected: finding.expected,
      likely,
      message: sentence(finding, value ?? 'empty', likely),
    };
  });
  return problems.sort(byPosition);
}

function byPosition(one: Problem, other: Problem): number {
  const lines = (one.place?.line ?? 0) - (other.place?.line ?? 0);
  return lines === 0 ? (one.place?.column ?? 0) - (other.place?.column ?? 0) : lines;
}

function rangeOf(finding: Finding, document: ReadDocument): readonly [number, number] {
  switch (finding.kind) {
    case 'unknown-key':
    case 'unusable-key':
    case 'conflict':
      return document.locate(finding.path, 'key');
    case 'missing-key':
      return document.locate(finding.path.slice(0, -1), 'key');
    case 'value':
      return document.locate(finding.path, 'value');
  }
}

function likelyFor(
  finding: { path: Path; candidates: Words; kind: Finding['kind'] },
  value: unknown,
): string | undefined {
  const words = typeof finding.candidates === 'function' ? finding.candidates() : finding.candidates;
  const last = finding.path.at(-1);
  const written = finding.kind === 'unknown-key' ? last : valueAt(value, finding.path);
  // Never a list or mapping: with anchors its text could be endless.
  return typeof written === 'string' ? likelyWord(written, words) : undefined;
}

function sentence(finding: Finding, value: string, likely: string | undefined): string {
  const guess = likely === undefined ? '' : ` Did you mean "${likely}"?`;
  const name = pathText(finding.path) || 'The file';
  const parent = pathText(finding.path.slice(0, -1)) || 'the file';
  const key = JSON.stringify(shortened(String(finding.path.at(-1) ?? '')));
  switch (finding.kind) {
    case 'unknown-key':
      // The whole list is long, and one word of it is enough.
      return `${key} is not a key of ${parent}${likely === undefined ? `; expected ${finding.expected}. A newer Soloist may know it` : ''}.${guess}`;
    case 'missing-key':
      return `${key} is missing in ${parent}; expected ${finding.expected}.`;
    case 'unusable-key':
      return `${key} cannot be used as a name in ${parent}; expected ${finding.expected}.`;
    case 'value':
      return `${name} is ${value}; expected ${finding.expected}.${guess}`;
    case 'conflict':
      return `${name}: ${finding.reason}.`;
  }
}

/** Turns what is not right with the text itself into problems with their positions. */
export function faultProblems(faults: readonly Fault[], source: Source): Problem[] {
  const lineStarts = startsOfLines(source.text);
  return faults.map((fault) => {
    const name = fault.path.length === 0 ? '' : `${pathText(fault.path)}: `;
    return {
      kind: fault.kind,
      file: source.file,
      place: placeAt(source.text, lineStarts, [fault.start, fault.end]),
      path: pathText(fault.path),
      value: undefined,
      expected: fault.hint ?? 'valid YAML',
      likely: undefined,
      message: `${name || 'Not valid YAML: '}${fault.reason}.${fault.hint === undefined ? '' : ` ${fault.hint}`}`,
    };
  });
}

/** A problem with the file as a whole. The message is a full sentence, the expectation is not. */
export function fileProblem(file: string, message: string, expected: string, place?: Place): Problem {
  return { kind: 'file', file, place, path: '', value: undefined, expected, likely: undefined, message };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** The place of a position in a text; for one position, rather than many. */
export function placeOf(text: string, offset: number): Place {
  return placeAt(text, startsOfLines(text), [offset, offset + 1]);
}

/** A line longer than this is shown in part. */
const LONGEST_SOURCE = 160;
const SHOWN_BEFORE = 60;

function placeAt(text: string, lineStarts: readonly number[], range: readonly [number, number]): Place {
  const offset = Math.min(range[0], text.length);
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const start = lineStarts[low] ?? 0;
  const line = text.slice(start, lineStarts[low + 1] ?? text.length).replace(/\r?\n$/, '');
  const column = offset - start + 1;
  const from = line.length <= LONGEST_SOURCE ? 0 : Math.max(0, column - 1 - SHOWN_BEFORE);
  return {
    line: low + 1,
    column,
    length: Math.max(1, Math.min(range[1] - offset, line.length - column + 1)),
    source: line.slice(from, from + LONGEST_SOURCE),
    sourceColumn: from + 1,
  };
}

// Escape sequences of a file must not reach the terminal, nor may text direction marks turn a line around.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const printable = (text: string): string => text.replaceAll('\t', ' ').replace(UNPRINTABLE, '\uFFFD');

/** How many columns a terminal needs for a text: two for wide characters, none for combining ones. */
function terminalWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    const isWide =
      /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
    width += isWide.test(character) ? 2 : 1;
  }
  return width;
}

/** `soloist.yaml:12:5`, or the file alone. */
export function positionText({ file, place }: Problem): string {
  return place === undefined ? file : `${file}:${place.line}:${place.column}`;
}

/**
 * A problem as a terminal shows it: position, sentence, the line of the file and a caret below what it is about. Ends
 * without a line break.
 */
export function renderProblem(problem: Problem): string {
  const heading = `${printable(positionText(problem))}: ${printable(problem.message)}`;
  const { place } = problem;
  if (place === undefined || place.source.trim() === '') return heading;
  const at = place.column - place.sourceColumn;
  const before = terminalWidth(printable(place.source.slice(0, at)));
  const marked = terminalWidth(printable(place.source.slice(at, at + place.length)));
  const number = String(place.line);
  const margin = ' '.repeat(number.length);
  return [
    heading,
    ` ${number} | ${printable(place.source)}`,
    ` ${margin} | ${' '.repeat(before)}${'^'.repeat(Math.max(1, marked))}`,
  ].join('\n');
}

/** The error of a configuration that cannot be used, for whoever can only show one sentence. */
export function configurationError(problems: readonly Problem[]): SoloistError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new SoloistError({
    code: 'configuration-invalid',
    message:
      first === undefined
        ? 'The configuration cannot be used.'
        : `${positionText(first)}: ${first.message}${more}`,
    hint: "Mend the file; 'soloist config check' shows every problem with its line.",
  });
}
