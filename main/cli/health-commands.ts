import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';

const help = {
  guard: `
A guard counts the copies of a process that Soloist does not start, as 'guards' of the configuration says.
Exit codes: 0 answered, also if there are too many; 1 no daemon answers.`,
  guardEnd: `
It shows which are extra, asks, and ends those and everything below them: SIGTERM, and SIGKILL after ten seconds.
Exit codes: 0 none of them is left, or none was extra; 1 some are left, the answer was no, there was nobody to ask,
or there is no such guard.`,
};

/** Adds the commands about the health of the daemon and its jobs. */
export function addHealthCommands(root: Command, surroundings: Surroundings): void {
  addGuard(root, surroundings);
}

function addGuard(root: Command, { context, finish }: Surroundings): void {
  const list = async ({ names }: { names?: true } = {}): Promise<void> => {
    const { guardNames, guards } = await import('./guard.ts');
    finish('guard', await (names ? guardNames(context()) : guards(context())));
  };
  const guard = root
    .command('guard')
    .description('count the copies of processes that Soloist does not start, and end extra ones')
    .option('--names', 'only the names of the guards, one per line')
    .addHelpText('after', help.guard)
    .action(list);

  guard
    .command('list')
    .description('list the guards, and the processes where there are too many (also without this word)')
    .addHelpText('after', help.guard)
    .action(() => list());

  guard
    .command('end')
    .description('end the extra copies that a guard counts, after showing which')
    .argument('<guard>', 'the name of a guard')
    .option('--yes', 'end them without asking')
    .addHelpText('after', help.guardEnd)
    .action(async (name: string, { yes }: { yes?: true }) => {
      const [{ endGuarded }, { personToAsk }] = await Promise.all([
        import('./guard.ts'),
        import('./ask-person.ts'),
      ]);
      const result = await endGuarded(context(), {
        name,
        yes: yes ?? false,
        askPerson: personToAsk(context().json),
        show: (text) => process.stdout.write(`${text}\n`),
      });
      finish('guard end', result);
    });
}
