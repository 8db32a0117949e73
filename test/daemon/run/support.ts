import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listMac } from '../../../main/daemon/process/platform.ts';
import type {
  ActiveRun,
  RunEnd,
  RunEvent,
  RunRequest,
  RunTools,
} from '../../../main/daemon/run/active-run.ts';
import type { Command } from '../../../main/daemon/run/command.ts';
import { runMark } from '../../../main/daemon/run/mark.ts';
import { readOutput, showOutput } from '../../../main/daemon/run/output-read.ts';
import { createOutputPipes } from '../../../main/daemon/run/pipes.ts';
import { shareLooks, systemLook } from '../../../main/daemon/run/processes.ts';
import { beginRun, prepareRun } from '../../../main/daemon/run/run.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** The grace that tests give, in milliseconds. */
export const GRACE_MS = 300;

/**
 * What a test's processes are known by, so that they can be counted and removed whatever the code under test
 * thinks of them: digits, for `sleep 60.DIGITS` is visible too where the environment was cleared.
 */
export function newToken(): string {
  return `60.${randomInt(1e9, 1e10)}`;
}

/** The living processes, not this one, that carry the token in their environment or command line. */
export async function processesWith(
  token: string,
): Promise<{ readonly pid: number; readonly command: string }[]> {
  if (process.platform === 'darwin')
    return (await listMac(['-E'])).filter((one) => one.command.includes(token) && one.pid !== process.pid);
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const carries =
        command.includes(token) || readFileSync(`/proc/${pid}/environ`, 'latin1').includes(token);
      return carries ? [{ pid, command }] : [];
    } catch {
      // It has ended.
      return [];
    }
  });
}

/** Ends all that is left of a test, for `afterEach`. */
export async function killAllWith(token: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const found = await processesWith(token);
    if (found.length === 0) return;
    for (const { pid } of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It was quicker.
      }
    }
    await sleep(10);
  }
  throw new Error(`processes of a test could not be ended: ${JSON.stringify(await processesWith(token))}`);
}

/** Waits for something to become true, for ten seconds at most. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`ten seconds have passed, and still not: ${what}`);
    await sleep(5);
  }
}

/** Shell text that runs `command` in a session of its own, without a parent, as a daemon does. */
export function forkedAway(command: string): string {
  const program = `require('child_process').spawn('/bin/sh', ['-c', process.argv[1]], { detached: true, stdio: 'ignore' }).unref()`;
  return `${JSON.stringify(process.execPath)} -e ${JSON.stringify(program)} ${JSON.stringify(command)}`;
}

export function shellText(text: string, ...words: string[]): Command {
  return { kind: 'shell', text, shell: '/bin/sh', arguments: words };
}

/** A run of a test, and all that was told of it. */
export interface TestRun {
  readonly run: ActiveRun;
  readonly mark: string;
  readonly file: string;
  readonly events: readonly RunEvent[];
  /** What it has written so far, as text. */
  written(): string;
  /** The whole output as it is kept, cuts told. */
  output(): Promise<string>;
  ended(): Promise<RunEnd>;
}

/** Starts runs in a folder of its own, and cleans up after them. */
export class Playground {
  readonly token = newToken();
  readonly folder = temporaryFolder();
  #tools: Promise<RunTools> | undefined;
  #count = 0;

  tools(): Promise<RunTools> {
    this.#tools ??= createOutputPipes(join(this.folder, 'pipes')).then((pipes) => ({
      pipes,
      look: shareLooks(systemLook()),
    }));
    return this.#tools;
  }

  /** The request for a run, and where its output will be. */
  request(command: Command, changes: Partial<RunRequest> = {}): RunRequest {
    const id = String(++this.#count).padStart(8, '0');
    return {
      mark: runMark(this.folder, id),
      command,
      cwd: this.folder,
      environment: { PATH: process.env.PATH ?? '/usr/bin:/bin', TOKEN: this.token },
      input: { kind: 'none' },
      graceMs: GRACE_MS,
      orphans: 'end',
      output: { file: join(this.folder, `${id}.log`), limit: 10_000_000, streams: 'together' },
      timeLimitMs: undefined,
      successCodes: [0],
      observe: () => {},
      ...changes,
    };
  }

  async start(command: Command | string, changes: Partial<RunRequest> = {}): Promise<TestRun> {
    const events: RunEvent[] = [];
    const text: string[] = [];
    const decoder = new TextDecoder();
    const request = this.request(typeof command === 'string' ? shellText(command) : command, {
      observe(event) {
        events.push(event);
        if (event.kind === 'output') text.push(decoder.decode(event.bytes, { stream: true }));
      },
      ...changes,
    });
    const run = await beginRun(await prepareRun(request, await this.tools()), () => {});
    const { file } = request.output;
    return {
      run,
      mark: request.mark,
      file,
      events,
      written: () => text.join(''),
      output: async () => String(await showOutput(readOutput(file))),
      ended: () => run.ended,
    };
  }

  /** What is alive of all that was started here, guards included. */
  alive(): Promise<{ readonly pid: number; readonly command: string }[]> {
    return processesWith(this.token);
  }

  async close(): Promise<void> {
    await killAllWith(this.token);
    await (await this.#tools)?.pipes.close();
    this.#tools = undefined;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
