import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { stringify } from 'yaml';
import type { Configuration, Job } from '../../main/daemon/config/configuration.ts';
import { type RunningJobs, startJobs } from '../../main/daemon/jobs/engine.ts';
import type { RunsPage } from '../../main/daemon/jobs/views.ts';
import { testOptions } from '../daemon/jobs/support.ts';
import { generator, TEST_SEED } from '../support/seed.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { HeldClock } from '../unit/schedule/clock.ts';
import { accountFor, type Claimed, configurationFrom, readFirstSeen, readRuns } from './account.ts';
import { minutesPace, picturesFolder, SWITCHED, soakConfiguration, watchedFolder } from './jobs.ts';
import { growths, type Held, heldLine } from './month-growth.ts';
import { sizeOf } from './person.ts';
import { Player } from './player.ts';
import { holdTime } from './simulated-time.ts';
import { none, type Verdict } from './verdicts.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** New York goes forward on the 8th, Berlin on the 29th, Lord Howe and Sydney back on the 5th of April. */
const BEGIN = Date.UTC(2026, 2, 7);
/** Clocks are set by less than what counts as a correction after which due times come again. */
const MOST_BACK_MS = 2 * HOUR_MS;
/** Timers are late by so many milliseconds at most. */
const LATENESS_MS = 40;
/** What is kept of each job; reached within the first week by those that run most. */
const KEEP = { runs: 900, age: 4 * DAY_MS, size: 40_000 };
/** Nothing of it was removed for so long: nothing is being removed, in real milliseconds. */
const TIDY_MS = 50;
export interface MonthOptions {
  readonly days: number;
  /** Epoch milliseconds. */
  readonly begin?: number;
  readonly seed?: number;
}

/** The fifty jobs of the soak in the engine, through so many days of a clock that is held; runs are played. */
export async function simulatedMonth(options: MonthOptions): Promise<readonly Verdict[]> {
  const month = new Month(options);
  const release = month.hold();
  try {
    return await month.live();
  } finally {
    await month.end();
    release();
  }
}

class Month {
  readonly #days: number;
  readonly #begin: number;
  readonly #seed: number;
  readonly #below: (below: number) => number;
  readonly #clock: HeldClock;
  readonly #player: Player;
  readonly #user = temporaryFolder();
  readonly #home = join(this.#user, 'home');
  readonly #configuration: Configuration;
  readonly #held: Held[] = [];
  readonly #wrong: string[] = [];
  readonly #timersLeft: string[] = [];
  readonly #errors: string[] = [];
  #engine: RunningJobs | undefined;
  #furthest: number;
  /** Up to where each due time was found in the history. */
  #checked: number;
  readonly #counts = { due: 0, restarts: 0, sleeps: 0, forward: 0, back: 0 };

