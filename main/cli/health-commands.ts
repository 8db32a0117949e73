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
  guard: `
A guard counts the copies of a process that Soloist does not start, as 'guards' of the configuration says.
Exit codes: 0 answered, also if there are too many; 1 no daemon answers.`,
  guardEnd: `
It shows which are extra, asks, and ends those and everything below them: SIGTERM, and SIGKILL after ten seconds.
Exit codes: 0 none of them is left, or none was extra; 1 some are left, the answer was no, there was nobody to ask,
or there is no such guard.`,
  doctor: `
Looks at the daemon, its lock, record, socket and files, at strays and orphans, the configuration, the environment as jobs
see it, the login item, the log and the clock. Nothing is changed without --fix, and no daemon is started.
Exit codes: 0 all is well, or there are warnings only; 1 something is wrong, also after --fix if something is left.`,
};

/** Adds the commands about health. */
export function addHealthCommands(root: Command, surroundings: Surroundings): void {
  addHealth(root, surroundings);
  addAlerts(root, surroundings);
  addGuard(root, surroundings);
  addDoctor(root, surroundings);
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

function addDoctor(root: Command, { context, finish }: Surroundings): void {
  root
    .command('doctor')
    .description('explain the whole state of the daemon and its home, and what to do about it')
    .option('--fix', 'do what is safe; asks before it ends a process')
    .option('--yes', 'with --fix: end processes without asking')
    .option('--report [file]', 'write one file to attach to a bug report, with secrets masked')
    .addHelpText('after', help.doctor)
    .action(async ({ fix, yes, report }: { fix?: true; yes?: true; report?: string | true }) => {
      const [{ doctor }, { endQuestion }, { personToAsk }] = await Promise.all([
        import('./doctor.ts'),
        import('./doctor-text.ts'),
        import('./ask-person.ts'),
      ]);
      const { json } = context();
      const askPerson = personToAsk(json);
      const result = await doctor(context(), {
        fix: fix ?? false,
        mayEnd: async (fix) => yes ?? (await askPerson?.(endQuestion(fix, Date.now()))) ?? false,
        tell: (line) => {
          if (!json) process.stdout.write(`${line}\n`);
        },
        report: report === true ? defaultReport(new Date()) : report,
      });
      finish('doctor', result);
    });
}

const defaultReport = (now: Date): string => `soloist-report-${now.toISOString().slice(0, 10)}.txt`;
