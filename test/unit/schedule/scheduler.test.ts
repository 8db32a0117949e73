import { beforeEach, describe, expect, test } from 'vitest';
import type { DueAccount } from '../../../main/daemon/schedule/missed.ts';
import { type ScheduledJob, Scheduler } from '../../../main/daemon/schedule/scheduler.ts';
import { cronTrigger, everyTrigger, jitterMs } from '../../../main/daemon/schedule/triggers.ts';
import { HeldClock } from './clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 4, 1, 12);

let clock: HeldClock;
let told: { name: string; account: DueAccount; nowMs: number }[];
let scheduler: Scheduler;

beforeEach(() => {
  clock = new HeldClock(START);
  told = [];
  scheduler = newScheduler();
});

function newScheduler(): Scheduler {
  return new Scheduler(clock, (job, account, nowMs) => {
    told.push({ name: job.name, account, nowMs });
  });
}

function job(name: string, given: Partial<ScheduledJob> = {}): ScheduledJob {
  return {
    name,
    trigger: cronTrigger(['0 * * * *'], 'UTC'),
    missed: { kind: 'once' },
    missedGraceMs: undefined,
    jitterMs: 0,
    firstSeenMs: START,
    lastDueMs: undefined,
    ...given,
  };
}

const runs = () =>
  told.flatMap(({ account }) => account.run.map(({ dueMs, missed }) => [(dueMs - START) / HOUR, missed]));

test('runs each due time', () => {
  scheduler.set(job('a'));
  expect(scheduler.nextOf('a')).toEqual({ name: 'a', dueMs: START + HOUR, atMs: START + HOUR });
  clock.advance(3 * HOUR);
  expect(runs()).toEqual([
    [1, false],
    [2, false],
    [3, false],
  ]);
});

test('accounts for what was missed before it is told of the job, at once', () => {
  scheduler.set(
    job('a', { firstSeenMs: START - DAY, lastDueMs: START - 5 * HOUR, missed: { kind: 'all', limit: 2 } }),
  );
  expect(runs()).toEqual([
    [-2, true],
    [-1, true],
    [0, false],
  ]);
  expect(told[0]?.account.skipped).toMatchObject([{ reason: 'over-limit', count: 2 }]);
});

describe('a computer that sleeps', () => {
  test.each([true, false])('makes up for what it missed (monotonic clock goes on: %s)', (goesOn) => {
    scheduler.set(job('once'));
    scheduler.set(job('skip', { missed: { kind: 'skip' } }));
    clock.advance(30 * MINUTE);
    clock.sleep(3 * HOUR + 10 * MINUTE, goesOn);
    clock.advance(2 * MINUTE);
    expect(
      told.map(({ name, account }) => [name, account.run.length, account.skipped.map(({ count }) => count)]),
    ).toEqual([
      ['once', 1, [2]],
      ['skip', 0, [3]],
    ]);
    clock.advance(HOUR);
    expect(told.slice(2).map(({ account }) => account.run)).toEqual([
      [{ dueMs: START + 4 * HOUR, missed: false }],
      [{ dueMs: START + 4 * HOUR, missed: false }],
    ]);
  });

  test('and wakes just in time, runs what is due whatever the policy', () => {
    scheduler.set(job('skip', { missed: { kind: 'skip' } }));
    clock.sleep(3 * HOUR + 20_000, false);
    scheduler.wake();
    expect(runs()).toEqual([[3, false]]);
    expect(told[0]?.account.skipped).toMatchObject([{ count: 2, reason: 'policy-skip' }]);
  });
});

describe('a clock that is set back', () => {
  test('a little: nothing is run again', () => {
    scheduler.set(job('a'));
    clock.advance(2 * HOUR + MINUTE);
    clock.jump(-2 * HOUR);
    clock.advance(4 * HOUR);
    expect(runs()).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, false],
    ]);
  });

  test('much: the new time holds at once', () => {
    clock = new HeldClock(START + 400 * DAY);
    scheduler = newScheduler();
    scheduler.set(job('seen', { firstSeenMs: clock.wall }));
    scheduler.set(job('ran', { lastDueMs: clock.wall }));
    scheduler.set(
      job('every', { trigger: everyTrigger(HOUR, clock.wall + 7 * MINUTE), firstSeenMs: clock.wall }),
    );
    clock.advance(2 * MINUTE);
    clock.wall = START + 5 * MINUTE;
    clock.advance(HOUR - 5 * MINUTE);
    expect(told.map(({ name, nowMs }) => [name, (nowMs - START) / MINUTE])).toEqual([
      ['every', 7],
      ['ran', 60],
      ['seen', 60],
    ]);
    // And what is missed after that is accounted for as ever.
    clock.sleep(3 * HOUR, false);
    scheduler.wake();
    expect(
      told.slice(3).map(({ name, account }) => [name, account.run.length, account.skipped[0]?.count]),
    ).toEqual([
      ['every', 1, 2],
      ['ran', 1, 2],
      ['seen', 1, 2],
    ]);
  });
});

