import { stringify } from 'yaml';
import type { Imported } from '../import/imported.ts';
import { comments, type JobSource, remarkText, toYaml } from '../import/to-yaml.ts';
import type { WrittenJobs } from '../import/write-jobs.ts';
import { printable } from './table.ts';

/** What a file came to, with what it is called. */
export type SourceImport = Imported & JobSource;

/** What is printed of an import that is not written: a configuration, with all else as comments behind it. */
export function printedImport(imports: readonly SourceImport[]): string {
  const jobs = imports.flatMap((one) => one.jobs);
  const yaml = jobs.length === 0 ? '' : `${toYaml(imports)}\n`;
  const next =
    jobs.length === 0
      ? ['There are no jobs in it.']
      : ['Nothing was written. With --write the jobs are added to soloist.yaml.'];
  const sections = [...remarkSection(imports), ...switchOffSection(imports), next];
  return `${yaml}${sections.map(comments).join('\n\n')}`;
}

/** What is printed of an import that was written. */
export function writtenImport(imports: readonly SourceImport[], written: WrittenJobs): string {
  const sections = [writtenSection(written), ...defaultsSection(written), ...remarkSection(imports)];
  if (written.added.length > 0) {
    sections.push(...switchOffSection(imports), [
      'A daemon that runs has taken the jobs up already: until the old ones are switched off, both run them.',
      "See them with 'soloist jobs'; start the daemon with 'soloist up' if it does not run.",
    ]);
  }
  return sections.map((lines) => lines.map(printable).join('\n')).join('\n\n');
}

function writtenSection({ path, backup, added, present }: WrittenJobs): string[] {
  const count = (names: readonly string[]): string =>
    `${names.length} ${names.length === 1 ? 'job' : 'jobs'}`;
  return [
    added.length === 0
      ? `Nothing was added: ${path} stays as it is.`
      : `Added ${count(added)} to ${path}: ${added.join(', ')}.`,
    ...(present.length === 0 ? [] : [`There already, just the same: ${present.join(', ')}.`]),
    ...(backup === null ? [] : [`The file as it was is ${backup}.`]),
  ];
}

function defaultsSection({ added, defaults }: WrittenJobs): string[][] {
  const lines = stringify(defaults, { lineWidth: 0 }).trimEnd().split('\n');
  if (added.length === 0 || Object.keys(defaults).length === 0) return [];
  return [['The defaults of the file hold for these jobs too:', ...lines.map((line) => `  ${line}`)]];
}

function remarkSection(imports: readonly SourceImport[]): string[][] {
  return imports.flatMap(({ source, remarks }) => {
    if (remarks.length === 0) return [];
    const from = imports.length === 1 ? '' : ` of ${source}`;
    return [
      [
        `What could not be carried over${from}, or is not quite the same:`,
        ...remarks.map((one) => `  ${remarkText(one)}`),
      ],
    ];
  });
}

function switchOffSection(imports: readonly SourceImport[]): string[][] {
  const steps = imports.flatMap(({ switchOff }) => switchOff);
  return steps.length === 0 ? [] : [['To switch the old one off:', ...steps.map((step) => `  ${step}`)]];
}
