import { PassThrough, pipeline } from 'node:stream';
import { configurationSource } from '../configuration-source.ts';
import { type ErrorDetails, SoloistError } from '../daemon/errors.ts';
import { runHeadless } from '../headless-daemon.ts';
import type { CommandContext } from './command.ts';
import { outliveReader } from './output.ts';
import type { UpOptions } from './up.ts';

/**
 * `soloist up --foreground`: is the daemon, in this very process, and shows its log: for people on a terminal, as
 * JSON lines otherwise. Resolves to the exit code when it has ended, also if it is to be content with a daemon that runs already;
 * throws a `SoloistError` if it cannot start.
 */
export async function upInForeground(context: CommandContext, options: UpOptions): Promise<number> {
  let problem = null as ErrorDetails | null;
  const exitCode = await runHeadless({
    home: context.home,
    configuration: configurationSource(context.configuration),
    startedBy: 'soloist up --foreground',
    takeOver: options.takeOver,
    jobs: context.installation,
    terminal: await terminalStream(context),
    onStarted: (error) => {
      problem = error;
    },
  });
  if (problem === null) return exitCode;
  // A service that fails would be started again and again.
  if (options.ensure && problem.code === 'already-running') {
    process.stdout.write(`${problem.message}\n`);
    return 0;
  }
  throw new SoloistError(problem);
}

async function terminalStream({ json, color }: CommandContext): Promise<{ write(line: string): void }> {
  // A reader that goes away (`| head`) must not take the daemon with it.
  outliveReader();
  if (json) return process.stdout;
  const { default: pretty } = await import('pino-pretty');
  const lines = new PassThrough();
  pipeline(
    lines,
    pretty({
      colorize: color,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname',
      destination: 1,
      sync: true,
    }),
    () => {},
  );
  return lines;
}
