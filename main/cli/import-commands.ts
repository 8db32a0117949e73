import type { Command } from 'commander';
import { FORMATS, type Format } from '../import/formats.ts';
import type { Surroundings } from './job-commands.ts';

const help = `
Prints the jobs as configuration, then what could not be carried over and why, then how to switch the old one off.
Nothing of them is run, and nothing is switched off. "-" as FILE is standard input. With --write the jobs are added to
soloist.yaml, whose other lines stay, and the file as it was is kept beside it.
Exit codes: 0 also if there are no jobs in it; 1 it cannot be read (of several files: none of them), or soloist.yaml
cannot be written.
'soloist help moving-here' tells what is commonly different here.`;

const FILE_ARGUMENTS: Readonly<Record<Format['files'], string>> = {
  one: '<file>',
  many: '<files...>',
  'one-or-none': '[file]',
};

interface Options {
  readonly write?: true;
  readonly rename?: true;
  readonly system?: true;
  readonly runFile?: true;
}

/** Adds the command that brings jobs from other programs; it needs no daemon. */
export function addImportCommands(
  root: Command,
  { context, finish }: Pick<Surroundings, 'context' | 'finish'>,
): void {
  const all = root
    .command('import')
    .description('show the jobs of cron, launchd, pm2 and others as configuration, or add them to it')
    .addHelpText('after', help);
  for (const format of FORMATS) {
    const command = all
      .command(format.name)
      .description(format.description)
      .argument(FILE_ARGUMENTS[format.files])
      .option('--write', 'add the jobs to soloist.yaml')
      .option('--rename', 'give a job whose name another one has a free name')
      .addHelpText('after', help);
    for (const [flag, description] of format.options ?? []) command.option(flag, description);
    command.action(async (named: string | readonly string[] | undefined, options: Options) => {
      const files = named === undefined ? [] : typeof named === 'string' ? [named] : named;
      const { importJobs } = await import('./import.ts');
      const { write = false, rename = false, system, runFile = false } = options;
      finish('import', await importJobs(context(), { format, files, write, rename, system, runFile }));
    });
  }
}
