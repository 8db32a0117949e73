import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { NODE_FLAGS } from '../../main/node-flags.ts';
import { version } from '../../main/version.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { endWithBench } from './leftovers.ts';
import { supervisordAnswers, supervisordConfiguration } from './peers/supervisord.ts';

export interface BenchJob {
  readonly name: string;
  /** A cron pattern of six fields, on this computer's clocks. */
  readonly pattern: string;
  /** A text for a shell, or a program and its words. */
  readonly command: string | readonly string[];
}

/** Soloist, or what people use instead. */
export interface Contender {
  readonly name: string;
  /** Undefined if it is not installed. */
  readonly version: string | undefined;
  readonly install: string;
  /** Whether it starts anything by the clock. */
  readonly hasSchedule: boolean;
  /** Writes what it reads into a folder, and tells how it is started there. */
  prepare(folder: string, jobs: readonly BenchJob[]): Launch;
}

interface Launch {
  readonly file: string;
  readonly words: readonly string[];
  /** Resolves when it answers; by default that is the first word on descriptor 3. */
  answers?(): Promise<void>;
}

export interface Started {
  readonly pid: number;
  /** From its spawn until it answered. */
  readonly startMs: number;
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>;
}

const peer = (file: string): string => resolve(import.meta.dirname, 'peers', file);
const PYTHON = '/usr/bin/python3';

function written(folder: string, jobs: readonly BenchJob[]): string {
  const path = join(folder, 'jobs.json');
  writeFileSync(path, JSON.stringify(jobs));
  return path;
}

function soloistConfiguration(jobs: readonly BenchJob[]): string {
  const texts = jobs.map(
    ({ name, pattern, command }) =>
      `  ${name}:\n    run: ${JSON.stringify(command)}\n    schedule: ${JSON.stringify(pattern)}\n`,
  );
  return `max_concurrent: 200\njobs:\n${texts.join('')}`;
}

function nodeCronVersion(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve('node-cron');
    return JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** What a command prints, or undefined if there is none of that name or it fails. */
function printed(file: string, words: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(file, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

export const soloist: Contender = {
  name: 'Soloist',
  version,
  install: 'npm run build',
  hasSchedule: true,
  prepare(folder, jobs) {
    const configuration = join(folder, 'soloist.yaml');
    writeFileSync(configuration, soloistConfiguration(jobs));
    const headless = resolve(import.meta.dirname, '../../out/headless.cjs');
    const words = ['--home', join(folder, 'home'), '--config', configuration, '--report'];
    return { file: process.execPath, words: [...NODE_FLAGS, headless, ...words] };
  },
};

/** All that are measured beside each other, Soloist first. */
export const contenders: readonly Contender[] = [
  soloist,
  {
    name: 'node-cron',
    version: nodeCronVersion(),
    install: 'npm ci',
    hasSchedule: true,
    prepare: (folder, jobs) => ({
      file: process.execPath,
      words: [peer('node-cron.cjs'), written(folder, jobs)],
    }),
  },
  {
    name: 'APScheduler',
    version: printed(PYTHON, ['-c', 'import apscheduler; print(apscheduler.version)']),
    install: 'apt-get install python3-apscheduler',
    hasSchedule: true,
    prepare: (folder, jobs) => ({ file: PYTHON, words: [peer('apscheduler.py'), written(folder, jobs)] }),
  },
  {
    name: 'supervisord',
    version: printed('supervisord', ['--version']),
    install: 'apt-get install supervisor',
    hasSchedule: false,
    prepare: (folder, jobs) => ({
      file: 'supervisord',
      words: ['-c', supervisordConfiguration(folder, jobs)],
      answers: () => supervisordAnswers(folder),
    }),
  },
];

/** Those of them that can do it here; a line is printed for each of the others, saying why it is left out. */
export function ableContenders(what: string, needsSchedule: boolean): readonly Contender[] {
  return contenders.filter((contender) => {
    const reason = needsSchedule && !contender.hasSchedule ? 'not applicable: it has no schedule' : undefined;
    const missing = contender.version === undefined ? `not installed: ${contender.install}` : undefined;
    const why = reason ?? missing;
    if (why !== undefined) console.log(`${`${what}, ${contender.name}`.padEnd(52)}   ${why}`);
    return why === undefined;
  });
}

/** Starts one in a new folder. Rejects, with what it printed, if it ends before it answers. */
export async function startContender(contender: Contender, jobs: readonly BenchJob[]): Promise<Started> {
  const folder = temporaryFolder();
  const launch = contender.prepare(folder, jobs);
  const errorFile = join(folder, 'errors');
  const errors = openSync(errorFile, 'a');
  const before = performance.now();
  const child = spawn(launch.file, launch.words, { cwd: folder, stdio: ['ignore', errors, errors, 'pipe'] });
  endWithBench(child);
  closeSync(errors);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const diedEarly = ended.then(() => {
    throw new Error(`${contender.name} ended at its start: ${readFileSync(errorFile, 'utf8')}`);
  });
  diedEarly.catch(() => {});
  await Promise.race([launch.answers?.() ?? firstWord(child), diedEarly]);
  const startMs = performance.now() - before;
  return {
    pid: child.pid ?? 0,
    startMs,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function firstWord(child: ChildProcess): Promise<void> {
  const pipe = child.stdio[3] as Readable;
  return new Promise((resolve) => {
    pipe.once('data', () => resolve());
    pipe.resume();
  });
}