test('jitter delays the start, not the due time, and survives a restart', () => {
  const most = 20 * MINUTE;
  const wait = jitterMs('a', START + HOUR, most);
  scheduler.set(job('a', { jitterMs: most }));
  expect(scheduler.nextOf('a')).toEqual({ name: 'a', dueMs: START + HOUR, atMs: START + HOUR + wait });
  clock.advance(HOUR + Math.floor(wait / 2));
  scheduler.stop();
  scheduler = newScheduler();
  scheduler.set(job('a', { jitterMs: most }));
  expect(told).toEqual([]);
  clock.advance(wait);
  expect(told).toMatchObject([
    { nowMs: START + HOUR + wait, account: { run: [{ dueMs: START + HOUR, missed: false }] } },
  ]);
});

test('being told of one job may remove and replace others', () => {
  const seen: string[] = [];
  scheduler = new Scheduler(clock, ({ name }) => {
    seen.push(name);
    if (name !== 'a') return;
    scheduler.remove('b');
    scheduler.set(job('c', { trigger: cronTrigger(['30 * * * *'], 'UTC'), firstSeenMs: clock.wall }));
  });
  for (const name of ['a', 'b', 'c', 'd']) scheduler.set(job(name));
  clock.advance(HOUR);
  expect(seen).toEqual(['a', 'd']);
  clock.advance(HOUR);
  expect(seen).toEqual(['a', 'd', 'c', 'a', 'd']);
});

test('a failure of whoever is told of one job does not keep the others from being told of', () => {
  const seen: string[] = [];
  scheduler = new Scheduler(clock, ({ name }) => {
    seen.push(name);
    if (name !== 'c') throw new Error(`${name} failed`);
  });
  for (const name of ['a', 'b', 'c']) scheduler.set(job(name));
  let failure: unknown;
  try {
    clock.advance(HOUR);
  } catch (error) {
    failure = error;
  }
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(failure).toBeInstanceOf(AggregateError);
  expect(() => clock.advance(HOUR)).toThrow('telling about due jobs failed');
  expect(seen).toHaveLength(6);
});

test('what is never due needs no timer, and what is not known has no next', () => {
  scheduler.set(job('never', { trigger: cronTrigger(['0 0 30 2 *'], 'UTC') }));
  expect(scheduler.nextOf('never')).toBeUndefined();
  expect(scheduler.nextOf('unknown')).toBeUndefined();
  expect(scheduler.remove('unknown')).toBe(false);
  expect(clock.timers).toBe(0);
});

test('10,000 jobs are set, and cost nothing while idle (measurement)', () => {
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  for (let index = 0; index < 10_000; index += 1) {
    const trigger = cronTrigger([`${index % 60} ${index % 7} ${1 + (index % 28)} * *`], 'Europe/Berlin');
    scheduler.set(job(`job-${index}`, { trigger }));
  }
  const set = performance.now();
  for (let index = 0; index < 10_000; index += 1) {
    const trigger = cronTrigger([`${index % 60} ${index % 7} * * *`], 'Europe/Berlin');
    scheduler.set(job(`job-${index}`, { trigger, firstSeenMs: 0, lastDueMs: START - 7 * DAY }));
  }
  const again = performance.now();
  expect(told).toHaveLength(10_000);
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
  console.log(
    `10,000 jobs: ${Math.round(set - started)} ms, a week missed of each: ${Math.round(again - set)} ms, heap ${megabytes.toFixed(1)} MB (garbage included)`,
  );
  clock.advance(10 * HOUR);
  expect(clock.wakes).toBeLessThanOrEqual(10 * 60 + told.length);
  expect(set - started).toBeLessThan(20_000);
});
