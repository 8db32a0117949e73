import { expect, test } from 'vitest';
import type { DueAccount, MissedPolicy } from '../../../main/daemon/schedule/missed.ts';
import { type ScheduledJob, Scheduler } from '../../../main/daemon/schedule/scheduler.ts';
import {
  atTrigger,
  cronTrigger,
  everyTrigger,
  nextDue,
  type TimeTrigger,
} from '../../../main/daemon/schedule/triggers.ts';
import { generator, TEST_SEED } from '../../support/seed.ts';
import { HeldClock } from './clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);
const END = Date.UTC(2027, 0, 1);

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
  'UTC',
  'Asia/Kolkata',
];
const DAILY = [
  '30 2 * * *',
  '0 3 * * *',
  '15 2 * * *',
  '@daily',
  '30 1,23 * * 1-5',
  '45 1 * * *',
  '0 0,2 * * *',
  '30 0 * * *',
];
const RARE = [
  '@weekly',
  '@monthly',
  '0 2 * * 0',
  '30 2 29 3 *',
  '0 0 L * *',
  '0 12 1 * MON',
  '30 2 25 10 *',
  '@yearly',
  '0 0 30 2 *',
];
const POLICIES: MissedPolicy[] = [
  { kind: 'skip' },
  { kind: 'once' },
  { kind: 'all', limit: 1 },
  { kind: 'all', limit: 5 },
];

function anyTrigger(index: number, random: (below: number) => number): TimeTrigger {
  const zone = ZONES[random(ZONES.length)] ?? 'UTC';
  if (index < 1) return cronTrigger(['*/15 * * * *'], zone);
  if (index < 8) return cronTrigger([index % 2 === 0 ? '@hourly' : '5 */3 * * *'], zone);
  if (index < 40) return everyTrigger((1 + random(8)) * HOUR + random(HOUR), START);
  if (index < 100)
    return atTrigger(`2026-${String(1 + random(12)).padStart(2, '0')}-29T02:30`.replace('-02-', '-03-'), zone)
      .trigger;
  if (index < 250) return cronTrigger([DAILY[random(DAILY.length)] ?? ''], zone);
  return cronTrigger([RARE[random(RARE.length)] ?? ''], zone);
}

interface Span {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly exact: boolean;
  readonly fate: 'ran' | 'missed' | 'skipped';
}

class Year {
  readonly clock = new HeldClock(START);
  readonly ledger = new Map<string, Span[]>();
  readonly totals = { ran: 0, missed: 0, skipped: 0, sleeps: 0, jumps: 0, restarts: 0, wakes: 0 };
  /** What the history would know: survives a restart of the daemon. */
  readonly #lastDue = new Map<string, number>();
  #scheduler: Scheduler;

  readonly #jobs: readonly ScheduledJob[];

  constructor(jobs: readonly ScheduledJob[]) {
    this.#jobs = jobs;
    for (const { name } of jobs) this.ledger.set(name, []);
    this.#scheduler = this.#start();
  }

  #start(): Scheduler {
    const scheduler = new Scheduler(this.clock, (job, account, nowMs) => this.#record(job, account, nowMs));
    for (const job of this.#jobs) scheduler.set({ ...job, lastDueMs: this.#lastDue.get(job.name) });
    return scheduler;
  }

  #record(job: ScheduledJob, account: DueAccount, nowMs: number): void {
    const spans = this.ledger.get(job.name) ?? [];
    for (const { dueMs, missed } of account.run) {
      if (dueMs > nowMs) throw new Error(`${job.name} ran before its due time`);
      if (missed && nowMs - dueMs > (job.missedGraceMs ?? Number.POSITIVE_INFINITY)) {
        throw new Error(`${job.name} ran after its grace period`);
      }
      spans.push({ firstMs: dueMs, lastMs: dueMs, count: 1, exact: true, fate: missed ? 'missed' : 'ran' });
      this.totals[missed ? 'missed' : 'ran'] += 1;
    }
    for (const { firstMs, lastMs, count, exact } of account.skipped) {
      spans.push({ firstMs, lastMs, count, exact, fate: 'skipped' });
      this.totals.skipped += count;
    }
    if (account.lastDueMs !== undefined) this.#lastDue.set(job.name, account.lastDueMs);
  }

