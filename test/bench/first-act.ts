import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../support/temporary.ts';

/** The first act of a job's process. */
export interface FirstAct {
  readonly job: string;
  /** Epoch milliseconds, with fractions. */
  readonly atMs: number;
}

/** A job's command that records its first act in a file. */
export type RecordingCommand = (file: string, job: string) => readonly string[];

const SHELL_TEXT = 'echo "$2 $(date +%s%N)" >> "$1"';

/**
 * The smallest program that records when its first act was, compiled if there is a C compiler; else a shell with GNU date,
 * which is some milliseconds slower, for all alike. Returns with it how it is called in what is printed.
 */
export function recordingCommand(): { readonly command: RecordingCommand; readonly words: string } {
  const program = join(temporaryFolder(), 'first-act');
  const source = resolve(import.meta.dirname, 'first-act.c');
  if (spawnSync('cc', ['-O2', '-o', program, source]).status === 0)
    return { command: (file, job) => [program, file, job], words: 'a C program' };
  return {
    command: (file, job) => ['/bin/sh', '-c', SHELL_TEXT, 'sh', file, job],
    words: 'sh and date, as there is no C compiler',
  };
}

/** What was recorded in a file. */
export function firstActs(file: string): FirstAct[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [job = '', nanoseconds = ''] = line.split(' ');
    return { job, atMs: Number(nanoseconds) / 1e6 };
  });
}
