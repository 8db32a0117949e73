import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SoloistError, systemErrorCode } from '../errors.ts';

const execute = promisify(execFile);

/** One pipe from a run to the daemon. */
export interface OutputPipe {
  /** What was written, as a stream that ends when the last writer has closed it. */
  readonly reader: Socket;
  /** For the run's standard output or error. Open until `closeWriter`. */
  readonly writer: number;
  /** Once the run has the writer; without this the reader never ends. */
  closeWriter(): void;
  /** Stops reading, and keeps the pipe for another run if its last writer has closed it. */
  close(): Promise<void>;
}

/** Gives out pipes for the output of runs. */
export interface OutputPipes {
  take(): Promise<OutputPipe>;
  /** Removes what it made. Pipes that are out go on working. */
  close(): Promise<void>;
}

const FOLDER_PREFIX = 'pipes-';
const BATCH = 8;

/**
 * Makes pipes in a folder of their own under `directory`, and removes the folders of daemons before this one.
 *
 * They are named pipes, because Node has no others to give: what it calls a pipe is a socket, and on Linux a
 * job that writes to /dev/stdout or /dev/stderr cannot open a socket. A name is used again after all its
 * writers have closed it, so that mkfifo(1) is run once for eight pipes, not once for a run.
 *
 * @param directory must be the daemon's alone
 */
export async function createOutputPipes(directory: string): Promise<OutputPipes> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Tried again: a daemon that has yet to find that it is the owner no more may put a pipe into its folder meanwhile.
  const removal = { recursive: true, force: true, maxRetries: 5 };
  for (const name of await readdir(directory))
    if (name.startsWith(FOLDER_PREFIX)) await rm(join(directory, name), removal);
  return new NamedPipes(await mkdtemp(join(directory, FOLDER_PREFIX)));
}

class NamedPipes implements OutputPipes {
  readonly #folder: string;
  readonly #free: string[] = [];
  #making: Promise<void> | undefined;
  #made = 0;
  #names = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async take(): Promise<OutputPipe> {
    for (;;) {
      const path = this.#free.pop();
      if (path === undefined) {
        this.#making ??= this.#make(Math.max(BATCH, this.#made)).finally(() => {
          this.#making = undefined;
        });
        await this.#making;
        continue;
      }
      try {
        return new NamedPipe(path, (path) => this.#free.push(path));
      } catch (error) {
        // Somebody has deleted it; others are made in its place.
        if (systemErrorCode(error) !== 'ENOENT') throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#making;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #make(count: number): Promise<void> {
    const paths = Array.from({ length: count }, () => join(this.#folder, String(++this.#names)));
    try {
      // The folder may have been deleted.
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await execute('mkfifo', ['-m', '600', ...paths]);
    } catch (error) {
      throw new SoloistError(
        {
          code: 'pipes_unavailable',
          message: `No pipe for the output of a run can be made in ${this.#folder}: ${String(error)}`,
          hint: 'Put the home on a local file system.',
        },
        { cause: error },
      );
    }
    // Counted only now: were those counted that could not be made, each try would be for twice as many.
    this.#made += count;
    this.#free.push(...paths);
  }
}

class NamedPipe implements OutputPipe {
  readonly reader: Socket;
  readonly writer: number;
  readonly #path: string;
  readonly #giveBack: (path: string) => void;
  #isWriterOpen = true;
  #hasEnded = false;

  constructor(path: string, giveBack: (path: string) => void) {
    // The reading end comes first and does not wait; with it there, the writing end does not wait either.
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      this.writer = openSync(path, constants.O_WRONLY);
    } catch (error) {
      closeSync(reading);
      throw error;
    }
    this.reader = new Socket({ fd: reading, readable: true, writable: false });
    this.reader.once('end', () => {
      this.#hasEnded = true;
    });
    this.#path = path;
    this.#giveBack = giveBack;
  }

  closeWriter(): void {
    if (this.#isWriterOpen) closeSync(this.writer);
    this.#isWriterOpen = false;
  }

  async close(): Promise<void> {
    this.closeWriter();
    this.reader.destroy();
    if (this.#hasEnded) this.#giveBack(this.#path);
    else await rm(this.#path, { force: true });
  }
}
