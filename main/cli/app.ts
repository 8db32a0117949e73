import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SoloistError } from '../daemon/errors.ts';
import { prepareHome } from '../daemon/home.ts';
import { readOwner } from '../daemon/lock/owner.ts';
import { recordPath } from '../daemon/lock/paths.ts';
import { MARK_VARIABLE } from '../daemon/run/mark.ts';
import type { CommandContext, CommandResult } from './command.ts';
import type { GlobalOptions } from './context.ts';
import { openErrorFile } from './error-file.ts';

/** How long the app may take until it can be spoken to, in milliseconds. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

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
    const over = new AbortController();
    const ended = once(child, 'close') as Promise<[number | null]>;
    const result = await Promise.race([ended, running(home, child.pid, over.signal)]);
    over.abort();
    child.unref();
    if (result === 'late')
      throw cannot(
        `It did not answer within ${PATIENCE_MS / 1_000} s.`,
        `Its log may say why: ${home}/logs.`,
      );
    if (result === 'running')
      return {
        exitCode: 0,
        text: `Soloist is in the menu bar (PID ${child.pid}).`,
        data: { pid: child.pid, shown: false },
      };
    if (result[0] === 0)
      return {
        exitCode: 0,
        text: 'Soloist was running already, and shows itself.',
        data: { pid: null, shown: true },
      };
    throw cannot(
      `It ended while it was starting (exit code ${result[0]}). ${errors.since()}`.trim(),
      `Its log is in ${home}/logs.`,
    );
  } finally {
    if (file !== 'ignore') closeSync(file);
  }
}

async function running(
  home: string,
  pid: number | undefined,
  over: AbortSignal,
): Promise<'running' | 'late'> {
  const until = performance.now() + PATIENCE_MS;
  while (!over.aborted && performance.now() < until) {
    const owner = readOwner(recordPath(home, 'app'));
    if (owner?.pid === pid && owner?.endedAt === null && existsSync(owner.socket)) return 'running';
    await sleep(LOOK_MS);
  }
  return 'late';
}

/** Chromium's sandbox does not work for root on Linux. */
const sandboxWords = (): string[] =>
  process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

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
