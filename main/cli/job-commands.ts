import type { Command } from 'commander';
import { type CommandContext, type CommandResult, durationOption } from './command.ts';
import { countOption, oneJobOrAll } from './options.ts';

/** What the commands get from the program that they are a part of. */
export interface Surroundings {
  readonly context: () => CommandContext;
  readonly show: (name: string, result: CommandResult) => void;
  readonly finish: (name: string, result: CommandResult) => void;
  readonly setExitCode: (code: number) => void;
}

/** The most that is asked of the daemon at one time. */
const LARGEST_PAGE = 1_000;
const MOST_LINES = 1_000_000;
const LINES_OF_DAEMON = 100;

const help = {
  asked: `
Exit codes: 0 answered, also if there are none; 1 no daemon answers, or there is no such job.`,
  run: `
What follows '--' is added to the job's command. Without --wait: exit code 1 if the run was skipped.
Exit codes with --wait: that of the job; or 128 and the number of the signal that ended it, 124 if it timed out,
125 if it was cancelled, skipped or lost, 126 if it could not be started; 1 if the daemon did not let it run or
ended before it. Interrupting the command ends the waiting, not the run. A retry is a run of its own.`,
  cancel: `
Exit codes: 0 also if nothing of it was running, 1 if there is no such job or run.`,
  pause: `
A paused job does not become due; what is running goes on, and 'soloist run' runs it all the same.
Exit codes: 0 also if it was paused already, 1 if there is no such job.`,
  show: `
Exit codes: 0 whatever the run's outcome, 1 if there is no such run.`,
  logs: `
Of a job, it is the run that goes on now, or else the latest one. With -f it ends when the run ends.
Exit codes: 0 also if there is no output, 1 if there is no such job or run.`,
};

/** Adds the commands about jobs and runs. */
export function addJobCommands(root: Command, surroundings: Surroundings): void {
  const { context, finish } = surroundings;

  root
    .command('jobs')
    .description('list the jobs: how they stand, when they are due, how they last ended')
    .option('--names', 'only their names, one per line')
    .addHelpText('after', help.asked)
    .action(async ({ names }: { names?: true }) => {
      const { jobNames, jobs } = await import('./jobs.ts');
      finish('jobs', await (names ? jobNames(context()) : jobs(context())));
    });

  addRun(root, surroundings);

  root
    .command('cancel')
    .description('end a run, or all runs of a job')
    .argument('<job|run>', 'the name of a job, or the id of a run')
    .addHelpText('after', help.cancel)
    .action(async (target: string) => {
      const { cancel } = await import('./cancel.ts');
      finish('cancel', await cancel(context(), target));
    });

  for (const [name, description] of [
    ['pause', 'keep a job from becoming due, until it is resumed'],
    ['resume', 'let a paused job become due again'],
  ] as const) {
    root
      .command(name)
      .description(description)
      .argument('[job]', 'the name of a job')
      .option('--all', 'all jobs')
      .addHelpText('after', help.pause)
      .action(async (job: string | undefined, { all }: { all?: true }) => {
        const target = oneJobOrAll(job, all ?? false);
        const commands = await import('./pause.ts');
        finish(name, await commands[name](context(), target));
      });
  }

  root
    .command('runs')
    .description('list the latest runs, newest first')
    .argument('[job]', 'only those of this job')
    .option('--failed', 'only those that failed, timed out or were lost')
    .option('--since <duration>', 'only those of the last so long, such as 24h')
    .option('--limit <number>', 'at most so many', '20')
    .addHelpText('after', help.asked)
    .action(async (job: string | undefined, options: { failed?: true; since?: string; limit: string }) => {
      const wanted = {
        job,
        failed: options.failed ?? false,
        since: options.since === undefined ? undefined : durationOption('--since', options.since),
        limit: countOption('--limit', options.limit, LARGEST_PAGE),
      };
      const { runs } = await import('./runs.ts');
      finish('runs', await runs(context(), wanted));
    });

  root
    .command('show')
    .description('say all that is known of a run')
    .argument('<run>', 'the id of a run')
    .addHelpText('after', help.show)
    .action(async (id: string) => {
      const { show } = await import('./show.ts');
      finish('show', await show(context(), id));
    });

  addLogs(root, surroundings);

  root
    .command('next')
    .description('list what the clock will make due, soonest first')
    .option('--for <duration>', 'how far to look ahead', '24h')
    .option('--limit <number>', 'at most so many', '50')
    .addHelpText('after', help.asked)
    .action(async (options: { for: string; limit: string }) => {
      const within = durationOption('--for', options.for);
      const limit = countOption('--limit', options.limit, LARGEST_PAGE);
      const { next } = await import('./next.ts');
      finish('next', await next(context(), within, limit));
    });
}

