import { Command, CommanderError, Option } from 'commander';
import { SoloistError } from '../daemon/errors.ts';
import type { Installation } from '../installation.ts';
import { version } from '../version.ts';
import { addActionCommands } from './action-commands.ts';
import { type CommandContext, type CommandResult, durationOption } from './command.ts';
import { addConfigCommands } from './config-commands.ts';
import { commandContext, type GlobalOptions } from './context.ts';
import { addHealthCommands } from './health-commands.ts';
import { addImportCommands } from './import-commands.ts';
import { addJobCommands } from './job-commands.ts';
import { printError, printResult, USAGE_ERROR } from './output.ts';
import { addProductCommands } from './product-commands.ts';

export interface ProgramInput {
  readonly arguments: readonly string[];
  readonly installation: Installation;
}

/** Runs the command line; resolves to its exit code. Never throws: what goes wrong is printed. */
export async function program({ arguments: words, installation }: ProgramInput): Promise<number> {
  let exitCode = 0;
  // What follows '--' are the words of a job.
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const json = own.includes('--json');
  try {
    await buildProgram(installation, (code) => {
      exitCode = code;
    }).parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return usageError(error, json);
    return printError(error, json);
  }
}

function usageError(error: CommanderError, json: boolean): number {
  // Help and version end this way too, with exit code 0.
  if (error.exitCode === 0) return 0;
  const message = error.message.replace(/^error: /, '');
  // Otherwise the parser has printed it already.
  if (json) printError(new SoloistError({ code: 'usage', message }), json);
  return USAGE_ERROR;
}

const help = {
  global: `
Exit codes: 0 success, 1 failure (a sentence on standard error says why), 2 wrong usage; 'status', 'run --wait', 'health' and
some others have their own, which 'soloist help exit-codes' lists.
With --json each command prints one line: {"version":1,"ok":true,"command":NAME,"data":{...}}, or
{"version":1,"ok":false,"error":{"code","message","hint"}}.
How things work is told by topics, which 'soloist help' lists; every key of soloist.yaml by 'soloist help configuration'.`,
  help: `
A topic tells how something works, such as 'soloist help missed-runs'. Where a command and a topic have one name, both are
shown. 'soloist help configuration KEY' tells about a key of soloist.yaml, such as watch.settle.
Exit codes: 0 shown, 2 there is nothing of that name.`,
  up: `
Exit codes: 0 it answers, 1 it could not be started, or a daemon runs already (0 with --ensure). With --foreground it is that
of the daemon: 70 after a fault of Soloist.`,
  down: `
Exit codes: 0 also if none was running, 1 if it could not be stopped.`,
  restart: `
Exit codes: 0 it runs again, 1 it could not be restarted, or runs with its former configuration since the new one is broken.`,
  status: `
Exit codes: 0 running, 1 crashed (its record stands, its process is dead), 3 not running, 4 running but not
answering within 2 s, or running on another computer.`,
  completion: `
To load it now and in each new shell:
  bash   soloist completion bash > ~/.local/share/bash-completion/completions/soloist
  zsh    soloist completion zsh > "\${fpath[1]}/_soloist"
  fish   soloist completion fish > ~/.config/fish/completions/soloist.fish
Exit codes: 0 printed, 2 there is none for that shell.`,
};

/** The whole command line as one table of commands; `setExitCode` is told what a command ended with. */
export function buildProgram(installation: Installation, setExitCode: (code: number) => void): Command {
  const root = new Command('soloist')
    .description('Keeps exactly one automation daemon alive on your computer.')
    .version(version)
    .option('--home <dir>', 'the folder of the daemon (default: SOLOIST_HOME, or the platform’s own place)')
    .option('--config <file>', 'the configuration file (default: SOLOIST_CONFIG, or soloist.yaml)')
    .option('--json', 'print results and errors as JSON')
    .option('--no-color', 'print without colours')
    .addHelpText('after', help.global)
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  const context = (): CommandContext => commandContext(root.opts<GlobalOptions>(), installation);
  const show = (name: string, result: CommandResult): void => printResult(name, result, context().json);
  const finish = (name: string, result: CommandResult): void => {
    show(name, result);
    setExitCode(result.exitCode);
  };

  const upOptions = { ensure: false, takeOver: false, startedBy: 'soloist up' };
  const wait = new Option('--wait <duration>', 'how long to wait until it answers').default('10s');
  root
    .command('up')
    .description('start the daemon in the background; returns when it answers')
    .option('--foreground', 'be the daemon, in this terminal, and show its log')
    .option('--ensure', 'succeed if a daemon is running already')
    .option('--take-over', 'take the home although another computer has it')
    .addOption(wait)
    .addHelpText('after', help.up)
    .action(async (options: { foreground?: true; ensure?: true; takeOver?: true; wait: string }) => {
      const wanted = {
        ...upOptions,
        ensure: options.ensure ?? false,
        takeOver: options.takeOver ?? false,
        wait: durationOption('--wait', options.wait),
      };
      if (options.foreground) {
        const { upInForeground } = await import('./foreground.ts');
        const exitCode = await upInForeground(context(), wanted);
        setExitCode(exitCode);
        // In the app's executable this returns, and the process ends a moment later.
        process.exit(exitCode);
      } else {
        const { up } = await import('./up.ts');
        finish('up', await up(context(), wanted));
      }
    });

  root
    .command('down')
    .description(
      'stop the daemon gracefully, and by force if it takes too long; clears what a crashed one left',
    )
    .option('--timeout <duration>', 'after this time, end it and its children by force', '10s')
    .addHelpText('after', help.down)
    .action(async ({ timeout }: { timeout: string }) => {
      const milliseconds = durationOption('--timeout', timeout);
      const { down } = await import('./down.ts');
      finish('down', await down(context(), milliseconds));
    });

  root
    .command('restart')
    .description(
      'start the daemon again with the configuration as it stands now; start it if it does not run',
    )
    .addOption(wait)
    .addHelpText('after', help.restart)
    .action(async (options: { wait: string }) => {
      const { restart } = await import('./restart.ts');
      const wanted = {
        ...upOptions,
        startedBy: 'soloist restart',
        wait: durationOption('--wait', options.wait),
      };
      finish('restart', await restart(context(), wanted));
    });

  root
    .command('status')
    .description('say whether the daemon runs, and as what')
    .option('--watch', 'show it again whenever it changes, until interrupted')
    .addHelpText('after', help.status)
    .action(async (options: { watch?: true }) => {
      const { status, watchStatus } = await import('./status.ts');
      if (!options.watch) return finish('status', await status(context()));
      const terminal = process.stdout.isTTY && !context().json;
      return watchStatus(context(), (result) => {
        if (terminal) process.stdout.write('\u001b[2J\u001b[H');
        show('status', result);
      });
    });

  addJobCommands(root, { context, show, finish, setExitCode });
  addHealthCommands(root, { context, show, finish, setExitCode });
  addActionCommands(root, { context, show, finish, setExitCode });
  addConfigCommands(root, { context, finish });
  addProductCommands(root, { context, show, finish, setExitCode });
  addImportCommands(root, { context, finish });

  root
    .command('completion')
    .description('print the completion script of a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', help.completion)
    .action(async (shell: string) => {
      const { completion } = await import('./completion.ts');
      finish('completion', completion(shell, root));
    });

  root
    .command('help')
    .description('show the help of a command, or a topic: how something works')
    .argument('[name...]', 'a command such as config check, or a topic')
    .addHelpText('after', help.help)
    .action(async (names: string[]) => {
      const { help } = await import('./help/help.ts');
      finish('help', await help(context(), root, names));
    });

  return root;
}
