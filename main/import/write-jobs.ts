import {
  constants,
  copyFileSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withJobs } from '../daemon/config/add-jobs.ts';
import type { Configuration } from '../daemon/config/configuration.ts';
import { readDocument } from '../daemon/config/document.ts';
import { lineOfJob } from '../daemon/config/edit-job.ts';
import { loadConfiguration } from '../daemon/config/load.ts';
import { checkPattern } from '../daemon/config/pattern-check.ts';
import { configurationError } from '../daemon/config/problems.ts';
import { firstLines } from '../daemon/config/starter.ts';
import { surroundingsOf } from '../daemon/config/surroundings.ts';
import { writeSchema } from '../daemon/config/write-starter.ts';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import { makeFolders, stage } from '../daemon/files.ts';
import { reasonOf } from '../daemon/home.ts';
import type { ImportedJob } from './imported.ts';
import { jobNames } from './job-name.ts';
import { type JobSource, toYaml } from './to-yaml.ts';

/** What writing jobs into a configuration has come to. */
export interface WrittenJobs {
  /** The file. */
  readonly path: string;
  /** Where the file is as it was; null if there was none, or nothing was written. */
  readonly backup: string | null;
  /** The names under which jobs were added. */
  readonly added: readonly string[];
  /** The names of jobs of the file that are the same already. */
  readonly present: readonly string[];
  /** What `defaults` of the file says, which holds for these jobs too. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

export interface WriteOptions {
  /** The configuration file, absolute; it need not exist. */
  readonly path: string;
  /** The folder of the daemon, where the JSON schema of a new file goes. */
  readonly home: string;
  /** Whether a job whose name another one has gets a free name. */
  readonly rename: boolean;
  /** Told of each job that is in the file under another name than it had. */
  readonly onRename?: (name: string, nameInFile: string) => void;
}

/**
 * Adds jobs to a configuration, whose other bytes stay, or writes a first one with them. A job that is there already, word
 * by word, is not added again. Nothing is written, and a `SoloistError` thrown, if the file is broken, if a job with one of
 * the names is another one, or if the result would not be what was meant.
 */
export function writeJobs(sources: readonly JobSource[], options: WriteOptions): WrittenJobs {
  const { path: file } = options;
  try {
    const path = existsSync(file) ? realpathSync(file) : file;
    const before = readBefore(path, file);
    const present: string[] = [];
    const wanted = chosen(sources, before, present, options);
    const added = wanted.flatMap(({ jobs }) => jobs);
    const done = { path: file, added: added.map(({ name }) => name), present, defaults: before.defaults };
    if (added.length === 0) return { ...done, backup: null };
    const text = withAdded(before, wanted, added, options);
    checkResult(text, before, added, file);
    return { ...done, backup: replace(path, text, before, file) };
  } catch (error) {
    if (error instanceof SoloistError) throw error;
    throw unwritable(file, error);
  }
}

interface Before {
  /** Undefined: there is no file yet. */
  readonly text: string | undefined;
  readonly configuration: Configuration | undefined;
  /** The jobs as they are written. */
  readonly jobs: Readonly<Record<string, unknown>>;
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly mode: number;
  readonly mtimeMs: number;
}

function readBefore(path: string, file: string): Before {
  const nothing = {
    text: undefined,
    configuration: undefined,
    jobs: {},
    defaults: {},
    mode: 0o600,
    mtimeMs: 0,
  };
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return nothing;
  const content = readFileSync(path);
  const configuration = loaded(content, file);
  const text = content.toString('utf8');
  const value = plainValue(text);
  const { mode, mtimeMs } = stats;
  return {
    text,
    configuration,
    jobs: mapping(value.jobs),
    defaults: mapping(value.defaults),
    mode: mode & 0o777,
    mtimeMs,
  };
}

function loaded(content: Uint8Array | string, file: string): Configuration {
  const result = loadConfiguration(content, { ...surroundingsOf(file), file, checkPattern });
  if (result.ok) return result.configuration;
  const { code, message } = configurationError(result.problems);
  throw new SoloistError({
    code,
    message: `${message} Nothing was written.`,
    hint: "Mend the file first; 'soloist config check' shows every problem with its line.",
  });
}

const mapping = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function plainValue(text: string): Readonly<Record<string, unknown>> {
  const read = readDocument(text.replace(/^\uFEFF/, ''));
  return read.ok ? mapping(read.document.value) : {};
}

