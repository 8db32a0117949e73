import { crossCheck, type PatternCheck } from './checks.ts';
import type { Configuration } from './configuration.ts';
import { readDocument } from './document.ts';
import { sizeText } from './duration.ts';
import type { Finding, Place, Problem } from './finding.ts';
import { faultProblems, fileProblem, findingProblems, placeOf, type Source } from './problems.ts';
import { readPlainFile } from './quick.ts';
import { emptyConfiguration, resolveConfiguration, type Surroundings } from './resolve.ts';
import { validateFile } from './validate.ts';

export type LoadResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface LoadOptions extends Surroundings {
  /** The file's name as problems show it. */
  readonly file: string;
  readonly checkPattern: PatternCheck;
}

/** The largest file that is read: some 25,000 jobs. */
export const LARGEST_FILE = 4_000_000;

/** More problems than this help nobody. */
const MOST_PROBLEMS = 50;

/**
 * Reads and checks a configuration file. Never throws: whatever the content, the result is a configuration or a list of
 * problems that say where and what.
 */
export function loadConfiguration(content: Uint8Array | string, options: LoadOptions): LoadResult {
  const decoded = decode(content, options.file);
  if (!decoded.ok) return decoded;
  const source: Source = { file: options.file, text: decoded.text };
  const plain = readPlainFile(source.text);
  if (plain !== undefined) {
    const checked = check(plain, options);
    // What there is to say needs positions, which only the full reading knows.
    if (checked.ok && checked.warnings.length === 0) return { ...checked, warnings: [] };
  }
  return loadFully(source, options);
}

function loadFully(source: Source, options: LoadOptions): LoadResult {
  const read = readDocument(source.text);
  if (!read.ok) return { ok: false, problems: faultProblems(read.faults, source) };
  const { document } = read;
  if (document.value === null) {
    return { ok: true, configuration: emptyConfiguration(options), warnings: [] };
  }
  const checked = check(document.value, options);
  if (checked.ok) {
    const warnings = findingProblems(checked.warnings.slice(0, MOST_PROBLEMS), document, source);
    return { ok: true, configuration: checked.configuration, warnings };
  }
  const problems = findingProblems(checked.findings.slice(0, MOST_PROBLEMS), document, source);
  if (checked.findings.length > problems.length) {
    problems.push(fileProblem(source.file, 'There are more problems than these.', 'a valid file'));
  }
  return { ok: false, problems };
}

type CheckResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

function check(value: unknown, options: LoadOptions): CheckResult {
  const validated = validateFile(value, MOST_PROBLEMS);
  if (!validated.ok) return validated;
  const { problems, warnings } = crossCheck(validated.file, options.checkPattern);
  if (problems.length > 0) return { ok: false, findings: problems };
  return { ok: true, configuration: resolveConfiguration(validated.file, options), warnings };
}

type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function decode(content: Uint8Array | string, file: string): Decoded {
  const refuse = (problem: Problem): Decoded => ({ ok: false, problems: [problem] });
  if (content.length > LARGEST_FILE) {
    return refuse(tooLargeProblem(file, content.length));
  }
  const text = typeof content === 'string' ? content.replace(/^\uFEFF/, '') : decodeUtf8(content);
  if (text === undefined) return refuse(encodingProblem(content, file));
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const message = 'There is a NUL character in the file; it may not be a text file at all.';
    return refuse(fileProblem(file, message, 'a text file in UTF-8', placeOf(text, nul)));
  }
  return { ok: true, text };
}

/** The problem with a file of this many bytes, which need not be read for it. */
export function tooLargeProblem(file: string, bytes: number): Problem {
  const message = `The file has ${sizeText(bytes)}; the largest that is read has ${sizeText(LARGEST_FILE)}.`;
  return fileProblem(file, message, `at most ${sizeText(LARGEST_FILE)}`);
}

/** The text without its byte order mark; undefined if the bytes are not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingProblem(content: Uint8Array | string, file: string): Problem {
  const expected = 'a text file in UTF-8';
  if (typeof content === 'string') return fileProblem(file, 'The file is not text in UTF-8.', expected);
  const isUtf16 =
    (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff);
  if (isUtf16) return fileProblem(file, 'The file is text in UTF-16. Save it as UTF-8.', expected);
  const message = 'There is a byte here that is not UTF-8. Save the file as UTF-8.';
  return fileProblem(file, message, expected, firstBadByte(content));
}

/** The place of the first byte that is not UTF-8. A line break is never part of a longer character. */
function firstBadByte(bytes: Uint8Array): Place | undefined {
  let line = 1;
  for (let start = 0; start <= bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (decodeUtf8(part) === undefined) {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
      return { ...placeOf(text, Math.max(0, text.indexOf('\uFFFD'))), line };
    }
    if (end < 0) return undefined;
    start = end + 1;
  }
  return undefined;
}
