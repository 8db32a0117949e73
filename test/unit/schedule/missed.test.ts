import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountForDue,
  COUNTED_MOST,
  type DueAccount,
  type MissedPolicy,
  type MissedQuestion,
  ON_TIME_MS,
} from '../../../main/daemon/schedule/missed.ts';
import {
  cronTrigger,
  everyTrigger,
  jitterMs,
  nextDue,
  type TimeTrigger,
} from '../../../main/daemon/schedule/triggers.ts';
import { anyPattern } from './vixie.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 03:00 and seven minutes and a half. */
const NOW = Date.UTC(2026, 4, 8, 3, 7, 30);
const DAILY = cronTrigger(['0 3 * * *'], 'UTC');
const HOURLY = cronTrigger(['0 * * * *'], 'UTC');

function account(question: Partial<MissedQuestion>): DueAccount {
  return accountForDue({
    trigger: DAILY,
    firstSeenMs: Date.UTC(2026, 0),
    lastDueMs: Date.UTC(2026, 4, 1, 3),
    nowMs: NOW,
    policy: { kind: 'once' },
    graceMs: undefined,
    jitterAt: () => 0,
    ...question,
  });
}

const at = (day: number, hour = 3) => Date.UTC(2026, 4, day, hour);

describe('a week without the daemon', () => {
  test('skip: nothing is run, and all are recorded', () => {
    expect(account({ policy: { kind: 'skip' } })).toEqual({
      run: [],
      skipped: [{ reason: 'policy-skip', firstMs: at(2), lastMs: at(8), count: 7, exact: true }],
      lastDueMs: at(8),
    });
  });

  test('once: the latest is run', () => {
    expect(account({ policy: { kind: 'once' } })).toEqual({
      run: [{ dueMs: at(8), missed: true }],
      skipped: [{ reason: 'superseded', firstMs: at(2), lastMs: at(7), count: 6, exact: true }],
      lastDueMs: at(8),
    });
  });

  test('all with a limit: the latest up to the limit, oldest first', () => {
    expect(account({ policy: { kind: 'all', limit: 3 } })).toEqual({
      run: [6, 7, 8].map((day) => ({ dueMs: at(day), missed: true })),
      skipped: [{ reason: 'over-limit', firstMs: at(2), lastMs: at(5), count: 4, exact: true }],
      lastDueMs: at(8),
    });
    expect(account({ policy: { kind: 'all', limit: 7 } }).skipped).toEqual([]);
  });

  test('the grace period counts to the millisecond', () => {
    const late = NOW - at(8);
    expect(account({ graceMs: late }).run).toEqual([{ dueMs: at(8), missed: true }]);
    expect(account({ graceMs: late - 1 })).toEqual({
      run: [],
      skipped: [{ reason: 'too-late', firstMs: at(2), lastMs: at(8), count: 7, exact: true }],
      lastDueMs: at(8),
    });
    expect(account({ graceMs: 2 * DAY, policy: { kind: 'all', limit: 1 } })).toEqual({
      run: [{ dueMs: at(8), missed: true }],
      skipped: [
        { reason: 'too-late', firstMs: at(2), lastMs: at(6), count: 5, exact: true },
        { reason: 'over-limit', firstMs: at(7), lastMs: at(7), count: 1, exact: true },
      ],
      lastDueMs: at(8),
    });
  });
});

describe('what is on time is run whatever the policy', () => {
  const policies: MissedPolicy[] = [{ kind: 'skip' }, { kind: 'once' }, { kind: 'all', limit: 2 }];
  test.each(policies)('$kind', (policy) => {
    const nowMs = at(8) + ON_TIME_MS;
    const onTime = account({ policy, nowMs, lastDueMs: at(7) });
    expect(onTime).toEqual({ run: [{ dueMs: at(8), missed: false }], skipped: [], lastDueMs: at(8) });
    expect(account({ policy, nowMs: nowMs + 1, lastDueMs: at(7) }).run).toEqual(
      policy.kind === 'skip' ? [] : [{ dueMs: at(8), missed: true }],
    );
  });

  test('once: it also stands in for what was missed before', () => {
    expect(account({ nowMs: at(8) + 1_000 })).toEqual({
      run: [{ dueMs: at(8), missed: false }],
      skipped: [{ reason: 'superseded', firstMs: at(2), lastMs: at(7), count: 6, exact: true }],
      lastDueMs: at(8),
    });
  });

  test('jitter: before it is over, the due time waits; then it is on time', () => {
    const jitterAt = () => 10 * MINUTE;
    expect(account({ jitterAt, lastDueMs: at(7) })).toEqual({ run: [], skipped: [], lastDueMs: undefined });
    expect(account({ jitterAt, lastDueMs: at(7), nowMs: at(8) + 10 * MINUTE }).run).toEqual([
      { dueMs: at(8), missed: false },
    ]);
    expect(account({ jitterAt, lastDueMs: at(6) })).toEqual({
      run: [{ dueMs: at(7), missed: true }],
      skipped: [],
      lastDueMs: at(7),
    });
  });
});

