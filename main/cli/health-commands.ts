import type { Command } from 'commander';
import type { Fix } from '../daemon/health/doctor/diagnosis.ts';
import type { Surroundings } from './job-commands.ts';

const help = {
  doctor: `
Looks at the daemon, its lock, record, socket and files, at strays and orphans, the configuration, the environment as jobs
see it, the login item, the log and the clock. Nothing is changed without --fix, and no daemon is started.
Exit codes: 0 all is well, or there are warnings only; 1 something is wrong, also after --fix if something is left.`,
};

/** Adds the commands about health. */
export function addHealthCommands(root: Command, surroundings: Surroundings): void {
  addDoctor(root, surroundings);
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
      const { doctor } = await import('./doctor.ts');
      const { json } = context();
      const result = await doctor(context(), {
        fix: fix ?? false,
        mayEnd: yes ? async () => true : json || !process.stdin.isTTY ? async () => false : askPerson,
        tell: (line) => {
          if (!json) process.stdout.write(`${line}\n`);
        },
        report: report === true ? defaultReport(new Date()) : report,
        findStrays: async () => [],
      });
      finish('doctor', result);
    });
}

const defaultReport = (now: Date): string => `soloist-report-${now.toISOString().slice(0, 10)}.txt`;

async function askPerson(fix: Fix): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const { endQuestion } = await import('./doctor-text.ts');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(endQuestion(fix, Date.now()))).trim());
  } finally {
    terminal.close();
  }
}
