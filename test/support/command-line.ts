import { execFileSync, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type Owner, readOwner } from '../../main/daemon/lock/owner.ts';
import { processPlatform } from '../../main/daemon/process/platform.ts';

/** The built command line, as people run it. */
export const CLI = resolve(import.meta.dirname, '../../out/cli.cjs');

export interface CommandOutput {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The runtime; by default the one that runs the tests. */
  readonly node?: string;
  /** The command line; by default the built one of this repository. */
  readonly program?: string;
  /** Limits against hanging, in milliseconds. */
  readonly timeout?: number;
}

/** Runs a program to its end. Rejects only if it hangs. */
export function run(
  file: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutput> {
  const { environment, cwd, timeout = 60_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${file} ${words.join(' ')} hung; it had said: ${stdout}${stderr}`));
    }, timeout);
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout, stderr });
    });
  });
}

/** Runs `soloist` for a home. */
export function soloist(
  home: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutput> {
  const environment = { SOLOIST_HOME: home, SOLOIST_CONFIG: '', ...options.environment };
  return run(options.node ?? process.execPath, [options.program ?? CLI, ...words], {
    ...options,
    environment,
  });
}

/** What has root run a program without the capability to go past permissions, which stop nobody else's program either. */
const WITHOUT_PRIVILEGE = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];

/** Runs `soloist` for a home as somebody whom permissions stop, also where the tests are root's. */
export function soloistWithoutPrivilege(home: string, words: readonly string[]): Promise<CommandOutput> {
  const isRoot = process.getuid?.() === 0;
  const [program = '', ...rest] = [...(isRoot ? WITHOUT_PRIVILEGE : []), process.execPath, CLI, ...words];
  return run(program, rest, { environment: { SOLOIST_HOME: home, SOLOIST_CONFIG: '' } });
}

/** The owner record of a home, whether its owner lives or not. */
export const ownerOf = (home: string): Owner | undefined => readOwner(join(home, 'daemon.owner.json'));

/** Kills the owner of a home, if one is recorded, without any chance to clean up. */
export function killOwner(home: string): void {
  const owner = ownerOf(home);
  if (owner === undefined || owner.endedAt !== null) return;
  try {
    process.kill(owner.pid, 'SIGKILL');
  } catch {
    // It was dead already.
  }
}

/** PIDs of all processes that have a text in their command line, found without any PID file. */
export async function processesNaming(text: string): Promise<number[]> {
  const processes = await processPlatform().list();
  return processes.filter(({ command }) => command.includes(text)).map(({ pid }) => pid);
}

/** Whether a process with this PID lives; a zombie does not. */
export const isRunning = async (pid: number): Promise<boolean> =>
  (await processPlatform().started(pid)) !== undefined;

/** What `ps` prints of one process for a column, such as `rss` or `state`. */
export const psColumn = (pid: number, column: string): string =>
  execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();

/** Waits until something holds; rejects after a time that is generous on any machine. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeout = 30_000,
): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
