import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { systemErrorCode } from '../errors.ts';
import type { Variables } from './configuration.ts';
import { durationWords } from './duration.ts';

/** The variables that jobs begin with, and where they come from. */
export type LoginEnvironment =
  | { readonly kind: 'login'; readonly variables: Variables; readonly shell: string }
  /** The login shell could not tell, so these are the daemon's own; the reason is a sentence. */
  | { readonly kind: 'own'; readonly variables: Variables; readonly reason: string }
  /** There are no login shells on Windows: programs get the person's whole environment there. */
  | { readonly kind: 'system'; readonly variables: Variables };

export interface LoginEnvironmentOptions {
  /** The environment of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The person's shell, absolute, where the environment has no SHELL; undefined if that is not known either. */
  readonly shell: string | undefined;
  /** How long the shell may take, in milliseconds. */
  readonly limit?: number;
}

/** A shell that waits for something would hold up the start of every job. */
const LIMIT_MS = 5_000;
/** No environment is larger; a start-up file that prints without end is cut off here. */
const MOST_OUTPUT_BYTES = 4_000_000;
/** Lets a start-up file find out that nobody is there to talk to. */
const GUARD = 'SOLOIST_READING_ENVIRONMENT';

/** What is true for one process only, or for how the daemon was started. */
const LEFT_OUT = new Set([
  '_',
  'PWD',
  'OLDPWD',
  'SHLVL',
  'ELECTRON_RUN_AS_NODE',
  'ELECTRON_NO_ATTACH_CONSOLE',
  GUARD,
]);

/**
 * What a terminal window would start programs with: a menu-bar app on macOS gets a bare PATH from the system, and the
 * person's own comes from the start-up files of their shell. Asks that shell once, as a login and interactive one, and ends
 * it with its group. Never throws: where it fails, the result says why and holds this process's own variables.
 */
export async function readLoginEnvironment(options: LoginEnvironmentOptions): Promise<LoginEnvironment> {
  const own = cleaned(Object.entries(options.environment));
  if (options.platform === 'win32') return { kind: 'system', variables: own };
  const shell = options.environment.SHELL || options.shell;
  const fallBack = (reason: string): LoginEnvironment => ({ kind: 'own', variables: own, reason });
  if (!shell) return fallBack('It is not known which shell is yours: SHELL is not set.');
  const answer = await ask(shell, options);
  if ('reason' in answer) return fallBack(answer.reason);
  return { kind: 'login', variables: answer.variables, shell };
}

type Answer = { readonly variables: Variables } | { readonly reason: string };

function ask(shell: string, { environment, limit = LIMIT_MS }: LoginEnvironmentOptions): Promise<Answer> {
  const random = Math.random().toString(36).slice(2);
  const marks: Marks = { begin: `soloist-${random}-begin`, end: `soloist-${random}-end` };
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(shell, shellArguments(shell, marks), {
        // Its own group, so that it can be ended with whatever it started, and no terminal to wait for.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...environment, [GUARD]: '1' },
      });
    } catch (error) {
      resolve({ reason: `Your shell ${shell} cannot be started: ${errorText(error)}.` });
      return;
    }
    const output: Buffer[] = [];
    let size = 0;
    let errors = '';

    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => {});
      // What its start-up files left running may hold these open.
      child.stdout?.destroy();
      child.stderr?.destroy();
      endGroup(child.pid);
      resolve(answer);
    };
    const timer = setTimeout(() => {
      finish({ reason: `Your shell ${shell} did not answer within ${durationWords(limit)}.` });
    }, limit);

    child.on('error', (error) =>
      finish({ reason: `Your shell ${shell} cannot be started: ${errorText(error)}.` }),
    );
    child.on('close', (code, signal) => {
      const end = signal === null ? `with exit code ${code}` : `by signal ${signal}`;
      const lastLine = errors.trim().split('\n').at(-1);
      const said = lastLine ? ` It said: ${lastLine.slice(0, 200)}` : '';
      finish({ reason: `Your shell ${shell} ended ${end} and did not tell its environment.${said}` });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-1000);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output.push(chunk);
      size += chunk.length;
      const variables = variablesBetween(Buffer.concat(output).toString(), marks);
      if (variables !== undefined) finish({ variables });
      else if (size > MOST_OUTPUT_BYTES) finish({ reason: `Your shell ${shell} printed too much.` });
    });
  });
}

function errorText(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : String(error);
}

/** How each family of shells is told to be a login and interactive one and to run a command. */
function shellArguments(shell: string, { begin, end }: Marks): string[] {
  // env of older systems knows no -0; what it prints then is read line by line.
  const command = `printf %s ${begin}; /usr/bin/env -0 || /usr/bin/env; printf %s ${end}`;
  // These two take -l only by itself; their interactive start-up file is the one that people write.
  if (/^t?csh$/.test(basename(shell))) return ['-ic', command];
  return ['-ilc', command];
}

/** They differ: some shells keep the last argument of a command in a variable, and so print the first mark again. */
export interface Marks {
  readonly begin: string;
  readonly end: string;
}

/**
 * The variables that were printed between two marks, each ended by NUL, or on a line of its own if there is no NUL. Undefined
 * if both marks are not there. What start-up files print before and after is left out.
 */
export function variablesBetween(output: string, marks: Marks): Variables | undefined {
  const start = output.indexOf(marks.begin);
  const end = output.lastIndexOf(marks.end);
  if (start < 0 || end < start) return undefined;
  const printed = output.slice(start + marks.begin.length, end);
  const entries = printed.includes('\0')
    ? printed.split('\0')
    : printed.replace(/\n$/, '').split(/\n(?=[A-Za-z_][A-Za-z0-9_]*=)/);
  return cleaned(
    entries.flatMap((entry): [string, string][] => {
      const equals = entry.indexOf('=', 1);
      return equals < 0 ? [] : [[entry.slice(0, equals).trimStart(), entry.slice(equals + 1)]];
    }),
  );
}

function cleaned(entries: readonly [string, string | undefined][]): Variables {
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined && !LEFT_OUT.has(entry[0])),
  );
}

/** Ends what is left of a group. Its number stays taken while any of it lives, so that no stranger can be hit. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const code = systemErrorCode(error);
    // Nothing of it is left; or, on macOS, only zombies are.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
