import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { endRecorded } from '../../../main/daemon/run/end.ts';
import { GUARD_NAME } from '../../../main/daemon/run/guard.ts';
import { systemLook } from '../../../main/daemon/run/processes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import type { Recorded } from './parent.ts';
import { GRACE_MS, killAllWith, newToken, processesWith, until } from './support.ts';

const ROUNDS = Number(process.env.SOLOIST_CRASH_ROUNDS ?? 3);
const RUNS = 20;

/** How long after their grace the last process may still be there, in milliseconds. */
const REMAINDER_MS = 1_000;

const rounds: Round[] = [];

afterEach(async () => {
  for (const round of rounds.splice(0)) await round.close();
});

/** A daemon-like parent with runs in flight, to be killed. */
class Round {
  readonly token = newToken();
  readonly folder = temporaryFolder();
  readonly #parent: ChildProcess;

  constructor() {
    rounds.push(this);
    const program = join(import.meta.dirname, 'parent.ts');
    const words = [program, this.folder, this.token, String(RUNS), String(GRACE_MS)];
    this.#parent = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** What the parent has recorded, up to a last line that it did not finish. */
  recorded(): Recorded[] {
    const file = join(this.folder, 'history');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .flatMap((line) => (line === '' ? [] : JSON.parse(line)));
  }

  /** Waits until every run has begun and come to where it stays: no process has come for a moment. */
  async isInFlight(): Promise<void> {
    await until('all runs are recorded', () => this.recorded().length === RUNS);
    let before = -1;
    await until('all processes are there', async () => {
      const now = (await this.alive()).length;
      const isSettled = now === before && now > RUNS * 2;
      before = now;
      await sleep(50);
      return isSettled;
    });
  }

  async killParent(): Promise<void> {
    const gone = once(this.#parent, 'exit');
    this.#parent.kill('SIGKILL');
    await gone;
  }

  async killGuards(): Promise<number> {
    const guards = (await this.alive()).filter((one) => one.command.includes(`${GUARD_NAME} `));
    for (const guard of guards) process.kill(guard.pid, 'SIGKILL');
    return guards.length;
  }

  async alive(): Promise<{ readonly pid: number; readonly command: string }[]> {
    const all = await processesWith(this.token);
    return all.filter((one) => one.pid !== this.#parent.pid);
  }

  /** Those of its processes that stay for as long as they may. */
  async sleepers(): Promise<number[]> {
    const command = `sleep ${this.token}`;
    return (await this.alive()).flatMap((one) => (one.command === command ? one.pid : []));
  }

  async close(): Promise<void> {
    this.#parent.kill('SIGKILL');
    await killAllWith(this.token);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A number from 0 to 1 that is the same in each run of the tests. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const LONG = { timeout: 60_000 + ROUNDS * 20_000 };

describe(`a daemon that is killed with ${RUNS} runs in flight`, () => {
  it('leaves nothing one second after their grace, with nobody there to help', LONG, async () => {
    let failures = 0;
    let processes = 0;
    for (let index = 0; index < ROUNDS; index++) {
      const round = new Round();
      await round.isInFlight();
      processes += (await round.alive()).length;
      await round.killParent();
      await sleep(GRACE_MS + REMAINDER_MS);
      const left = await round.alive();
      if (left.length > 0) {
        failures++;
        console.log(left);
      }
      await round.close();
    }
    console.log(
      `${ROUNDS} rounds, ${ROUNDS * RUNS} runs, ${processes} processes: ${failures} rounds left something`,
    );
    expect(failures).toBe(0);
  });

  it('leaves nothing either if it is killed while they are starting', LONG, async () => {
    let failures = 0;
    let started = 0;
    const numbers = random(1);
    for (let index = 0; index < ROUNDS; index++) {
      const round = new Round();
      await until('the first run is recorded', () => round.recorded().length > 0);
      await sleep((numbers.next().value ?? 0) * 150);
      await round.killParent();
      started += round.recorded().length;
      await sleep(GRACE_MS + REMAINDER_MS);
      const left = await round.alive();
      if (left.length > 0) {
        failures++;
        console.log(left);
      }
      await round.close();
    }
    console.log(`${ROUNDS} rounds, ${started} runs recorded: ${failures} rounds left something`);
    expect(failures).toBe(0);
  });

  it('together with the guards leaves what the next daemon ends, and only that', LONG, async () => {
    const look = systemLook();
    let failures = 0;
    let ended = 0;
    for (let index = 0; index < ROUNDS; index++) {
      const round = new Round();
      const stranger = new Round();
      await Promise.all([round.isInFlight(), stranger.isInFlight()]);
      const others = await stranger.sleepers();
      await round.killGuards();
      await round.killParent();
      await until('the guards are dead', async () => (await round.killGuards()) === 0);
      expect((await round.alive()).length).toBeGreaterThan(RUNS);
      const reports = await Promise.all(
        round
          .recorded()
          .map(({ mark, process }) =>
            endRecorded({ mark, leader: process, known: [] }, { graceMs: GRACE_MS, look }),
          ),
      );
      ended += reports.reduce((sum, report) => sum + report.ended.length, 0);
      const left = await round.alive();
      const touched = others.filter((pid) => !isThere(pid));
      if (left.length > 0 || touched.length > 0 || reports.some((report) => report.left.length > 0)) {
        failures++;
        console.log({ left, touched });
      }
      await round.close();
      await stranger.close();
    }
    console.log(
      `${ROUNDS} rounds, ${ROUNDS * RUNS} runs, ${ended} processes ended: ${failures} rounds failed`,
    );
    expect(failures).toBe(0);
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