  constructor({ days, begin = BEGIN, seed = TEST_SEED }: MonthOptions) {
    this.#days = days;
    this.#begin = begin;
    this.#seed = seed;
    this.#below = generator(seed);
    this.#clock = new HeldClock(begin);
    this.#player = new Player(this.#clock, this.#below);
    this.#furthest = begin;
    this.#checked = begin;
    const place = { user: this.#user };
    for (const folder of [
      picturesFolder(place),
      ...['new', 'changed', 'deep'].map((one) => watchedFolder(place, one)),
    ])
      mkdirSync(folder, { recursive: true });
    mkdirSync(this.#home);
    const file = join(this.#user, 'soloist.yaml');
    const content = stringify(soakConfiguration(place, minutesPace(begin + 30 * HOUR_MS)));
    writeFileSync(file, content);
    const configuration = configurationFrom(content, file, this.#user);
    const keeping = (job: Job): Job => ({ ...job, output: { ...job.output, keep: KEEP } });
    this.#configuration = {
      ...configuration,
      jobs: new Map([...configuration.jobs].map(([name, job]) => [name, keeping(job)])),
      // No command is run.
      onAlert: undefined,
    };
  }

  hold(): () => void {
    return holdTime(this.#clock);
  }

  async live(): Promise<readonly Verdict[]> {
    await this.#start();
    for (let day = 1; day <= this.#days; day++) {
      await this.#day(day);
      await this.#tidied();
      this.#check();
      this.#held.push(this.#look());
      if (day % 5 === 0 || day === this.#days) console.log(`day ${day}: ${heldLine(this.#held.at(-1))}`);
    }
    await this.#stop();
    return this.#verdicts();
  }

  async end(): Promise<void> {
    await this.#engine?.stop({ kind: 'asked' });
  }

  async #start(): Promise<void> {
    const destination = {
      write: (line: string) => {
        const { level, msg, err } = JSON.parse(line);
        if (level >= 50 && !/^a service is given up/.test(msg))
          this.#errors.push(`${msg} ${err?.message ?? ''}`);
      },
    };
    this.#engine = await startJobs({
      ...testOptions(this.#home, destination),
      configuration: this.#configuration,
      clock: this.#clock,
      play: this.#player.play,
    });
    await settled();
  }

  async #stop(): Promise<void> {
    await this.#engine?.stop({ kind: 'asked' });
    this.#engine = undefined;
    // A folder that was just being followed lets go a second later.
    this.#clock.advance(MINUTE_MS);
    if (this.#clock.timers + this.#player.going > 0)
      this.#timersLeft.push(`${this.#clock.timers} timers, ${this.#player.going} runs`);
  }

  /** A day with its night, in which the computer sleeps. */
  async #day(day: number): Promise<void> {
    for (let part = 0; part < 4; part++) {
      await this.#live(3 * HOUR_MS + this.#below(HOUR_MS));
      const event = this.#below(10);
      if (event < 2) this.#jump(this.#below(MOST_BACK_MS));
      else if (event < 4)
        this.#jump(-this.#below(Math.max(1, MOST_BACK_MS - (this.#furthest - this.#clock.wall))));
      else if (event < 6) await this.#restart(this.#below(2 * HOUR_MS));
      else if (event < 7) this.#engine?.jobs[day % 2 === 0 ? 'pause' : 'resume'](SWITCHED, 'a person');
    }
    // One restart at least, in the midst of runs.
    await this.#restart(1_000 + this.#below(MINUTE_MS));
    const midnight = this.#begin + day * DAY_MS;
    await this.#live(Math.max(HOUR_MS, midnight - 8 * HOUR_MS - this.#clock.wall));
    this.#counts.sleeps += 1;
    this.#clock.sleep(Math.max(HOUR_MS, midnight - HOUR_MS - this.#clock.wall), this.#below(2) === 0);
    if (this.#below(2) === 0) this.#engine?.wake();
    await this.#live(Math.max(5 * MINUTE_MS, midnight - this.#clock.wall));
  }

  /** The disk is slower than a held clock: what is no longer kept is gone before the next day. */
  async #tidied(): Promise<void> {
    const folder = join(this.#home, 'runs');
    for (let before = Number.NaN, now = 0; now !== before; ) {
      before = sizeOf(folder).files;
      await sleep(TIDY_MS);
      now = sizeOf(folder).files;
    }
  }

  /** Time goes on from timer to timer; what each brings about is waited for. */
  async #live(ms: number): Promise<void> {
    const end = this.#clock.steady + ms;
    for (let next = this.#clock.nextTimer; next !== undefined && next <= end; next = this.#clock.nextTimer) {
      this.#clock.advance(Math.max(0, next - this.#clock.steady), () => this.#below(LATENESS_MS));
      // What it remembers for other tests would be the one thing that grows.
      this.#clock.delays.length = 0;
      await settled();
    }
    this.#clock.advance(Math.max(0, end - this.#clock.steady));
    await settled();
    this.#furthest = Math.max(this.#furthest, this.#clock.wall);
  }

  #jump(ms: number): void {
    this.#counts[ms < 0 ? 'back' : 'forward'] += 1;
    this.#clock.jump(ms);
    if (this.#below(2) === 0) this.#engine?.wake();
  }

  async #restart(downMs: number): Promise<void> {
    this.#counts.restarts += 1;
    await this.#stop();
    this.#clock.advance(downMs);
    await this.#start();
  }

  /** Looks for each due time since the last look in the history. */
  #check(): void {
    const firstSeen = readFirstSeen(this.#home);
    const longest = Math.max(
      ...[...this.#configuration.jobs.values()].map((job) => ('jitter' in job ? job.jitter : 0)),
    );
    const until = Math.floor(this.#furthest) - SECOND_MS - longest;
    for (const job of this.#configuration.jobs.values()) {
      if (job.kind !== 'triggered') continue;
      const claims = this.#claimsSince(job.name, this.#checked - 2 * MOST_BACK_MS);
      const { due, missing, unasked } = accountFor(job, firstSeen, claims, { after: this.#checked, until });
      this.#counts.due += due;
      const at = (ms: number): string => `${job.name} at ${new Date(ms).toISOString()}`;
      this.#wrong.push(...missing.map(at), ...unasked.map((ms) => `${at(ms)}, unasked`));
    }
    this.#checked = until;
  }

  #claimsSince(job: string, sinceMs: number): readonly Claimed[] {
    const claims: Claimed[] = [];
    for (let cursor: string | null = null; ; ) {
      const since = new Date(sinceMs).toISOString();
      const page: RunsPage | undefined = this.#engine?.jobs.page({ job, since }, cursor, 1_000);
      for (const { due, outcome } of page?.runs ?? [])
        if (due !== null)
          claims.push({
            due: Date.parse(due),
            reason: outcome !== null && 'reason' in outcome ? outcome.reason : undefined,
          });
      cursor = page?.next ?? null;
      if (cursor === null) return claims;
    }
  }

  #look(): Held {
    collectGarbage();
    const { heapUsed, external, rss } = process.memoryUsage();
    return {
      heap: (heapUsed + external) / 2 ** 20,
      resident: rss / 2 ** 20,
      // Of requests on their way there are now more, now fewer.
      handles: process.getActiveResourcesInfo().filter((kind) => !/Req|Immediate/.test(kind)).length,
      descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
      timers: this.#clock.timers,
      runs: this.#player.played,
    };
  }

  async #verdicts(): Promise<readonly Verdict[]> {
    const runs = await readRuns(this.#home);
    const unfinished = runs.filter(({ state }) => state !== 'ended').map(({ id, job }) => `${job} ${id}`);
    const { due, ...counts } = this.#counts;
    const { played } = this.#player;
    console.log(`seed ${this.#seed}: ${played} runs played, ${runs.length} kept; ${JSON.stringify(counts)}`);
    return [
      none('each due time is a run, a skip or a missed one', this.#wrong, `${due} due times`),
      none('every run has an outcome', unfinished, `${runs.length} runs`),
      none('nothing failed within', this.#errors, `${this.#days} days`),
      none(
        'after a stop no timer and no run is left',
        this.#timersLeft,
        `${this.#counts.restarts + 1} stops`,
      ),
      ...growths(this.#held),
    ];
  }
}

/** What a timer has brought about is done after some turns, unless it waits for a timer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await nextTurn();
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
