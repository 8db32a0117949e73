import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach } from 'vitest';
import { ownProcesses } from '../../main/daemon/process/details.ts';
import type { ProcessEntry } from '../../main/daemon/process/platform.ts';
import { eventually } from './command-line.ts';

const PROGRAM = resolve(import.meta.dirname, '../fixtures/copied-daemon.sh');

let made = 0;
const scenes: Copies[] = [];

afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.killAll()));
});

/** Copies of a daemon that somebody starts by hand; those that are left are killed at the end of the test. */
export class Copies {
  /** What the command lines of all of them begin with. */
  readonly match: string;
  readonly #token: string;
  readonly #children: ChildProcess[] = [];

  constructor() {
    made += 1;
    this.#token = `copies-${process.pid}-${made}.`;
    this.match = `${PROGRAM} ${this.#token}`;
    scenes.push(this);
  }

  /** Starts one, apart from the test as a terminal would; resolves to its PID when it does what the words say. */
  async start(...words: ('worker' | 'deaf')[]): Promise<number> {
    const child = spawn('/bin/sh', [PROGRAM, this.#token, ...words], { detached: true, stdio: 'ignore' });
    this.#children.push(child);
    await once(child, 'spawn');
    const { pid = 0 } = child;
    // It has done what its words say once it and its worker sleep.
    const sleepers = words.includes('worker') ? 2 : 1;
    await eventually(`copy ${pid} is ready`, async () => {
      const group = (await ownProcesses()).filter((entry) => entry.group === pid);
      return group.filter(({ command }) => command === 'sleep 600').length === sleepers;
    });
    return pid;
  }

  /** Starts some one after the other; returns their PIDs in that order. */
  async startMany(wanted: readonly (readonly ('worker' | 'deaf')[])[]): Promise<number[]> {
    const pids: number[] = [];
    for (const words of wanted) pids.push(await this.start(...words));
    return pids;
  }

  /** Starts some from one shell, which has their command lines in its own; returns its PID and theirs, in order. */
  async startWrapped(count: number): Promise<number[]> {
    const text = `${Array.from({ length: count }, () => `/bin/sh ${this.match} &`).join(' ')} wait`;
    const child = spawn('/bin/sh', ['-c', text], { detached: true, stdio: 'ignore' });
    this.#children.push(child);
    await once(child, 'spawn');
    const { pid = 0 } = child;
    const group = async () => (await ownProcesses()).filter((entry) => entry.group === pid);
    await eventually('they are ready', async () => {
      return (await group()).filter(({ command }) => command === 'sleep 600').length === count;
    });
    return [pid, ...(await group()).filter(({ parent }) => parent === pid).map((entry) => entry.pid)];
  }

  /** Those that live, and what they have forked. */
  async living(): Promise<readonly ProcessEntry[]> {
    return (await ownProcesses()).filter(({ command }) => command.includes(this.#token));
  }

  async killAll(): Promise<void> {
    const roots = this.#children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const gone = roots.map((child) => once(child, 'exit'));
    // Each was made the leader of a group.
    const groups = new Set(this.#children.map(({ pid }) => pid));
    for (const { pid, group } of await ownProcesses()) if (groups.has(group)) kill(pid);
    await Promise.all(gone);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
