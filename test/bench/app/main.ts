// What the app costs beside an Electron app that is empty, in one run: memory, wake-ups and CPU time of all its processes
// while it idles; how soon the tray is there; how soon the popover. Linux only, since it reads /proc.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxWords } from '../../../main/daemon/executable.ts';
import { electronPath, missingForWindows } from '../../e2e/runtime.ts';
import { type Cost, costOf } from '../cost.ts';
import { aimLine, figuresLine, median } from '../figures.ts';

const root = resolve(import.meta.dirname, '../../..');
const STARTS = 10;
const OPENINGS = 10;
/** Chromium is busy with itself for a while after its start. */
const SETTLE_MS = 30_000;
const IDLE_SECONDS = 30;
/** The popover is destroyed a minute after it was hidden. */
const DESTROYED_MS = 65_000;

const missing = process.platform === 'linux' ? missingForWindows() : ['It reads /proc.'];
for (const reason of missing) console.log(`Not measured. ${reason}`);
if (missing.length > 0) process.exit(2);

interface Note {
  readonly what: 'tray' | 'painted' | 'hidden';
  readonly at: number;
  readonly ms?: number;
}

/** An app that runs. */
class Running {
  readonly folder = mkdtempSync(join(tmpdir(), 'soloist-bench-'));
  readonly begun = Date.now();
  readonly child: ChildProcess;

  constructor(app: string, words: readonly string[], configuration: string) {
    writeFileSync(join(this.folder, 'soloist.yaml'), configuration);
    writeFileSync(this.#notes, '');
    this.child = spawn(
      electronPath() ?? '',
      ['-r', join(import.meta.dirname, 'hook.cjs'), ...sandboxWords(), app, ...words],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          BENCH_NOTES: this.#notes,
          BENCH_FOLDER: this.folder,
          SOLOIST_HOME: this.folder,
        },
      },
    );
    running.add(this);
  }

  get #notes(): string {
    return join(this.folder, 'notes');
  }

  /** The next note of this kind after so many of them. */
  async note(what: Note['what'], after = 0): Promise<Note> {
    for (;;) {
      const lines = readFileSync(this.#notes, 'utf8').split('\n').filter(Boolean);
      const found = lines.map((line): Note => JSON.parse(line)).filter((note) => note.what === what)[after];
      if (found !== undefined) return found;
      if (this.child.exitCode !== null) throw new Error('the app has ended');
      await sleep(5);
    }
  }

  click(): void {
    this.child.kill('SIGUSR2');
  }

  cost(): Cost {
    const costs = treeOf(this.child.pid ?? 0).flatMap((pid) => {
      try {
        return costOf(pid);
      } catch {
        // It ended just now.
        return [];
      }
    });
    const sum = (of: (cost: Cost) => number): number => costs.reduce((total, cost) => total + of(cost), 0);
    return {
      residentMegabytes: sum((cost) => cost.residentMegabytes),
      proportionalMegabytes: sum((cost) => cost.proportionalMegabytes),
      contextSwitches: sum((cost) => cost.contextSwitches),
      cpuMilliseconds: sum((cost) => cost.cpuMilliseconds),
    };
  }

  async end(): Promise<void> {
    running.delete(this);
    if (this.child.exitCode === null) {
      const over = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await Promise.race([over, sleep(10_000)]);
      this.child.kill('SIGKILL');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const running = new Set<Running>();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    for (const one of running) {
      one.child.kill('SIGKILL');
      rmSync(one.folder, { recursive: true, force: true });
    }
    process.exit(1);
  });

/** A process and all that come from it. */
function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // It ended just now.
    }
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

/** Twenty jobs, none of them due while it is measured. */
const jobs = `jobs:\n${Array.from({ length: 20 }, (_, index) => `  job-${index}: { run: 'true', schedule: "0 3 1 1 *" }\n`).join('')}`;
const empty = (): Running => new Running(join(import.meta.dirname, 'empty'), [], jobs);
const soloist = (): Running => new Running(root, ['--hidden'], jobs);

