import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { askAt, NoAnswerError } from '../control/client.ts';
import { appTable } from '../control/single-app-calls.ts';
import { SoloistError } from '../daemon/errors.ts';
import { sandboxWords } from '../daemon/executable.ts';
import { prepareHome } from '../daemon/home.ts';
import { isOwnerAlive } from '../daemon/lock/instance-lock.ts';
import { type Owner, readOwner } from '../daemon/lock/owner.ts';
import { recordPath } from '../daemon/lock/paths.ts';
import { MARK_VARIABLE } from '../daemon/run/mark.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { GlobalOptions } from './context.ts';
import { openErrorFile } from './error-file.ts';

/** How long the app may take until it can be spoken to, in milliseconds. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/** The exit code of a process, or the signal that ended it. */
type Ended = readonly [number | null, NodeJS.Signals | null];

/** `soloist app`: opens the menu-bar app of this installation, and returns when it runs. One that runs shows itself. */
export async function app(context: CommandContext, options: GlobalOptions): Promise<CommandResult> {
  const command = context.installation.app();
  if ('reason' in command) throw cannot(command.reason, "'soloist up' starts the daemon without the app.");
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw cannot(
      'There is no display here to show it on (neither DISPLAY nor WAYLAND_DISPLAY is set).',
      "'soloist up' starts the daemon without it.",
    );
  const home = prepareHome(context.home);
  const before = await runningApp(home);
  const errors = openErrorFile(home, 'app-stderr.log');
  const { file } = errors;
  const [program, ...words] = command;
  // An app that a job opens is not a part of that job's run; and it is no Node, whatever the terminal is made of.
  const { [MARK_VARIABLE]: _, ELECTRON_RUN_AS_NODE: __, ...environment } = process.env;
  try {
    const child = spawn(program, [...words, ...sandboxWords(), ...homeWords(context, options)], {
      detached: true,
      cwd: home,
      stdio: ['ignore', file, file],
      env: environment,
    });
    const ended = once(child, 'close').then(([exitCode, signal]): Ended => [exitCode, signal]);
    const result = await (before === undefined ? opened(home, ended) : ended);
    child.unref();
    if (result === 'late')
      throw cannot(
        `It did not answer within ${PATIENCE_MS / 1_000} s.`,
        `Its log may say why: ${home}/logs.`,
      );
    if ('pid' in result)
      return {
        exitCode: 0,
        text: `Soloist is in the menu bar (PID ${result.pid}).`,
        data: { pid: result.pid, shown: false },
      };
    if (result[0] === 0)
      return {
        exitCode: 0,
        text: `Soloist was running already (PID ${before?.pid}), and shows itself.`,
        data: { pid: before?.pid ?? null, shown: true },
      };
    throw cannot(
      `It ended while it was starting (${result[1] ?? `exit code ${result[0]}`}). ${errors.since()}`.trim(),
      `Its log is in ${home}/logs.`,
    );
  } finally {
    if (file !== 'ignore') closeSync(file);
  }
}

/** The app that holds the home and can be spoken to. */
async function runningApp(home: string): Promise<Owner | undefined> {
  const owner = readOwner(recordPath(home, 'app'));
  if (owner === undefined || owner.endedAt !== null || !existsSync(owner.socket)) return undefined;
  return (await isOwnerAlive(owner)) ? owner : undefined;
}

/** Waits until an app has its icon; resolves to false if it ended before. */
async function isShown({ socket }: Owner, patience: number): Promise<boolean> {
  try {
    await askAt(socket, appTable.shown, Math.max(1, patience));
    return true;
  } catch (error) {
    if (error instanceof NoAnswerError) return false;
    // Of a version that cannot be asked.
    return true;
  }
}

/**
 * Resolves to the app when it runs. What was started may end well before that: macOS opens the app by itself, and another launch
 * may be faster. If it ends badly, resolves to how.
 */
async function opened(home: string, ended: Promise<Ended>): Promise<Owner | Ended | 'late'> {
  let bad: Promise<Ended> | undefined;
  ended.then(
    ([exitCode]) => {
      if (exitCode !== 0) bad = ended;
    },
    () => {
      bad = ended;
    },
  );
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const owner = await runningApp(home);
    if (owner !== undefined && (await isShown(owner, until - performance.now()))) return owner;
    if (bad !== undefined) return bad;
    await sleep(LOOK_MS);
  }
  return 'late';
}

const homeWords = ({ home, configuration }: CommandContext, options: GlobalOptions): string[] => [
  ...(options.home === undefined && !process.env.SOLOIST_HOME ? [] : ['--home', home]),
  ...(options.config === undefined && !process.env.SOLOIST_CONFIG ? [] : ['--config', configuration]),
];

const cannot = (reason: string, hint: string): SoloistError =>
  new SoloistError({
    code: 'app-cannot-start',
    message: `The menu-bar app cannot be opened. ${reason}`,
    hint,
  });
