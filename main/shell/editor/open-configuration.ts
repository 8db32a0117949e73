import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { shell } from 'electron';
import type { Logger } from 'pino';
import { SoloistError } from '../../daemon/errors.ts';
import { findCommand } from '../../tool/find-command.ts';
import { type EditorCommand, editorCommand } from './editors.ts';

export interface OpenOptions {
  /** Absolute. */
  readonly path: string;
  readonly home: string;
  /** From 1. */
  readonly line: number | undefined;
  readonly logger: Logger;
}

/**
 * Opens the configuration in the person's editor, at the line where the editor can; writes a first one if there is none.
 * Throws a `SoloistError` if nothing opens it.
 */
export async function openConfiguration(options: OpenOptions): Promise<void> {
  const { path, home, line, logger } = options;
  // Loaded only now: a tray that is never clicked does without them.
  const [{ writeSchema, writeStarter }, { askLoginShell }] = await Promise.all([
    import('../../daemon/config/write-starter.ts'),
    import('../../daemon/jobs/run-environment.ts'),
  ]);
  if (existsSync(path)) writeSchema(home);
  else writeStarter(path, home);

  // What a desktop starts has a bare PATH, and no EDITOR.
  const { variables: environment } = await askLoginShell();
  const command = editorCommand(environment, (name) => findCommand(name, environment), path, line ?? 1);
  if (command !== undefined && (await begin(command, environment, logger))) return;
  const problem = await shell.openPath(path);
  if (problem !== '')
    throw new SoloistError({
      code: 'editor-failed',
      message: `Nothing could open ${path}: ${problem}.`,
      hint: "Name an editor with VISUAL or EDITOR, or open the file yourself; 'soloist config check' checks it.",
    });
}

/** Starts a program that lives on without this one; whether it could be started. */
function begin(
  { command, arguments: words }: EditorCommand,
  env: NodeJS.ProcessEnv,
  logger: Logger,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, words, {
      env,
      detached: true,
      stdio: 'ignore',
      // The commands of editors are scripts there.
      shell: process.platform === 'win32',
    });
    child.once('error', (error) => {
      logger.warn({ err: error, command }, 'the editor could not be started');
      resolve(false);
    });
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
