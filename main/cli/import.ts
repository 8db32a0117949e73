import { homedir, userInfo } from 'node:os';
import { SoloistError } from '../daemon/errors.ts';
import { shellWord } from '../daemon/shell-word.ts';
import type { Format, ImportOptions } from '../import/formats.ts';
import type { Imported } from '../import/imported.ts';
import { jobNames } from '../import/job-name.ts';
import { toYaml } from '../import/to-yaml.ts';
import { type WrittenJobs, writeJobs } from '../import/write-jobs.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { type ImportSource, readOwnCrontab, readSource } from './import-source.ts';
import { printedImport, type SourceImport, writtenImport } from './import-text.ts';

export interface ImportWish {
  readonly format: Format;
  /** Paths, or `-` for standard input; none for the crontab of the person. */
  readonly files: readonly string[];
  /** Whether the jobs are added to soloist.yaml. */
  readonly write: boolean;
  /** Whether a job whose name another one has gets a free one. */
  readonly rename: boolean;
  readonly system: boolean | undefined;
  /** Whether a file that is a program may be run to know what it says. */
  readonly runFile: boolean;
}

/** `soloist import`: the jobs of another program as configuration. Runs nothing of them, and switches nothing off. */
export async function importJobs(context: CommandContext, wish: ImportWish): Promise<CommandResult> {
  const { format, write, rename } = wish;
  const imports = withNamesOnce(await importAll(wish));
  if (!write) return { exitCode: 0, text: printedImport(imports), data: dataOf(format, imports, null) };
  const inFile = new Map<string, string>();
  const written = writeJobs(imports, {
    path: context.configuration,
    home: context.home,
    rename,
    onRename: (name, nameInFile) => inFile.set(name, nameInFile),
  });
  const named = imports.map((one) => withNames(one, inFile));
  return { exitCode: 0, text: writtenImport(named, written), data: dataOf(format, named, written) };
}

async function importAll({ format, files, system, runFile }: ImportWish): Promise<SourceImport[]> {
  const importer = await format.load();
  const person = { ...account(), folder: process.cwd(), environment: process.env };
  const imported = async (reading: Promise<ImportSource>): Promise<SourceImport> => {
    const { name, file, text } = await reading;
    return { source: name, ...importer(text, { ...person, file, system, runFile }) };
  };
  if (files.length === 0 && format.files === 'one-or-none') return [await imported(readOwnCrontab())];
  const results = await Promise.allSettled(files.map((file) => imported(readSource(file))));
  const isAnyRead = results.some(({ status }) => status === 'fulfilled');
  return results.map((result, index) => {
    if (result.status === 'fulfilled') return result.value;
    // One of many does not keep the others away.
    if (isAnyRead && result.reason instanceof SoloistError) return unread(files[index] ?? '', result.reason);
    throw result.reason;
  });
}

function unread(source: string, { message, hint }: SoloistError): SourceImport {
  const why = [message, hint].filter(Boolean).join(' ');
  const remark = { line: undefined, what: 'the whole file', kind: 'left-out', why } as const;
  return { source, jobs: [], remarks: [remark], switchOff: [] };
}

function account(): Pick<ImportOptions, 'user' | 'userId' | 'userFolder'> {
  try {
    const { username, uid } = userInfo();
    return { user: username, userId: uid < 0 ? undefined : uid, userFolder: homedir() };
  } catch {
    // An account without an entry, as in some containers: then nothing is taken for one's own.
    return { user: '', userId: process.getuid?.(), userFolder: homedir() };
  }
}

/** Two files may lead to the same name; the later one gets another. */
function withNamesOnce(imports: readonly SourceImport[]): readonly SourceImport[] {
  const names = jobNames();
  return imports.map((one) => withNames(one, new Map(one.jobs.map(({ name }) => [name, names(name)]))));
}

/** The same with other names of its jobs, also where it is told of them. */
function withNames(one: SourceImport, names: ReadonlyMap<string, string>): SourceImport {
  const renamed = (name: string): string => names.get(name) ?? name;
  const remarks = one.remarks.map((remark) => {
    const { job } = remark;
    if (job === undefined) return remark;
    const command = (verb: string, name: string): string => `soloist ${verb} ${shellWord(name)}`;
    const why = ['logs', 'run'].reduce(
      (text, verb) => text.replaceAll(command(verb, job), command(verb, renamed(job))),
      remark.why,
    );
    return { ...remark, job: renamed(job), why };
  });
  return { ...one, jobs: one.jobs.map((job) => ({ ...job, name: renamed(job.name) })), remarks };
}

function dataOf(format: Format, imports: readonly SourceImport[], written: WrittenJobs | null): unknown {
  const all = <Item>(list: (one: Imported) => readonly Item[]) =>
    imports.flatMap((one) => list(one).map((item) => ({ source: one.source, ...item })));
  return {
    format: format.name,
    jobs: all(({ jobs }) => jobs).map(({ line, ...job }) => ({ ...job, line: line ?? null })),
    remarks: all(({ remarks }) => remarks).map(({ line, job, ...remark }) => ({
      ...remark,
      line: line ?? null,
      job: job ?? null,
    })),
    switchOff: imports.flatMap(({ switchOff }) => switchOff),
    configuration: toYaml(imports),
    written,
  };
}
