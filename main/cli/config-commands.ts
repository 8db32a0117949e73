import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';

const help = {
  init: `
Exit codes: 0 written, 1 if there is a file already (it is left as it is) or it cannot be written.`,
  check: `
Exit codes: 0 it can be used (there may be warnings), 1 it is broken or cannot be read.`,
  path: `
Exit codes: 0 whether the file exists or not.`,
  schema: `
'soloist init' and 'soloist config edit' write it into the home too. Exit codes: 0 printed.`,
  show: `
The output is a configuration itself. Values of 'env' are shown as they are, secrets too; the content of files named
by 'env_file' is not. Exit codes: 0 shown, 1 the file is broken or cannot be read.`,
  edit: `
Opens $VISUAL, or $EDITOR, or vi. Exit codes: 0 it can be used, 1 it is broken, or the editor failed.`,
};

/** Adds the commands about the configuration, none of which needs a daemon. */
export function addConfigCommands(
  root: Command,
  { context, finish }: Pick<Surroundings, 'context' | 'finish'>,
): void {
  root
    .command('init')
    .description('write a first configuration, with comments and one harmless job')
    .addHelpText('after', help.init)
    .action(async () => {
      const { init } = await import('./config/init.ts');
      finish('init', init(context()));
    });

  const config = root
    .command('config')
    .description('look at the configuration, check or edit it')
    .addHelpText('after', "\nWhat each key means is told by 'soloist help configuration'.");

  config
    .command('check')
    .description('say everything that is wrong with the configuration, with its line')
    .argument('[file]', 'another file than the one in use')
    .addHelpText('after', help.check)
    .action(async (file: string | undefined) => {
      const { check } = await import('./config/check.ts');
      finish('config check', check(context(), file));
    });

  config
    .command('path')
    .description('print where the configuration is, or would be')
    .addHelpText('after', help.path)
    .action(async () => {
      const { path } = await import('./config/path.ts');
      finish('config path', path(context()));
    });

  config
    .command('schema')
    .description('print the JSON schema of the configuration, from which editors complete')
    .addHelpText('after', help.schema)
    .action(async () => {
      const { schema } = await import('./config/schema-file.ts');
      finish('config schema', schema());
    });

  config
    .command('show')
    .description('print the configuration with everything filled in, as YAML')
    .argument('[file]', 'another file than the one in use')
    .addHelpText('after', help.show)
    .action(async (file: string | undefined) => {
      const { show } = await import('./config/show.ts');
      finish('config show', show(context(), file));
    });

  config
    .command('edit')
    .description('open the configuration in your editor, written first if there is none, then check it')
    .addHelpText('after', help.edit)
    .action(async () => {
      const { edit } = await import('./config/edit.ts');
      finish('config edit', await edit(context()));
    });
}
