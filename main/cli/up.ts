import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Finding, findDaemon } from '../control/find-daemon.ts';
import { type ErrorDetails, errorDetails, SoloistError } from '../daemon/errors.ts';
import { prepareHome } from '../daemon/home.ts';
import { AlreadyRunningError, ownerInWords } from '../daemon/lock/already-running.ts';
import type { Owner } from '../daemon/lock/owner.ts';
import { logFolder } from '../daemon/log/day-files.ts';
import { MARK_VARIABLE } from '../daemon/run/mark.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { openErrorFile } from './error-file.ts';

export interface UpOptions {
  /** Milliseconds. */
  readonly wait: number;
  /** Be content with a daemon that runs already. */
  readonly ensure: boolean;
  readonly takeOver: boolean;
  readonly startedBy: string;
}

/** `soloist up`: starts the daemon in the background and returns when it answers. */
export async function up(context: CommandContext, options: UpOptions): Promise<CommandResult> {
  const home = prepareHome(context.home);
  const before = await findDaemon(home);
  if (before.kind === 'answering' || before.kind === 'silent') return alreadyRunning(before.owner, options);

  const problem = await startInBackground(home, context, options);
  if (problem?.code === 'already-running') return alreadyRunning(await ownerNow(home, options), options);
  if (problem !== null) throw new SoloistError(problem);
  const after = await findDaemon(home, options.wait);
  if (after.kind !== 'answering') throw notAnswering(home, options);
  return started(after);
}

function started({ owner, status }: Extract<Finding, { kind: 'answering' }>): CommandResult {
  const text = `Daemon started with PID ${owner.pid} (home ${status.home}).`;
  return { exitCode: 0, text, data: { started: true, owner } };
}

function alreadyRunning(owner: Owner | undefined, { ensure }: UpOptions): CommandResult {
  if (!ensure) throw new AlreadyRunningError('daemon', owner);
  const text = owner
    ? `Daemon runs with ${ownerInWords(owner)}.`
    : 'Daemon is being started by somebody else.';
  return { exitCode: 0, text, data: { started: false, owner: owner ?? null } };
}

async function ownerNow(home: string, { wait }: UpOptions): Promise<Owner | undefined> {
  const finding = await findDaemon(home, wait);
  return finding.kind === 'absent' ? undefined : finding.owner;
}

function notAnswering(home: string, { wait }: UpOptions): SoloistError {
  return new SoloistError({
    code: 'start-not-finished',
    message: `The daemon did not answer within ${wait / 1000} s.`,
    hint: `See how it goes on with 'soloist status', and why in ${logFolder(home)}; end it with 'soloist down'.`,
  });
}

/** Starts a daemon that outlives this process. Resolves to null when it runs, or to why it could not start. */
async function startInBackground(
  home: string,
  { configuration, installation }: CommandContext,
  { startedBy, takeOver, wait }: UpOptions,
): Promise<ErrorDetails | null> {
  const errors = openErrorFile(home, 'stderr.log');
  // A daemon that a job starts is not a part of that job's run, and must not be ended with it.
  const { [MARK_VARIABLE]: _, ...environment } = process.env;
  const { file } = errors;
  const [program, ...words] = installation.daemon;
  try {
    const child = spawn(
      program,
      [
        ...words,
        ...['--home', home, '--config', configuration, '--started-by', startedBy, '--report'],
        ...(takeOver ? ['--take-over'] : []),
      ],
      {
        detached: true,
        // Not in the folder of whoever happened to start it, which could then not be unmounted.
        cwd: home,
        stdio: ['ignore', file, file, 'pipe'],
        windowsHide: true,
        env: environment,
      },
    );
    const report = await readReport(child, wait);
    // Nothing of the daemon may keep this process here.
    child.unref();
    if (report.kind === 'late') throw notAnswering(home, { startedBy, takeOver, wait, ensure: false });
    return report.kind === 'ended' ? diedAtStart(report.how, errors.since()) : report.error;
  } finally {
    if (file !== 'ignore') closeSync(file);
  }
}

function diedAtStart(how: string, printed: string): ErrorDetails {
  const message = `The daemon ended while it was starting (${how})${printed === '' ? '' : `, having said:\n${printed}`}\n`;
  return { code: 'start-failed', message, hint: 'If that does not help, please report it.' };
}

type Report =
  | { readonly kind: 'told'; readonly error: ErrorDetails | null }
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'late' };

function readReport(child: ChildProcess, wait: number): Promise<Report> {
  return new Promise((resolve) => {
    const pipe = child.stdio[3] as Readable;
    const settle = (report: Report): void => {
      clearTimeout(timer);
      pipe.destroy();
      resolve(report);
    };
    const timer = setTimeout(() => settle({ kind: 'late' }), wait);
    let text = '';
    pipe.setEncoding('utf8');
    pipe.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) settle({ kind: 'told', error: JSON.parse(text).error ?? null });
    });
    child.once('close', (code, signal) => settle({ kind: 'ended', how: signal ?? `exit code ${code}` }));
    child.once('error', (error) => settle({ kind: 'told', error: errorDetails(error) }));
  });
}