  /** Lives on for a while, timers being up to 40 ms late. */
  live(ms: number, random: (below: number) => number): void {
    this.clock.advance(ms, () => random(40));
  }

  sleep(ms: number, random: (below: number) => number): void {
    this.totals.sleeps += 1;
    this.clock.sleep(ms, random(2) === 0);
    // The app is told that the computer woke; the headless daemon is not.
    if (random(2) === 0) this.#scheduler.wake();
  }

  jump(ms: number): void {
    this.totals.jumps += 1;
    this.clock.jump(ms);
  }

  restart(downMs: number): void {
    this.totals.restarts += 1;
    this.#scheduler.stop();
    this.clock.advance(downMs);
    this.#scheduler = this.#start();
  }
}

test('a year of 1,000 jobs with sleeps, clock jumps, restarts and summer time: each due time has exactly one fate', () => {
  const seed = TEST_SEED;
  const random = generator(seed);
  const jobs = Array.from({ length: 1_000 }, (_, index): ScheduledJob => {
    return {
      name: `job-${index}`,
      trigger: anyTrigger(index, random),
      missed: POLICIES[random(POLICIES.length)] ?? { kind: 'once' },
      missedGraceMs: random(2) === 0 ? undefined : random(2 * DAY),
      jitterMs: random(3) === 0 ? random(5 * MINUTE) : 0,
      firstSeenMs: START,
      lastDueMs: undefined,
    };
  });
  const started = performance.now();
  const year = new Year(jobs);
  let furthest = START;
  while (year.clock.wall < END) {
    year.live(random(2 * DAY), random);
    furthest = Math.max(furthest, year.clock.wall);
    const event = random(20);
    if (event < 12) year.sleep(random(random(8) === 0 ? 5 * DAY : 12 * HOUR), random);
    // Never back, all in all, by what counts as a correction: then due times come again by right.
    else if (event < 16) {
      const back = Math.max(0, 3 * HOUR - MINUTE - (furthest - year.clock.wall));
      year.jump(random(2) === 0 ? random(3 * HOUR) : -random(back + 1));
    } else if (event < 18) year.restart(random(random(4) === 0 ? 3 * DAY : MINUTE));
  }
  year.live(4 * HOUR, random);
  const lived = performance.now();

  let due = 0;
  for (const job of jobs) {
    const spans = (year.ledger.get(job.name) ?? []).toSorted((one, other) => one.firstMs - other.firstMs);
    let next = nextDue(job.trigger, START);
    for (const span of spans) {
      const firstMs = next;
      let count = 0;
      let lastMs: number | undefined;
      while (next !== undefined && next <= span.lastMs) {
        count += 1;
        lastMs = next;
        next = nextDue(job.trigger, next);
      }
      // Plain comparing, since there are many and expectations take longer than what they look at.
      const counted = span.exact ? count === span.count : count > span.count;
      if (firstMs !== span.firstMs || lastMs !== span.lastMs || !counted) {
        throw new Error(
          `${job.name}: ${firstMs}, ${lastMs}, ${count}, but told ${JSON.stringify(span)} (seed ${seed})`,
        );
      }
      due += count;
    }
    // Nothing is left but what may still wait for its jitter, or for a clock that went back to catch up.
    if (next !== undefined) expect(next).toBeGreaterThan(year.clock.wall - job.jitterMs - 1);
  }
  const { ran, missed, skipped, sleeps, jumps, restarts } = year.totals;
  console.log(
    `seed ${seed}: ${due} due times of 1,000 jobs: ${ran} ran, ${missed} made up for, ${skipped} skipped; ` +
      `${sleeps} sleeps, ${jumps} clock jumps, ${restarts} restarts, ${year.clock.wakes} wakes; ` +
      `lived in ${Math.round(lived - started)} ms, checked in ${Math.round(performance.now() - lived)} ms`,
  );
  expect(due).toBeGreaterThan(50_000);
});
