import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Configuration, Job } from '../../../main/daemon/config/configuration.ts';
import { Alerts } from '../../../main/daemon/health/alerts.ts';
import { lookedKinds } from '../../../main/daemon/health/concerns.ts';
import { type Alert, causeText, type Raised } from '../../../main/daemon/history/alerts.ts';
import { type History, openHistory } from '../../../main/daemon/history/history.ts';
import type { Outcome } from '../../../main/daemon/history/run.ts';
import { generator, TEST_SEED } from '../../support/seed.ts';
import { NOON, options, temporaryFolder } from '../history/support.ts';
import {
  DAY_MS,
  ended,
  FAILURE,
  HOUR_MS,
  job,
  SUCCESS,
  service,
  state,
  strictLog,
  watched,
} from './support.ts';

/*
 * A month of a daemon and its jobs, in which whatever can happen to an alert's cause happens by chance: the truth about
 * each cause is kept beside it, and compared with what stands after each step.
 */

beforeEach(() => {
  // The timer of quiet jobs, and the clock that all of it reads.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
});

const CANCELLED: Outcome = { kind: 'cancelled', reason: 'a person' };
const MOST_JOBS = 12;
const checks = ['disk', 'lock', 'clock', 'gone-with-an-update'];

class Month {
  readonly seed: number;
  readonly #below: (below: number) => number;
  readonly #folder = temporaryFolder();
  readonly #file = join(temporaryFolder(), 'history.db');
  readonly #jobs = new Map<string, Job>();
  readonly #guards = new Set<string>();
  /** Whether the last end of a job that counts was a failure; services that are given up. */
  readonly #failing = new Set<string>();
  readonly #givenUp = new Set<string>();
  /** The states that are there now. */
  readonly #states = new Map<string, Raised>();
  #checks: readonly string[] = checks;
  #history!: History;
  /** Undefined while no daemon runs. */
  #alerts: Alerts | undefined;
  #names = 0;
  readonly figures = { steps: 0, raised: 0, resolved: 0, restarts: 0, most: 0, rows: 0 };

  constructor(seed: number) {
    this.seed = seed;
    this.#below = generator(seed);
  }