/** How all of these idle over the same time. */
async function idle(all: readonly Running[]): Promise<Cost[]> {
  await sleep(SETTLE_MS);
  const before = all.map((one) => one.cost());
  await sleep(IDLE_SECONDS * 1_000);
  return all.map((one, index) => {
    const now = one.cost();
    const since = (of: (cost: Cost) => number): number => of(now) - of(before[index] ?? now);
    return {
      ...now,
      contextSwitches: since((cost) => cost.contextSwitches) / IDLE_SECONDS,
      cpuMilliseconds: since((cost) => cost.cpuMilliseconds),
    };
  });
}

function costLine(name: string, cost: Cost): string {
  return [
    name.padEnd(40),
    `PSS ${cost.proportionalMegabytes.toFixed(1).padStart(6)} MB`,
    `RSS ${cost.residentMegabytes.toFixed(1).padStart(6)} MB`,
    `context switches ${cost.contextSwitches.toFixed(2).padStart(7)}/s`,
    `CPU ${cost.cpuMilliseconds} ms in ${IDLE_SECONDS} s`,
  ].join('   ');
}

console.log(
  `${type()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Electron in ${electronPath()}`,
);

const toTray = { soloist: [] as number[], empty: [] as number[] };
for (let round = 0; round < STARTS; round++) {
  for (const [name, start] of [
    ['empty', empty],
    ['soloist', soloist],
  ] as const) {
    const app = start();
    toTray[name].push((await app.note('tray')).at - app.begun);
    await app.end();
  }
}
console.log(
  figuresLine({ name: 'start until the tray is there: empty app', unit: 'ms', values: toTray.empty }),
);
console.log(
  figuresLine({ name: 'start until the tray is there: Soloist', unit: 'ms', values: toTray.soloist }),
);
console.log(
  aimLine('ready within a second, median', median(toTray.soloist), 'ms', median(toTray.soloist) < 1_000),
);

const first: number[] = [];
const again: number[] = [];
for (let round = 0; round < OPENINGS; round++) {
  const app = soloist();
  await app.note('tray');
  await sleep(1_500);
  app.click();
  first.push((await app.note('painted')).ms ?? Number.NaN);
  await sleep(500);
  app.click();
  await app.note('hidden');
  await sleep(500);
  app.click();
  again.push((await app.note('painted', 1)).ms ?? Number.NaN);
  await app.end();
}
console.log(figuresLine({ name: 'popover, first opening', unit: 'ms', values: first }));
console.log(aimLine('under 400 ms, median', median(first), 'ms', median(first) < 400));
console.log(figuresLine({ name: 'popover, opened again', unit: 'ms', values: again }));
console.log(aimLine('under 100 ms, median', median(again), 'ms', median(again) < 100));

const apps = [empty(), soloist()];
await Promise.all(apps.map((app) => app.note('tray')));
const [bare, never] = await idle(apps);
const own = apps[1];
if (bare === undefined || never === undefined || own === undefined) throw new Error('nothing was measured');
console.log(costLine('empty app', bare));
console.log(costLine('Soloist, popover never opened', never));
own.click();
await own.note('painted');
console.log(costLine('Soloist, popover open', (await idle([own]))[0] ?? never));
own.click();
await own.note('hidden');
await sleep(DESTROYED_MS);
const closed = (await idle([own]))[0] ?? never;
console.log(costLine('Soloist, popover closed again', closed));
const ratio = never.proportionalMegabytes / bare.proportionalMegabytes;
console.log(aimLine('idle, at most 1.15 times the empty app (PSS)', ratio, 'times', ratio <= 1.15));
const more = never.contextSwitches - bare.contextSwitches;
console.log(aimLine('idle, under one wake-up a second more than the empty app', more, '/s', more < 1));
for (const app of apps) await app.end();
