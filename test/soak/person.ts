import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { sandbox } from '../packaged/package.ts';
import { type CommandOutput, run } from '../support/command-line.ts';
import {
  guarded,
  type Pace,
  picturesFolder,
  sleeper,
  soakConfiguration,
  vaultFolder,
  watchedFolder,
  witnessFolder,
} from './jobs.ts';

/** A computer account on which Soloist was never started, with a soak's configuration in it. */
export class Person {
  readonly user: string;
  readonly home: string;
  readonly configurationFile: string;
  /** Temporary files of the app and its runs. */
  readonly temporary: string;
  readonly #program: string;
  #app: ChildProcess | undefined;

  /** @param user an empty folder */
  constructor(program: string, user: string, pace: Pace) {
    this.#program = program;
    this.user = user;
    this.home = join(user, '.local/state/soloist');
    this.configurationFile = join(user, '.config/soloist/soloist.yaml');
    this.temporary = join(user, 'tmp');
    const place = { user };
    const folders = [
      ...[sleeper(place), guarded(place), this.configurationFile].map((file) => join(file, '..')),
      ...[this.temporary, witnessFolder(place), picturesFolder(place), vaultFolder(place)],
      ...['new', 'changed', 'deep'].map((name) => watchedFolder(place, name)),
    ];
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    for (const link of [sleeper(place), guarded(place)]) symlinkSync(programOnPath('sleep'), link);
    writeFileSync(join(user, 'input'), 'a line\n'.repeat(1_000));
    writeFileSync(join(user, 'variables'), 'FROM_FILE=a value\n');
    writeFileSync(this.configurationFile, stringify(soakConfiguration(place, pace)));
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      HOME: this.user,
      TMPDIR: this.temporary,
      XDG_STATE_HOME: '',
      XDG_CONFIG_HOME: '',
      XDG_CACHE_HOME: '',
      XDG_DATA_HOME: '',
      SOLOIST_HOME: undefined,
      SOLOIST_CONFIG: undefined,
    };
  }

  /** Starts the app as a login does. */
  start(): { readonly pid: number; readonly ended: Promise<number | null> } {
    const app = spawn(this.#program, [...sandbox, '--hidden'], {
      stdio: 'ignore',
      env: { ...process.env, ...this.#environment },
    });
    this.#app = app;
    const ended = new Promise<number | null>((resolve) => app.once('close', resolve));
    return { pid: app.pid ?? 0, ended };
  }

  signal(signal: NodeJS.Signals): void {
    this.#app?.kill(signal);
  }

  get isRunning(): boolean {
    return this.#app !== undefined && this.#app.exitCode === null && this.#app.signalCode === null;
  }

  /** Launches the app a second time, which shows the first one. */
  show(): Promise<CommandOutput> {
    return run(this.#program, [...sandbox], { environment: this.#environment });
  }

  command(...words: readonly string[]): Promise<CommandOutput> {
    const environment = { ...this.#environment, DISPLAY: undefined, WAYLAND_DISPLAY: undefined };
    return run(this.#program, [...sandbox, '--cli', ...words], { environment });
  }

  remove(): void {
    rmSync(this.user, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** How many files there are below a folder, and their bytes. */
export function sizeOf(folder: string): { readonly files: number; readonly bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const status = statSync(join(folder, name), { throwIfNoEntry: false });
    if (status?.isFile() !== true) continue;
    files += 1;
    bytes += status.size;
  }
  return { files, bytes };
}

function programOnPath(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders
    .map((folder) => join(folder, name))
    .find((file) => statSync(file, { throwIfNoEntry: false }));
  if (found === undefined) throw new Error(`there is no ${name} on the PATH`);
  return found;
}
