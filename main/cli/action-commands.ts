import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';

const help = {
  screenshotsImport: `
It does what the job does when such a file appears, with the settings that the job has in the configuration, in this
process; no daemon is needed. It can be interrupted at any time, and run again: what is in the vault is not brought in twice.
Exit codes: 0 all are in the vault, 1 some are not (the lines say why), 130 if it was interrupted.`,
};

/** Adds the commands about the built-in actions. */
export function addActionCommands(root: Command, surroundings: Surroundings): void {
  addScreenshots(root, surroundings);
}

function addScreenshots(root: Command, { context, finish }: Surroundings): void {
  const screenshots = root.command('screenshots').description('bring screenshots into a vault of notes');

  screenshots
    .command('import')
    .description('bring in all screenshots of a folder, and of the folders in it')
    .argument('<folder>', 'the folder')
    .option('--job <name>', 'the job whose settings to take, if there are several with use: screenshots')
    .option('--dry-run', 'say what would be done, and do nothing')
    .addHelpText('after', help.screenshotsImport)
    .action(async (folder: string, { job, dryRun = false }: { job?: string; dryRun?: true | false }) => {
      const { importScreenshots } = await import('./screenshots.ts');
      finish('screenshots import', await importScreenshots(context(), folder, { job, dryRun }));
    });
}
