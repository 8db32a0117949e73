import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { SoloistError } from '../errors.ts';
import type { RunProcess } from '../history/run.ts';
import { identifyProcess } from '../process/identity.ts';
import { type Command, checkCommand, wordsWithOddNames } from './command.ts';
import { ENDED, GO, guardArguments, type Orphans } from './guard.ts';
import { type Input, openInput } from './input.ts';
import { MARK_VARIABLE } from './mark.ts';
import { signalGroup } from './signals.ts';
import { jobsUnsupported } from './unsupported.ts';

/** How a process ended, as the kernel told it. */
export type Exit =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

export interface LaunchRequest {
  /** From `runMark`; put into the environment of the run. */
  readonly mark: string;
  readonly command: Command;
  /** Absolute path. */
  readonly cwd: string;
  /** The whole environment of the run; nothing is added but PWD and the mark. */
  readonly environment: Readonly<Record<string, string>>;
  readonly input: Input;
  /** Open descriptors for standard output and standard error; they stay the caller's to close. */
  readonly output: { readonly stdout: number; readonly stderr: number };
  /** Between SIGTERM and SIGKILL if the daemon dies, in milliseconds. */
  readonly graceMs: number;
  readonly orphans: Orphans;
}

/** A command that waits at the gate, or has been let through it. */
export interface Launch {
  /** The job's own process: the one that waits is the one that will be the job. Its group has its number. */
  readonly process: RunProcess;
  /** Settles when the job's own process has ended. */
  readonly exited: Promise<Exit>;
  /**
   * Whether the number of the group is certainly still this run's: its first process or its guard is there.
   */
  isGroupHeld(): boolean;
  /** Lets the job begin. */
  go(): void;
  /** Before `go`: ends what waits; the command never ran. */
  abandon(): Promise<void>;
  /**
   * Sends the guard away, once nothing else of the run is left; with SIGKILL if it does not go within a
   * second.
   */
  dismissGuard(): Promise<void>;
  /** Lets the daemon end without waiting for this run. */
  release(): void;
}

/** How long a guard that was told to go may take. */
const GUARD_LEAVES_MS = 1_000;

const SHELL = '/bin/sh';

/**
 * Starts a command up to the gate: in a session and process group of its own, with its PID known, having done
 * nothing yet. Throws a `SoloistError` if it cannot start.
 *
 * @param shell the POSIX shell that becomes the command, for tests
 */
export async function launch(request: LaunchRequest, shell: string = SHELL): Promise<Launch> {
  if (process.platform === 'win32') throw jobsUnsupported();
  const { cwd, environment } = request;
  checkCommand(request.command, { cwd, searchPath: environment.PATH });
  const input = await openInput(request.input);
  try {
    return await spawnAtGate(request, shell, input?.fd ?? 'ignore');
  } finally {
    await input?.close();
  }
}

async function spawnAtGate(request: LaunchRequest, shell: string, stdin: number | 'ignore'): Promise<Launch> {
  const { stdout, stderr } = request.output;
  const words = wordsWithOddNames(request.command, request.environment);
  let child: ChildProcess;
  try {
    child = spawn(shell, guardArguments(shell, words, request), {
      cwd: request.cwd,
      env: { ...request.environment, PWD: request.cwd, [MARK_VARIABLE]: request.mark },
      detached: true,
      stdio: [stdin, stdout, stderr, 'pipe', ...(request.orphans === 'end' ? (['pipe'] as const) : [])],
    });
  } catch (error) {
    throw startFailed(error);
  }
  const { pid } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    for (const stream of child.stdio ?? []) stream?.destroy();
    throw startFailed(error);
  }
  const gate = new Gate(child, pid);
  try {
    return await gate.identified();
  } catch (error) {
    await gate.abandon();
    throw error;
  }
}

/** The error for something that the system would not do to start a run. */
export function startFailed(error: unknown): SoloistError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SoloistError(
    {
      code: 'start_failed',
      message: `The system could not start a process: ${reason}.`,
      hint: 'The usual causes: too many processes or open files, too little memory, a full disk, or a very long command.',
    },
    { cause: error },
  );
}

/** A started process, and the daemon's ends of its pipe and of its guard's. */
class Gate {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #gate: Duplex;
  /** Undefined for a run that has no guard. */
  readonly #guard: Duplex | undefined;
  readonly #guardLeft: Promise<boolean>;

  constructor(child: ChildProcess, pid: number) {
    const [gate, guard] = child.stdio.slice(3).map(asDuplex);
    if (gate === undefined) throw new Error('a launched process has no pipe from its daemon');
    this.pid = pid;
    this.#child = child;
    this.#gate = gate;
    this.#guard = guard;
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal });
      });
    });
    this.#guardLeft = new Promise((resolve) => {
      if (guard === undefined) resolve(true);
      else guard.once('close', () => resolve(true));
    });
    for (const pipe of [gate, ...(guard === undefined ? [] : [guard])]) {
      // A write that fails means that nobody waits on the other side any more; closing says the same.
      pipe.on('error', () => {});
      // Read, though nothing is ever written to it, because only a reader learns that the other side has gone.
      pipe.resume();
    }
  }

  async identified(): Promise<Launch> {
    const identity = await identifyProcess(this.pid);
    if (identity === undefined) throw startFailed(new Error(`PID ${this.pid} ended before it began`));
    return Object.assign(this, { process: { ...identity, group: this.pid } });
  }

  isGroupHeld(): boolean {
    const reaped = this.#child.exitCode !== null || this.#child.signalCode !== null;
    return !reaped || this.#guard?.closed === false;
  }

  go(): void {
    this.#gate.end(GO, () => this.#gate.destroy());
  }

  async abandon(): Promise<void> {
    this.#gate.destroy();
    await Promise.all([this.exited, this.#endGuard('')]);
  }

  dismissGuard(): Promise<void> {
    return this.#endGuard(ENDED);
  }

  /** Closes the guard's pipe, after a last word. */
  async #endGuard(word: string): Promise<void> {
    this.#guard?.end(word);
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, GUARD_LEAVES_MS, false);
    });
    const left = await Promise.race([this.#guardLeft, tooLong]);
    clearTimeout(timer);
    // A job that stopped its group stopped the guard too. The open pipe shows that it still holds the group.
    if (!left) signalGroup(this.pid, 'SIGKILL');
    this.#guard?.destroy();
  }

  release(): void {
    this.#child.unref();
  }
}

function asDuplex(stream: unknown): Duplex {
  if (stream instanceof Duplex) return stream;
  throw new Error('a pipe to a launched process cannot be read and written');
}
