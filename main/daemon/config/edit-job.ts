import { readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { SoloistError } from '../errors.ts';
import { stage } from '../files.ts';
import { reasonOf } from '../home.ts';

/** The line, from 1, on which a job begins in the configuration file; undefined if it is not found there now. */
export function lineOfJob(file: string, job: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Whatever keeps it from being read, it is told where the configuration itself is read.
    return undefined;
  }
  const start = rangeOf(jobPair(text, job)?.key)?.[0];
  return start === undefined ? undefined : text.slice(0, start).split('\n').length;
}

/**
 * Writes whether a job is enabled into the configuration file; all other bytes stay. Throws a `SoloistError` if the
 * file cannot be written, or the job is not written out in it.
 */
export function writeEnabled(file: string, job: string, enabled: boolean): void {
  try {
    // A link stays one: what it leads to is replaced.
    const path = realpathSync(file);
    const { mode, mtimeMs } = statSync(path);
    const text = readFileSync(path, 'utf8');
    const changed = withEnabled(text, job, enabled);
    if (changed === undefined) throw notWrittenOut(file, job);
    if (changed === text) return;
    const temporary = `${path}.soloist-${process.pid}`;
    stage(temporary, changed, mode & 0o777);
    if (statSync(path).mtimeMs !== mtimeMs) throw changedMeanwhile(file);
    renameSync(temporary, path);
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    throw new SoloistError(
      {
        code: 'configuration-unwritable',
        message: `The configuration ${file} cannot be written: ${reasonOf(error)}.`,
        hint: `Mend that, or write "enabled: ${enabled}" below ${job} yourself.`,
      },
      { cause: error },
    );
  }
}

/** The text of a configuration in which a job is enabled or not; undefined if the job is not a mapping of its own in it. */
export function withEnabled(text: string, job: string, enabled: boolean): string | undefined {
  const pair = jobPair(text, job);
  const body = pair?.value;
  if (!isMap(body)) return undefined;
  const written = body.items.find(({ key }) => isScalar(key) && key.value === 'enabled');
  if (written !== undefined) {
    const range = rangeOf(written.value);
    const keyEnd = rangeOf(written.key)?.[1];
    if (range === undefined || keyEnd === undefined) return undefined;
    // An empty value has its place right behind the colon.
    const [start, end] = range[0] === range[1] ? [text.indexOf(':', keyEnd) + 1, range[1]] : range;
    const space = text[start - 1] === ':' ? ' ' : '';
    return `${text.slice(0, start)}${space}${enabled}${text.slice(Math.max(start, end))}`;
  }
  // It is what a job is that says nothing.
  if (enabled && !hasMerge(body)) return text;
  const first = rangeOf(body.items[0]?.key)?.[0];
  if (first === undefined) return undefined;
  if (body.flow === true) return `${text.slice(0, first)}enabled: ${enabled}, ${text.slice(first)}`;
  const lineStart = text.lastIndexOf('\n', first - 1) + 1;
  const indent = text.slice(lineStart, first);
  // Such as the first key behind "- " or "? ", which no job has.
  if (indent.trim() !== '') return undefined;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, lineStart)}${indent}enabled: ${enabled}${lineEnd}${text.slice(lineStart)}`;
}

const hasMerge = (map: YAMLMap): boolean => map.items.some(({ key }) => isScalar(key) && key.value === '<<');

function jobPair(text: string, job: string): Pair | undefined {
  const { contents } = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  const jobs = valueAt(contents, 'jobs');
  return isMap(jobs) ? jobs.items.find(({ key }) => isScalar(key) && String(key.value) === job) : undefined;
}

function valueAt(map: unknown, name: string): unknown {
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name)?.value : undefined;
}

/** Start and end of a node in the text, without the comments behind it. */
function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as Node | undefined)?.range;
  return range == null ? undefined : [range[0], range[1]];
}

function notWrittenOut(file: string, job: string): SoloistError {
  return new SoloistError({
    code: 'job-not-written-out',
    message: `The job ${job} is not written out by itself in ${file}, so that it cannot be changed here.`,
    hint: 'It may be taken over with an anchor. Change it in the file.',
  });
}

function changedMeanwhile(file: string): SoloistError {
  return new SoloistError({
    code: 'configuration-changed',
    message: `${file} was changed by somebody else at the same moment; nothing was written.`,
    hint: 'Try again.',
  });
}