  #chance = (one: number): boolean => this.#below(one) === 0;
  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.#below(Math.max(1, items.length))];
  }

  async live(): Promise<void> {
    this.#open();
    this.#start();
    const end = NOON + 30 * DAY_MS;
    while (Date.now() < end) {
      await this.#step();
      // A daemon that does not run sees nothing.
      if (this.#alerts === undefined) vi.setSystemTime(Date.now() + this.#below(HOUR_MS));
      else vi.advanceTimersByTime(1 + this.#below(30 * 60_000));
      this.#compare();
      this.figures.steps++;
    }
    if (this.#alerts === undefined) this.#start();
    // Timers that are over already.
    vi.advanceTimersByTime(1_000);
    this.#compare();
    // A quarter of a year in which nothing happens leaves nothing but what stands.
    for (let day = 0; day < 100; day++) {
      vi.advanceTimersByTime(DAY_MS);
      this.#look();
    }
    this.#compare();
    expect(this.#alerts?.all().length).toBe(this.#alerts?.standing().length);
    this.#alerts?.stop();
    await this.#history.close();
  }

  #startedAt = 0;

  #open(): void {
    this.#history = openHistory(this.#file, options).history;
  }

  #configuration(): Configuration {
    return watched([...this.#jobs.values()], [...this.#guards]);
  }

  #start(): void {
    this.#startedAt = Date.now();
    this.#alerts = new Alerts({
      history: this.#history,
      logger: strictLog,
      isHeld: () => false,
      now: Date.now,
      onChanged: () => {},
      onNews: (news) => this.figures[news]++,
    });
    this.#forgetTruths();
    // A new daemon keeps all services running.
    this.#givenUp.clear();
    this.#alerts.begin(this.#configuration());
    for (const one of this.#jobs.values()) this.#followFolders(one);
    this.#look();
  }

  async #stop(): Promise<void> {
    // A crash between the end of a run and what it means.
    const one = this.#pick([...this.#triggered()]);
    if (one !== undefined && this.#chance(2)) {
      vi.advanceTimersByTime(1_000);
      ended(this.#history, one.name, SUCCESS, Date.now());
      this.#failing.delete(one.name);
    }
    this.#alerts?.stop();
    this.#alerts = undefined;
    await this.#history.close();
    this.#open();
    this.figures.restarts++;
  }

  #triggered = () => [...this.#jobs.values()].filter(({ kind, enabled }) => kind === 'triggered' && enabled);
  #services = () => [...this.#jobs.values()].filter(({ kind, enabled }) => kind === 'service' && enabled);

  async #step(): Promise<void> {
    const step = this.#below(100);
    if (step < 45) this.#endRun();
    else if (step < 52) this.#serviceEvent();
    else if (step < 62) this.#change();
    else if (step < 72) this.#folderEvent();
    else if (step < 88) this.#stateEvent();
    else if (step < 92)
      this.#alerts?.acknowledge(this.#pick([undefined, this.#pick(this.#alerts.standing())?.id]));
    else if (step < 93) this.#alerts?.archive();
    else if (step < 96) this.#lateNews();
    else if (this.#alerts === undefined) this.#start();
    else if (this.#chance(2)) await this.#stop();
  }

  #endRun(): void {
    const one = this.#pick(this.#triggered());
    if (one === undefined || this.#alerts === undefined) return;
    // Each job has a failure rate of its own, from always well to always failing.
    const rate = Number(one.name.split('-')[1]) % 5;
    const outcome = this.#chance(10) ? CANCELLED : this.#below(4) < rate ? FAILURE : SUCCESS;
    const isRetried = outcome === FAILURE && this.#chance(4);
    const run = ended(this.#history, one.name, outcome, Date.now());
    if (outcome === SUCCESS) this.#failing.delete(one.name);
    if (outcome === FAILURE && !isRetried) this.#failing.add(one.name);
    this.#alerts.ended(run, one, outcome, isRetried);
  }

  #serviceEvent(): void {
    const one = this.#pick(this.#services());
    if (one === undefined || this.#alerts === undefined) return;
    if (this.#chance(2)) {
      this.#givenUp.add(one.name);
      this.#alerts.givenUp(one.name, undefined, 'it ended ten times');
    } else {
      this.#givenUp.delete(one.name);
      this.#alerts.forgiven(one.name);
    }
  }

  /** The configuration changes, whether a daemon runs or not. */
  #change(): void {
    const one = this.#pick([...this.#jobs.values()]);
    const kind = one === undefined || this.#jobs.size < 4 ? 0 : this.#below(8);
    if (one === undefined || kind <= 1) {
      if (this.#jobs.size < MOST_JOBS) this.#put(this.#newJob(`job-${++this.#names}`));
    } else if (kind === 2) this.#remove(one.name);
    else if (kind === 3) {
      this.#remove(one.name);
      this.#put({ ...one, name: `job-${++this.#names}` });
    } else if (kind === 4) this.#put({ ...one, enabled: !one.enabled });
    else if (kind <= 6) this.#put(this.#newJob(one.name));
    else if (this.#chance(2)) this.#guards.add(`guard-${this.#below(3)}`);
    else this.#guards.delete(`guard-${this.#below(3)}`);
    // What was disabled and enabled again while no daemon ran is as it was.
    if (this.#alerts === undefined) return;
    this.#forgetTruths();
    this.#alerts.configured(this.#configuration());
    for (const name of this.#jobs.keys()) {
      const now = this.#jobs.get(name);
      if (now !== undefined && now !== one) this.#followFolders(now);
    }
    this.#look();
  }

  #newJob(name: string): Job {
    if (this.#chance(3)) return service(name);
    const paths = [0, 1, 2].filter(() => this.#chance(2)).map((index) => join(this.#folder, String(index)));
    const triggers = paths.length === 0 ? [] : [watchTrigger(paths)];
    const quietAfter = this.#pick([undefined, 6 * HOUR_MS, 30 * HOUR_MS]);
    return job(name, { triggers, quietAfter });
  }

  #put(one: Job): void {
    this.#jobs.set(one.name, one);
  }

  #remove(name: string): void {
    this.#jobs.delete(name);
  }

  /** What is configured no more, or is disabled, or of another kind, is not failing, given up or in any state. */
  #forgetTruths(): void {
    const kindOf = (name: string | undefined) => {
      const one = this.#jobs.get(name ?? '');
      return one?.enabled === true ? one.kind : undefined;
    };
    for (const name of this.#failing) if (kindOf(name) !== 'triggered') this.#failing.delete(name);
    for (const name of this.#givenUp) if (kindOf(name) !== 'service') this.#givenUp.delete(name);
    for (const [key, one] of this.#states) {
      const isThere =
        one.kind === 'guard'
          ? this.#guards.has(one.job ?? '')
          : one.job === undefined || kindOf(one.job) === (one.kind === 'flapping' ? 'service' : 'triggered');
      if (!isThere) this.#states.delete(key);
    }
  }

  /** What a new follower of folders tells: those that are missing. */
  #followFolders(one: Job): void {
    for (const path of foldersOf(one)) if (!existsSync(path)) this.#alerts?.folder(one.name, path, false);
  }

  #folderEvent(): void {
    const path = join(this.#folder, String(this.#below(3)));
    const isThere = !existsSync(path);
    if (isThere) mkdirSync(path);
    else rmSync(path, { recursive: true });
    for (const one of this.#jobs.values())
      if (foldersOf(one).includes(path)) this.#alerts?.folder(one.name, path, isThere);
  }

  /** A state begins or ends, and is seen at the next look, which comes at once; none comes while no daemon runs. */
  #stateEvent(): void {
    const about = this.#pick([
      ...this.#triggered().flatMap(({ name }) => [state('overdue', name), state('slow', name)]),
      ...this.#services().map(({ name }) => state('flapping', name)),
      ...[...this.#guards].map((name) => state('guard', name)),
      state('strays', undefined),
      ...this.#checks.map((name) => state('check', undefined, name)),
    ]);
    if (about === undefined) return;
    if (this.#alerts === undefined && this.#chance(10)) {
      // An update, after which a check is there no more.
      this.#checks = checks.slice(0, 3);
      this.#states.delete(causeText(state('check', undefined, checks[3])));
    }
    const key = causeText(about);
    if (!this.#states.delete(key))
      this.#states.set(key, { ...about, message: `${this.#below(100)} of them.` });
    this.#look();
  }

  #look(): void {
    if (this.#alerts === undefined) return;
    for (const one of this.#states.values()) this.#alerts.met(one);
    for (const name of this.#checks) {
      const cause = state('check', undefined, name);
      if (!this.#states.has(causeText(cause))) this.#alerts.gone(cause);
    }
    this.#alerts.looked(lookedKinds);
  }

  /** What was on its way when the configuration changed. */
  #lateNews(): void {
    const name = `job-${1 + this.#below(Math.max(1, this.#names))}`;
    const one = this.#jobs.get(name);
    if (one?.enabled === true || this.#alerts === undefined) return;
    this.#alerts.folder(name, join(this.#folder, '0'), false);
    this.#alerts.givenUp(name, undefined, 'it ended ten times');
    this.#alerts.met(state('slow', name));
    if (one !== undefined)
      this.#alerts.ended(ended(this.#history, name, FAILURE, Date.now()), one, FAILURE, false);
  }

  #compare(): void {
    if (this.#alerts === undefined) return;
    const standing = this.#alerts.standing();
    const told = standing.map(causeText).sort();
    expect(new Set(told).size, 'one for each cause').toBe(told.length);
    const others = standing.filter(({ kind }) => kind !== 'quiet').map(causeText);
    expect(others.sort(), `seed ${this.seed}, step ${this.figures.steps}`).toEqual(this.#truth().sort());
    this.#compareQuiet(standing.filter(({ kind }) => kind === 'quiet'));
    const rows = this.#alerts.all().length;
    expect(rows).toBeLessThanOrEqual(1_000);
    this.figures.most = Math.max(this.figures.most, standing.length);
    this.figures.rows = Math.max(this.figures.rows, rows);
  }

  #truth(): string[] {
    const of = (kind: Raised['kind'], name: string, detail?: string): string =>
      causeText(state(kind, name, detail));
    const missing = [...this.#jobs.values()].flatMap((one) =>
      foldersOf(one)
        .filter((path) => !existsSync(path))
        .map((path) => of('watch', one.name, path)),
    );
    return [
      ...[...this.#failing].map((name) => of('failing', name)),
      ...[...this.#givenUp].map((name) => of('given-up', name)),
      ...missing,
      ...this.#states.keys(),
    ];
  }

  /** A quiet job has had no success for long; of one that never had any, it depends on when that began to count. */
  #compareQuiet(quiet: readonly Alert[]): void {
    const isQuiet = new Set(quiet.map(({ job: name }) => name));
    for (const name of isQuiet) expect(this.#triggered().map((one) => one.name)).toContain(name);
    for (const one of this.#triggered()) {
      if (one.kind !== 'triggered') continue;
      const { name, quietAfter } = one;
      const success = this.#history.lastSuccess(name);
      if (typeof quietAfter !== 'number') expect(isQuiet, name).not.toContain(name);
      else if (success !== undefined) {
        const isLong = success + quietAfter <= Date.now();
        // After a start, jobs have a chance to succeed first.
        const hadChance = Date.now() - this.#startedAt >= Math.min(quietAfter, 2 * HOUR_MS);
        if (isQuiet.has(name) || hadChance)
          expect(isQuiet.has(name), `${name}, seed ${this.seed}`).toBe(isLong);
      }
    }
  }
}

const watchTrigger = (paths: readonly string[]) =>
  ({ kind: 'watch', paths, patterns: [], ignore: [], settle: 10 }) as const;

function foldersOf(one: Job): readonly string[] {
  if (one.kind !== 'triggered' || !one.enabled) return [];
  return one.triggers.flatMap((trigger) => (trigger.kind === 'watch' ? trigger.paths : []));
}

test.each([0, 1, 2])('a month leaves no stale alert at any point, and no pile (%i)', async (offset) => {
  const month = new Month(TEST_SEED + offset);
  await month.live();
  console.log(`a month of alerts, seed ${month.seed}:`, JSON.stringify(month.figures));
  expect(month.figures.raised).toBeGreaterThan(300);
  expect(month.figures.resolved).toBeGreaterThan(300);
});
