import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import type { App } from 'electron';
import { commandLine } from '../cli/command-line.ts';
import type { Mode } from '../daemon/executable.ts';
import type { CommandWords } from '../installation.ts';
import { electronInstallation } from './installation.ts';

type WithoutWindows = Exclude<Mode, { kind: 'app' }>;

/** Is the command line, or the daemon of the command line, in the app's executable; ends the process with its exit code. */
export async function withoutWindows(mode: WithoutWindows, app: App): Promise<void> {
  const { kind, words } = mode;
  const installation = electronInstallation(app);
  // In Electron, process.exit() returns, and the process ends a moment later: nothing may follow it.
  // Somebody typed `Soloist --cli status` himself.
  if (!mode.isReady)
    return process.exit(again([...(kind === 'cli' ? installation.tool : installation.daemon), ...words]));
  app.dock?.hide();
  await app.whenReady();
  if (kind === 'daemon') {
    const { headlessProgram } = await import('../headless-program.ts');
    return process.exit(await headlessProgram(words, installation));
  }
  endOnSignals();
  process.exit(await commandLine(words, installation));
}

/** As any command does that does not listen; Electron would end with exit code 0, as if all had been well. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
}

/** Runs a command in this process's place, as far as that goes; returns its exit code as a shell would tell it. */
function again([file, ...words]: CommandWords): number {
  const { status, signal, error } = spawnSync(file, words, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 128 + constants.signals[signal ?? 'SIGKILL'];
}