/** The jobs that are to be added, under free names; those that are there already go into `present`. */
function chosen(
  sources: readonly JobSource[],
  before: Before,
  present: string[],
  { path, rename, onRename = () => {} }: WriteOptions,
): JobSource[] {
  const written = Object.entries(before.jobs);
  const folded = (name: string): string => name.normalize('NFC').toLowerCase();
  const others = new Map(written.map(([name]) => [folded(name), name]));
  const names = jobNames([
    ...others.values(),
    ...sources.flatMap(({ jobs }) => jobs.map(({ name }) => name)),
  ]);
  const taken: string[] = [];
  const wanted = sources.map(({ source, jobs }) => ({
    source,
    jobs: jobs.flatMap((job): ImportedJob[] => {
      const same = written.find(([, settings]) => isDeepStrictEqual(settings, { ...job.settings }));
      if (same !== undefined) {
        present.push(same[0]);
        onRename(job.name, same[0]);
        return [];
      }
      const other = others.get(folded(job.name));
      if (other === undefined) return [job];
      const free = names(job.name);
      onRename(job.name, free);
      const line = lineOfJob(path, other);
      taken.push(
        `"${other}"${line === undefined ? '' : ` (line ${line})`}, where the new one could be "${free}"`,
      );
      return [{ ...job, name: free }];
    }),
  }));
  if (taken.length === 0 || rename) return wanted;
  throw new SoloistError({
    code: 'job-exists',
    message: `${path} has other jobs of the same name: ${taken.join('; ')}. Nothing was written.`,
    hint: 'Rename those in the file, or give the new ones these names with --rename.',
  });
}

function withAdded(
  { text }: Before,
  wanted: readonly JobSource[],
  added: readonly ImportedJob[],
  { path, home }: WriteOptions,
): string {
  const yaml = toYaml(wanted.filter(({ jobs }) => jobs.length > 0));
  if (text === undefined) return `${firstLines(writeSchema(home))}\n${yaml}`;
  const values = Object.fromEntries(added.map(({ name, settings }) => [name, settings]));
  const changed = withJobs(text, { text: yaml, values });
  if (changed !== undefined) return changed;
  throw unfit(path, 'it is not told where in it jobs could be added');
}

/** Whatever the file looks like: its jobs must be what they were, and the new ones what was meant. */
function checkResult(text: string, before: Before, added: readonly ImportedJob[], file: string): void {
  const result = loadConfiguration(text, { ...surroundingsOf(file), file, checkPattern });
  if (!result.ok) throw unfit(file, configurationError(result.problems).message.replace(/\.$/, ''));
  const { jobs, ...rest } = result.configuration;
  const { jobs: old, ...restBefore } = before.configuration ?? { jobs: new Map(), ...rest };
  const values = mapping(plainValue(text).jobs);
  const isKept =
    isDeepStrictEqual(rest, restBefore) &&
    [...old].every(([name, job]) => isDeepStrictEqual(jobs.get(name), job));
  const isAdded = added.every(({ name, settings }) => isDeepStrictEqual(values[name], { ...settings }));
  if (!isKept || !isAdded || jobs.size !== old.size + added.length)
    throw unfit(file, 'with the jobs added it would say something else than before');
}

/** Puts the text in the file's place at one moment; returns where the file is as it was. */
function replace(
  path: string,
  text: string,
  { text: old, mode, mtimeMs }: Before,
  file: string,
): string | null {
  makeFolders(dirname(path));
  const temporary = `${path}.soloist-${process.pid}`;
  try {
    stage(temporary, text, mode);
    const now = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (now !== (old === undefined ? undefined : mtimeMs)) throw changedMeanwhile(file);
    const backup = old === undefined ? null : keepBackup(path);
    renameSync(temporary, path);
    return backup;
  } finally {
    rmSync(temporary, { force: true });
  }
}

const MOST_BACKUPS = 1000;

/** Copies the file beside itself, under a name that nothing has yet. */
function keepBackup(path: string): string {
  for (let count = 1; ; count += 1) {
    const backup = `${path}.before-import${count === 1 ? '' : `-${count}`}`;
    try {
      copyFileSync(path, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST' || count > MOST_BACKUPS) throw error;
    }
  }
}

function unfit(file: string, reason: string): SoloistError {
  return new SoloistError({
    code: 'import-unfit',
    message: `The jobs cannot be added to ${file}: ${reason}. Nothing was written.`,
    hint: 'Run the command without --write, and copy what it prints into the file.',
  });
}

function changedMeanwhile(file: string): SoloistError {
  return new SoloistError({
    code: 'configuration-changed',
    message: `${file} was changed by somebody else at the same moment; nothing was written.`,
    hint: 'Try again.',
  });
}

function unwritable(file: string, cause: unknown): SoloistError {
  return new SoloistError(
    {
      code: 'configuration-unwritable',
      message: `The configuration ${file} cannot be written: ${reasonOf(cause)}.`,
      hint: 'Mend that, or name another file with --config.',
    },
    { cause },
  );
}