describe('nothing was missed', () => {
  const nothing: DueAccount = { run: [], skipped: [], lastDueMs: undefined };

  test('before the job was first seen', () => {
    expect(account({ firstSeenMs: NOW - MINUTE, lastDueMs: undefined })).toEqual(nothing);
    expect(account({ firstSeenMs: at(8) - 1, lastDueMs: undefined }).run).toEqual([
      { dueMs: at(8), missed: true },
    ]);
  });

  test('up to the last due time', () => {
    expect(account({ lastDueMs: at(8) })).toEqual(nothing);
  });

  test('when the clock went back, a little or much', () => {
    expect(account({ lastDueMs: NOW + HOUR })).toEqual(nothing);
    expect(account({ lastDueMs: NOW + 400 * DAY })).toEqual(nothing);
  });

  test('of a pattern that is never due, or a point in time that is past', () => {
    expect(account({ trigger: cronTrigger(['0 0 30 2 *'], 'UTC') })).toEqual(nothing);
    expect(
      account({
        trigger: { kind: 'at', atMs: NOW - DAY, zone: 'UTC' },
        firstSeenMs: NOW,
        lastDueMs: undefined,
      }),
    ).toEqual(nothing);
  });
});

test('a point in time that was missed', () => {
  const trigger: TimeTrigger = { kind: 'at', atMs: NOW - DAY, zone: 'UTC' };
  const missed = account({ trigger, firstSeenMs: NOW - 2 * DAY, lastDueMs: undefined });
  expect(missed).toEqual({ run: [{ dueMs: NOW - DAY, missed: true }], skipped: [], lastDueMs: NOW - DAY });
});

test('every second for a year: counted up to a limit, which is said', () => {
  const started = performance.now();
  const trigger = cronTrigger(['* * * * * *'], 'UTC');
  const since = NOW - 365 * DAY;
  expect(
    account({ trigger, lastDueMs: since, policy: { kind: 'all', limit: 100 }, graceMs: HOUR }),
  ).toMatchObject({
    // The latest of them is on time.
    run: { length: 101 },
    skipped: [
      {
        reason: 'too-late',
        firstMs: since + 1_000,
        lastMs: NOW - HOUR - 1_000,
        count: COUNTED_MOST,
        exact: false,
      },
      { reason: 'over-limit', count: COUNTED_MOST, exact: false, lastMs: NOW - 101_000 },
    ],
    lastDueMs: NOW,
  });
  const every = account({ trigger: everyTrigger(1_000, since), lastDueMs: since, policy: { kind: 'skip' } });
  expect(every.skipped).toMatchObject([{ count: 365 * 86_400 - 1, exact: true }]);
  console.log(`a year of every second: ${Math.round(performance.now() - started)} ms`);
});

test('each due time is accounted for exactly once, whenever and however often the question is asked', () => {
  const policy: fc.Arbitrary<MissedPolicy> = fc.oneof(
    fc.constant<MissedPolicy>({ kind: 'skip' }),
    fc.constant<MissedPolicy>({ kind: 'once' }),
    fc.integer({ min: 1, max: 5 }).map((limit): MissedPolicy => ({ kind: 'all', limit })),
  );
  const trigger = fc.oneof(
    anyPattern.map((pattern) => cronTrigger([pattern], 'Europe/Berlin')),
    fc.integer({ min: MINUTE, max: 2 * DAY }).map((interval) => everyTrigger(interval, at(1))),
    fc.constantFrom(HOURLY, DAILY),
  );
  const steps = fc.array(fc.integer({ min: 0, max: 2 * DAY }), { minLength: 1, maxLength: 6 });
  const grace = fc.option(fc.integer({ min: 0, max: 2 * DAY }), { nil: undefined });
  const jitter = fc.constantFrom(0, 0, 5 * MINUTE);
  let rounds = 0;
  let accounted = 0;
  fc.assert(
    fc.property(trigger, policy, grace, steps, jitter, (one, two, graceMs, naps, jitterMost) => {
      const firstSeenMs = at(1);
      const jitterAt = (dueMs: number) => jitterMs('job', dueMs, jitterMost);
      let nowMs = firstSeenMs;
      let lastDueMs: number | undefined;
      const spans: { first: number; last: number; count: number; exact: boolean }[] = [];
      for (const nap of naps) {
        nowMs += nap;
        const found = accountForDue({
          trigger: one,
          firstSeenMs,
          lastDueMs,
          nowMs,
          policy: two,
          graceMs,
          jitterAt,
        });
        if (found.lastDueMs !== undefined) lastDueMs = found.lastDueMs;
        for (const { dueMs, missed } of found.run) {
          spans.push({ first: dueMs, last: dueMs, count: 1, exact: true });
          if (missed && graceMs !== undefined) expect(nowMs - dueMs).toBeLessThanOrEqual(graceMs);
          if (missed) expect(two.kind).not.toBe('skip');
        }
        const made = found.run.filter(({ missed }) => missed).length;
        expect(made).toBeLessThanOrEqual(two.kind === 'all' ? two.limit : 1);
        for (const { firstMs, lastMs, count, exact } of found.skipped)
          spans.push({ first: firstMs, last: lastMs, count, exact });
      }
      spans.sort((left, right) => left.first - right.first);
      let due = nextDue(one, firstSeenMs);
      for (const span of spans) {
        expect(due).toBe(span.first);
        let count = 0;
        let last = due;
        for (; due !== undefined && due <= span.last; due = nextDue(one, due)) {
          count += 1;
          last = due;
        }
        expect(last).toBe(span.last);
        if (span.exact) expect(span.count).toBe(count);
        else expect(span.count).toBeLessThan(count);
        accounted += count;
      }
      if (due !== undefined && jitterMost === 0) expect(due).toBeGreaterThan(nowMs);
      rounds += 1;
    }),
    { numRuns: 400 },
  );
  console.log(`${rounds} jobs with ${accounted} due times`);
});
