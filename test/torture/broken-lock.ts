import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findDaemon } from '../../main/control/find-daemon.ts';
import { logFiles } from '../../main/daemon/log/day-files.ts';
import type { BrokenLockCommand, BrokenLockReport } from '../fixtures/broken-lock/headless.ts';
import { eventually, ownerOf, processesNaming } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Tally, type TortureResult } from './result.ts';

const PROGRAM = resolve(import.meta.dirname, '../fixtures/broken-lock/headless.ts');
/** Each round's daemons are to have found out within a minute; the machine may be busy. */
const FOUND_OUT_MS = 60_000;
/** For how long blind daemons do the same jobs side by side. */
const SIDE_BY_SIDE_MS = 3_000;

/** A daemon whose lock is broken, in a process of its own. */
export class BrokenLockDaemon {
  readonly #child: ChildProcess;
  /** What it came to when it was told to start: null if it ran. */
  readonly started: Promise<string | null>;
  readonly ended: Promise<number | null>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    this.started = new Promise((resolve) => {
      child.on('message', (report: BrokenLockReport) => {
        if (report.kind === 'started') resolve(report.problem);
      });
      child.once('exit', (code, signal) => resolve(`it ended (${signal ?? code})`));
    });
  }

  static async spawn(home: string, isBlind: boolean): Promise<BrokenLockDaemon> {
    const child = fork(PROGRAM, ['--home', home, ...(isBlind ? ['--blind'] : [])], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    return new BrokenLockDaemon(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  tell(command: BrokenLockCommand): void {
    if (!this.isOver) this.#child.send(command);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.isOver) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}

/**
 * Many daemons of one home at one instant, which nothing keeps from running: all but one find by the owner record
 * that they are not the owner, and end. Every other round they are blind to it at first, so that they do the same jobs
 * side by side for a while.
 */
export async function breakLock(count: number, rounds: number): Promise<TortureResult> {
  const tally = new Tally(`${count} daemons at once, each lock broken`);
  for (let index = 0; index < rounds; index++) {
    tally.round();
    await breakOnce(tally, count, index % 2 === 1);
  }
  return tally.result();
}

async function breakOnce(tally: Tally, count: number, isBlind: boolean): Promise<void> {
  const home = join(temporaryFolder(), 'home');
  const done = join(home, 'done.txt');
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'soloist.yaml'), configuration(done));
  const daemons: BrokenLockDaemon[] = [];
  try {
    // A few at a time, so that a small machine gets them ready soonest.
    while (daemons.length < count) {
      const batch = Math.min(4, count - daemons.length);
      daemons.push(
        ...(await Promise.all(Array.from({ length: batch }, () => BrokenLockDaemon.spawn(home, isBlind)))),
      );
    }
    const at = String(process.hrtime.bigint() + 40_000_000n);
    for (const daemon of daemons) daemon.tell({ kind: 'start', at });
    const problems = (await Promise.all(daemons.map(({ started }) => started))).filter(
      (problem) => problem !== null,
    );
    tally.expect(problems.length === 0, `${problems.length} did not come to run: ${problems[0]}`);
    tally.count('daemons that ran', count - problems.length);
    if (isBlind) {
      await sleep(SIDE_BY_SIDE_MS);
      const alive = daemons.filter(({ isOver }) => !isOver).length;
      tally.expect(alive === count, `${alive} ran side by side`);
      for (const daemon of daemons) daemon.tell({ kind: 'see' });
    }
    await judge(tally, home, done, daemons);
  } finally {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
  }
  await judgeLeft(tally, home);
}

/** Three jobs that are due each second, each of which leaves a line: due time, job, the daemon's PID. */
function configuration(done: string): string {
  const job = (name: string, trigger: string): string =>
    `  ${name}: { run: 'echo "$SOLOIST_SCHEDULED_AT ${name} $BROKEN_LOCK_PID" >> "${done}"', ${trigger}, overlap: parallel }\n`;
  return `jobs:\n${job('each-second', 'schedule: "* * * * * *"')}${job('too', 'schedule: "* * * * * *"')}${job('interval', 'every: 1s')}`;
}

const linesOf = (done: string): readonly string[] =>
  existsSync(done) ? readFileSync(done, 'utf8').trim().split('\n') : [];

async function judge(
  tally: Tally,
  home: string,
  done: string,
  daemons: readonly BrokenLockDaemon[],
): Promise<void> {
  const began = performance.now();
  const left = (): readonly BrokenLockDaemon[] => daemons.filter(({ isOver }) => !isOver);
  while (left().length > 1 && performance.now() - began < FOUND_OUT_MS) await sleep(20);
  const [owner, ...more] = left();
  tally.expect(more.length === 0, `${more.length + 1} still run after a minute`);
  tally.expect(owner !== undefined, 'none is left');
  if (owner === undefined) return;
  const over = daemons.filter(({ isOver }) => isOver);
  tally.count('that stopped themselves', over.length);
  for (const daemon of over) {
    const code = await daemon.ended;
    tally.expect(code === 1, `PID ${daemon.pid} ended with ${code}`);
  }
  const log = logFiles(join(home, 'logs'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('');
  const reasons = log.match(/"msg":"stopping because it owns its home no more: [^"]+"/g) ?? [];
  tally.expect(reasons.length === over.length, `${reasons.length} of ${over.length} say why they ended`);

  const found = await findDaemon(home, 10_000);
  const answering = found.kind === 'answering' ? found.owner.pid : found.kind;
  tally.expect(answering === owner.pid, `PID ${owner.pid} is left, the socket says ${answering}`);
  tally.expect(ownerOf(home)?.pid === owner.pid, `the record names ${ownerOf(home)?.pid}, not ${owner.pid}`);
  // One of those that ended may have taken it for its own; then the owner writes it again a moment later.
  const path = join(home, 'daemon.pid');
  const isNamed = (): boolean => existsSync(path) && readFileSync(path, 'utf8') === `${owner.pid}\n`;
  await eventually('daemon.pid names the owner', isNamed).catch((error) =>
    tally.expect(false, String(error)),
  );
  // It goes on: each job is done again.
  const before = new Set(linesOf(done));
  const isGoingOn = (): boolean =>
    ['each-second', 'too', 'interval'].every((job) =>
      linesOf(done).some((line) => !before.has(line) && line.endsWith(`${job} ${owner.pid}`)),
    );
  await eventually('the owner goes on', isGoingOn).catch((error) => tally.expect(false, String(error)));

  const lines = linesOf(done);
  const due = lines.map((line) => line.split(' ').slice(0, 2).join(' '));
  const twice = due.filter((one, index) => due.indexOf(one) !== index);
  tally.expect(twice.length === 0, `${twice.length} due times ran twice: ${twice[0]}`);
  tally.count('due times', due.length);
  tally.count('daemons that did them', new Set(lines.map((line) => line.split(' ')[2])).size);

  owner.signal('SIGTERM');
  const code = await owner.ended;
  tally.expect(code === 0, `the owner ended with ${code}`);
}

async function judgeLeft(tally: Tally, home: string): Promise<void> {
  const isNothingLeft = async (): Promise<boolean> => (await processesNaming(home)).length === 0;
  await eventually('no process is left', isNothingLeft).catch((error) => tally.expect(false, String(error)));
}
