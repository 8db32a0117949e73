import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';
import { oneAlertOrAll } from './options.ts';

const help = {
  alerts: `
An alert stands until its cause is gone. One that is over is archived after seven days, and removed after ninety more.
Exit codes: 0 answered, also if there are none; 1 no daemon answers.`,
  ack: `
What is acknowledged stays listed for as long as its cause lasts, and asks for nobody any more.
Exit codes: 0 also if it was acknowledged or over already, 1 if there is no such alert.`,
  archive: `
What stands is never archived. Exit codes: 0 also if there was nothing to archive.`,
};

/** Adds the commands about the health of the daemon and its jobs. */
export function addHealthCommands(root: Command, surroundings: Surroundings): void {
  addAlerts(root, surroundings);
}

function addAlerts(root: Command, { context, finish }: Surroundings): void {
  const alerts = root
    .command('alerts')
    .description('list what needs a person: what failed, went quiet or is missing')
    .option('--all', 'also those that are over, and the archived ones')
    .addHelpText('after', help.alerts)
    .action(async ({ all }: { all?: true }) => {
      const { listAlerts } = await import('./alerts.ts');
      finish('alerts', await listAlerts(context(), all ?? false));
    });

  const ack = alerts
    .command('ack')
    .description('acknowledge an alert: you know of it')
    .argument('[id]', 'the id of an alert')
    .option('--all', 'all alerts that stand')
    .addHelpText('after', help.ack)
    .action(async (id: string | undefined) => {
      // The parser gives an option to the first command that has one of this name.
      const { all } = ack.optsWithGlobals<{ all?: true }>();
      const target = oneAlertOrAll(id, all ?? false);
      const { acknowledge } = await import('./alerts.ts');
      finish('alerts ack', await acknowledge(context(), target));
    });

  alerts
    .command('archive')
    .description('put away all alerts that are over')
    .addHelpText('after', help.archive)
    .action(async () => {
      const { archive } = await import('./alerts.ts');
      finish('alerts archive', await archive(context()));
    });
}
