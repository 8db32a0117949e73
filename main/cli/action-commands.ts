import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';
import { countOption } from './options.ts';

/** The most that is asked of the daemon at one time. */
const LARGEST_PAGE = 1_000;

const help = {
  screenshotsImport: `
It does what the job does when such a file appears, with the settings that the job has in the configuration, in this
process; no daemon is needed. It can be interrupted at any time, and run again: what is in the vault is not brought in twice.
Exit codes: 0 all are in the vault, 1 some are not (the lines say why), 130 if it was interrupted.`,
  links: `
Exit codes: 0 done, 1 no daemon answers, there is no such link, or its note changed so that nothing is written.`,
  review: `
Keys: A accept, D dismiss, S skip, U undo the last decision, Q quit. It needs a terminal.
Exit codes: 0 gone through or quit, 1 there is no terminal, or no daemon answers.`,
};

/** Adds the commands about the built-in actions. */
export function addActionCommands(root: Command, surroundings: Surroundings): void {
  addScreenshots(root, surroundings);
  addLinks(root, surroundings);
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

function addLinks(root: Command, { context, finish, setExitCode }: Surroundings): void {
  const links = root
    .command('links')
    .description('list and decide about suggested links between notes')
    .addHelpText('after', help.links);

  links
    .command('list')
    .description('list the suggested links that wait, the likeliest first')
    .option('--job <name>', 'only those of this job')
    .option('--limit <number>', 'at most so many', '50')
    .addHelpText('after', help.links)
    .action(async ({ job, limit }: { job?: string; limit: string }) => {
      const count = countOption('--limit', limit, LARGEST_PAGE);
      const { listLinks } = await import('./links.ts');
      finish('links list', await listLinks(context(), job, count));
    });

  for (const [name, description] of [
    ['accept', 'write a suggested link into its note'],
    ['dismiss', 'remember that a link is not wanted'],
    ['undo', 'take back what was decided about a link'],
  ] as const) {
    links
      .command(name)
      .description(description)
      .argument('<id>', 'the id of a suggested link')
      .addHelpText('after', help.links)
      .action(async (id: string) => {
        const { decideLink } = await import('./links.ts');
        finish(`links ${name}`, await decideLink(context(), name, id));
      });
  }

  links
    .command('review')
    .description('go through the suggested links one by one, in the terminal')
    .option('--job <name>', 'only those of this job')
    .addHelpText('after', help.review)
    .action(async ({ job }: { job?: string }) => {
      const { reviewLinks } = await import('./links-review.ts');
      setExitCode(await reviewLinks(context(), job));
    });
}
