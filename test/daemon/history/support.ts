import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { HistoryOptions } from '../../../main/daemon/history/history.ts';

export const options: HistoryOptions = {
  now: () => new Date(),
  onFlushError: (error) => {
    throw error;
  },
};

const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'soloist-history-'));
  folders.push(folder);
  return folder;
}

/** A program as a process of its own. What it prints is complete when `ended` resolves. */
export interface Program {
  readonly child: ChildProcess;
  readonly lines: string[];
  /** Resolves once it has printed this many lines, or has ended. */
  printed(count: number): Promise<void>;
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface ProgramOptions {
  readonly uid?: number;
}

/** Starts `<name>.ts`, as it is named from this folder, with these arguments. What it writes to stderr is shown. */
export function startProgram(
  name: string,
  parameters: readonly string[],
  { uid }: ProgramOptions = {},
): Program {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  children.push(child);
  const lines: string[] = [];
  let rest = '';
  let wake = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    wake();
    return (code ?? signal) as number | NodeJS.Signals;
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const printed = async (count: number): Promise<void> => {
    while (lines.length < count && !hasEnded()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { child, lines, printed, ended };
}
