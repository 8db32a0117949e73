import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterServiceEnd,
  backoffMs,
  NO_FAILURES,
  type RestartPolicy,
  type RestartState,
} from '../../../main/daemon/schedule/backoff.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('backoff', () => {
  const range = { firstMs: SECOND, mostMs: 5 * MINUTE };

  test('doubles from the first wait to the longest', () => {
    const waits = [1, 2, 3, 4, 8, 9, 10, 99].map(
      (failures) => backoffMs(range, failures, () => 0.5) / SECOND,
    );
    expect(waits).toEqual([1.125, 2, 4, 8, 128, 246, 262.5, 262.5]);
  });

  test('is spread by a quarter to either side, within the range', () => {
    expect([0, 1 - Number.EPSILON].map((random) => backoffMs(range, 4, () => random))).toEqual([
      6_000, 10_000,
    ]);
    expect([0, 1 - Number.EPSILON].map((random) => backoffMs(range, 1, () => random))).toEqual([
      1_000, 1_250,
    ]);
    expect([0, 1 - Number.EPSILON].map((random) => backoffMs(range, 50, () => random))).toEqual([
      225_000, 300_000,
    ]);
  });

  test('never leaves its range, and its bounds never shrink with more failures', () => {
    const anyRange = fc
      .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 1, max: 10 ** 9 }))
      .map(([one, other]) => ({ firstMs: Math.min(one, other), mostMs: Math.max(one, other) }));
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    let rounds = 0;
    fc.assert(
      fc.property(anyRange, fc.integer({ min: 1, max: 5_000 }), random, (one, failures, chance) => {
        const wait = backoffMs(one, failures, () => chance);
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(one.firstMs);
        expect(wait).toBeLessThanOrEqual(one.mostMs);
        expect(backoffMs(one, failures + 1, () => chance)).toBeGreaterThanOrEqual(wait);
        rounds += 1;
      }),
      { numRuns: 1_000 },
    );
    console.log(`${rounds} waits`);
  });

  test('an empty range and no failure are faults', () => {
    expect(() => backoffMs({ firstMs: 2, mostMs: 1 }, 1, () => 0)).toThrow(RangeError);
    expect(() => backoffMs({ firstMs: 0, mostMs: 1 }, 1, () => 0)).toThrow(RangeError);
    expect(() => backoffMs(range, 0, () => 0)).toThrow(RangeError);
  });
});

describe('a service that ends', () => {
  const policy: RestartPolicy = {
    backoff: { firstMs: SECOND, mostMs: 5 * MINUTE },
    stableMs: MINUTE,
    flapping: { most: 3, windowMs: 10 * MINUTE },
  };

  /** Ends after each of these times of running, started again after `pauseMs`. */
  function ends(ranMs: readonly number[], pauseMs = SECOND) {
    let state: RestartState = NO_FAILURES;
    let startedMs = 0;
    return ranMs.map((ran) => {
      const after = afterServiceEnd(state, { startedMs, endedMs: startedMs + ran }, policy, () => 0);
      state = after.state;
      startedMs += ran + pauseMs;
      return after.decision;
    });
  }

  test('is restarted ever later, and given up when it ends too often', () => {
    expect(ends([10, 10, 10, 10])).toEqual([
      { kind: 'restart', afterMs: 1_000, failures: 1 },
      { kind: 'restart', afterMs: 1_500, failures: 2 },
      { kind: 'restart', afterMs: 3_000, failures: 3 },
      { kind: 'give-up', ends: 4, windowMs: 10 * MINUTE },
    ]);
  });

  test('starts afresh after it has run for a stable time', () => {
    expect(
      ends([10, 10, 10, MINUTE, 10]).map((decision) =>
        decision.kind === 'restart' ? decision.failures : 'give up',
      ),
    ).toEqual([1, 2, 3, 1, 2]);
    expect(ends([10, 10, 10, MINUTE - 1]).at(-1)?.kind).toBe('give-up');
  });

  test('is never given up when it ends less often than the window says', () => {
    const decisions = ends(
      Array.from({ length: 50 }, () => 10),
      4 * MINUTE,
    );
    expect(decisions.every(({ kind }) => kind === 'restart')).toBe(true);
  });

  test('never restarts more often than allowed, and remembers no more than the window', () => {
    const ran = fc.array(fc.integer({ min: 0, max: 90 * SECOND }), { maxLength: 60, size: 'max' });
    let restarts = 0;
    fc.assert(
      fc.property(ran, fc.integer({ min: 0, max: 2 * MINUTE }), (times, pause) => {
        let state: RestartState = NO_FAILURES;
        let now = 0;
        const quick: number[] = [];
        for (const time of times) {
          const endedMs = now + time;
          const { state: next, decision } = afterServiceEnd(
            state,
            { startedMs: now, endedMs },
            policy,
            () => 0.3,
          );
          state = next;
          if (time >= policy.stableMs) quick.length = 0;
          quick.push(endedMs);
          const recent = quick.filter((ms) => endedMs - ms < policy.flapping.windowMs).length;
          expect(decision.kind).toBe(recent > policy.flapping.most ? 'give-up' : 'restart');
          expect(state.endedMs.length).toBe(recent);
          if (decision.kind === 'give-up') return;
          restarts += 1;
          now = endedMs + Math.max(pause, decision.afterMs);
        }
      }),
      { numRuns: 500 },
    );
    console.log(`${restarts} restarts`);
  });
});
