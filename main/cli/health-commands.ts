import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';
import { oneAlertOrAll } from './options.ts';
import { printError } from './output.ts';

const help = {
  health: `
Exit codes: 0 all is well, 1 something is to be warned of, 2 an error; 3 no daemon answers.
Over HTTP, GET /v1/health has status 503 if the verdict is error, and GET /v1/metrics has the figures for Prometheus.`,
  alerts: `
An alert stands until its cause is gone. One that is over is archived after seven days, and removed after ninety more.
Exit codes: 0 answered, also if there are none; 1 no daemon answers.`,
  ack: `
What is acknowledged stays listed for as long as its cause lasts, and asks for nobody any more.
Exit codes: 0 also if it was acknowledged or over already, 1 if there is no such alert.`,
  archive: `
What stands is never archived. Exit codes: 0 also if there was nothing to archive.`,
};

/** Adds the commands about health. */
export function addHealthCommands(root: Command, surroundings: Surroundings): void {
  addHealth(root, surroundings);
  addAlerts(root, surroundings);
}

function addHealth(root: Command, { context, finish, setExitCode }: Surroundings): void {
  root
    .command('health')
    .description('look at everything: what is well, what is not, and what may help')
    .addHelpText('after', help.health)
    .action(async () => {
      const { health, UNKNOWN } = await import('./health.ts');
      try {
        finish('health', await health(context()));
      } catch (error) {
        printError(error, context().json);
        setExitCode(UNKNOWN);
      }
    });
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