function addRun(root: Command, { context, finish, setExitCode }: Surroundings): void {
  root
    .command('run')
    .description('run a job now')
    .argument('<job>', 'the name of a job')
    .argument('[words...]', "after '--': words to add to its command")
    .option('--wait', 'show its output, wait until it ends, and exit as it did')
    .addHelpText('after', help.run)
    .action(async (job: string, words: string[], { wait }: { wait?: true }) => {
      const { run, runAndWait } = await import('./run.ts');
      if (!wait) return finish('run', await run(context(), { job, words }));
      const { printOutput, write } = await import('./print-output.ts');
      if (context().json) return finish('run', await runAndWait(context(), { job, words }, drain));
      const result = await runAndWait(context(), { job, words }, printOutput);
      // Standard output is the job's alone.
      await write(process.stderr, `${result.text}\n`);
      setExitCode(result.exitCode);
    });
}

/** As JSON, only the result is printed. */
async function drain(parts: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of parts);
}

function addLogs(root: Command, surroundings: Surroundings): void {
  root
    .command('logs')
    .description("show the output of a run, or the daemon's own log")
    .argument('[job|run|daemon]', 'the name of a job, the id of a run, or the daemon', 'daemon')
    .option('-f, --follow', 'go on showing what is added, until the run ends')
    .option(
      '-n, --lines <number>',
      `only the last lines (default: all of a run, ${LINES_OF_DAEMON} of the daemon)`,
    )
    .addHelpText('after', help.logs)
    .action(async (target: string, options: { follow?: true; lines?: string }) => {
      const lines =
        options.lines === undefined ? undefined : countOption('--lines', options.lines, MOST_LINES);
      const follow = options.follow ?? false;
      if (target === 'daemon') return daemonLog(surroundings, lines ?? LINES_OF_DAEMON, follow);
      return runOutput(surroundings, target, lines, follow);
    });
}

async function daemonLog({ context, show, finish }: Surroundings, lines: number, follow: boolean) {
  const { followLogLines, lastLogLines, prettyLine } = await import('./daemon-log.ts');
  const { home, json, color } = context();
  if (json && !follow) {
    const entries = lastLogLines(home, lines).map((line) => parsed(line));
    return finish('logs', { exitCode: 0, data: { entries }, text: '' });
  }
  const { write } = await import('./print-output.ts');
  const pretty = await prettyLine(color);
  if (!json && lastLogLines(home, 1).length === 0)
    await write(process.stderr, `There is no log in ${home} yet.\n`);
  for await (const line of follow ? followLogLines(home, lines) : lastLogLines(home, lines)) {
    if (json) show('logs', { exitCode: 0, data: { entry: parsed(line) }, text: '' });
    else await write(process.stdout, pretty(line));
  }
}

/** A line of the log, or its text if a crash or a full disk cut it off. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

async function runOutput(
  { context, show, finish }: Surroundings,
  target: string,
  lines: number | undefined,
  follow: boolean,
): Promise<void> {
  const logs = await import('./logs.ts');
  const log = follow
    ? await logs.followLog(context(), target, lines)
    : await logs.runLog(context(), target, lines);
  if (context().json) {
    if (!follow) return finish('logs', await logs.runLogResult(log));
    for await (const part of logs.partsAsText(log.parts)) show('logs', { exitCode: 0, data: part, text: '' });
    return;
  }
  const { printOutput, write } = await import('./print-output.ts');
  if (await printOutput(log.parts)) return;
  // Standard output is what the job wrote, and nothing else.
  await write(process.stderr, `${logs.missingOutput(log.run, follow)}\n`);
}
