import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import type { StarterCommand, StarterReport } from '../fixtures/starter.ts';

const PROGRAM = resolve(import.meta.dirname, '../fixtures/starter.ts');

/** A live process that can be told to start as owner. */
export class Starter {
  readonly #child: ChildProcess;
  readonly #reports: StarterReport[] = [];
  #waiting: ((report: StarterReport) => void)[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (report: StarterReport) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#reports.push(report);
      else next(report);
    });
  }

  static async spawn(): Promise<Starter> {
    const starter = new Starter(
      fork(PROGRAM, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    );
    await starter.report();
    return starter;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The next thing that it says; rejects after a time that is generous on any machine. */
  report(timeout = 60_000): Promise<StarterReport> {
    const next = this.#reports.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve, reject) => {
      const waiter = (report: StarterReport): void => {
        clearTimeout(timer);
        resolve(report);
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        reject(new Error(`starter ${this.pid} said nothing for ${timeout} ms`));
      }, timeout);
      this.#waiting.push(waiter);
    });
  }

  /** Tells it to start at an instant of the monotonic clock (nanoseconds); resolves to what came of it. */
  start(
    home: string,
    at: bigint = process.hrtime.bigint(),
    markers = `${home}.markers`,
  ): Promise<StarterReport> {
    this.#tell({ kind: 'start', home, at: String(at), markers });
    return this.report();
  }

  async release(): Promise<void> {
    this.#tell({ kind: 'release' });
    let report = await this.report();
    while (report.kind !== 'released') report = await this.report();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Kills it and waits until the system has taken it away. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #tell(command: StarterCommand): void {
    this.#child.send(command);
  }
}

/** Spawns many, a few at a time so that a small machine gets them ready soonest. */
export async function spawnStarters(count: number): Promise<Starter[]> {
  const starters: Starter[] = [];
  while (starters.length < count) {
    const batch = Math.min(4, count - starters.length);
    starters.push(...(await Promise.all(Array.from({ length: batch }, () => Starter.spawn()))));
  }
  return starters;
}
