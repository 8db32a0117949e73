import type { Command } from 'commander';
import type { Surroundings } from './job-commands.ts';
import { printError } from './output.ts';

const help = {
  health: `
Exit codes: 0 all is well, 1 something is to be warned of, 2 an error; 3 no daemon answers.
Over HTTP, GET /v1/health has status 503 if the verdict is error, and GET /v1/metrics has the figures for Prometheus.`,
};

/** Adds the commands about health. */
export function addHealthCommands(root: Command, surroundings: Surroundings): void {
  addHealth(root, surroundings);
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
