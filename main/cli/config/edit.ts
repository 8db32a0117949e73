import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeSchema, writeStarter } from '../../daemon/config/write-starter.ts';
import { SoloistError } from '../../daemon/errors.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { check } from './check.ts';

/**
 * `soloist config edit`: opens the configuration in the person's editor, and checks it when the editor has ended.
 * Writes a first one if there is none.
 */
export async function edit(context: CommandContext): Promise<CommandResult> {
  const { configuration: path, home } = context;
  // The schema of this version, where an older one wrote its own.
  if (existsSync(path)) writeSchema(home);
  else writeStarter(path, home);
  await open(editorOf(process.env, process.platform), path);
  return check(context, undefined);
}

/** The command of the person's editor, which may have arguments. */
export function editorOf(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return environment.VISUAL || environment.EDITOR || (platform === 'win32' ? 'notepad' : 'vi');
}

/** Resolves when the editor has ended; rejects with a `SoloistError` if that failed. */
async function open(editor: string, path: string): Promise<void> {
  const ended = await new Promise<string | undefined>((resolve) => {
    // Through a shell, since the command may be one with arguments: `code --wait`.
    const child =
      process.platform === 'win32'
        ? spawn(`${editor} "${path}"`, { stdio: 'inherit', shell: true })
        : spawn('/bin/sh', ['-c', `${editor} "$1"`, editor, path], { stdio: 'inherit' });
    // Ctrl-C in the terminal is the editor's, as for git.
    const ignore = (): void => {};
    process.on('SIGINT', ignore);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      process.removeListener('SIGINT', ignore);
      resolve(code === 0 ? undefined : signal === null ? `exit code ${code}` : signal);
    });
  });
  if (ended === undefined) return;
  throw new SoloistError({
    code: 'editor-failed',
    message: `The editor '${editor}' failed (${ended}).`,
    hint: `Name another with VISUAL or EDITOR, or edit ${path} yourself and use 'soloist config check'.`,
  });
}
