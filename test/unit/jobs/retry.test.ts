import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TriggeredJob } from '../../../main/daemon/config/configuration.ts';
import type { Outcome, Trigger } from '../../../main/daemon/history/run.ts';
import { retryAfterMs } from '../../../main/daemon/jobs/retry.ts';
import { job, service } from '../../daemon/jobs/support.ts';

const place = { folder: '/', token: '' };
const due: Trigger = { kind: 'cron', due: 0 };
const failed: Outcome = { kind: 'failed', cause: { kind: 'exit', code: 1 } };
const retried = (retry: TriggeredJob['retry']) => job('flaky', 'false', place, { retry });
const three = retried({ attempts: 3, backoff: { from: 100, to: 1_000 } });

test('what failed or timed out is tried again, and nothing else is', () => {
  const after = (outcome: Outcome) => retryAfterMs(three, { trigger: due, attempt: 1, outcome }, () => 0.5);
  expect(after(failed)).toBeGreaterThanOrEqual(100);
  expect(after({ kind: 'timed-out' })).toBeGreaterThanOrEqual(100);
  const others: Outcome[] = [
    { kind: 'succeeded', exitCode: 0 },
    { kind: 'cancelled', reason: 'x' },
    { kind: 'skipped', reason: 'x' },
    { kind: 'lost' },
  ];
  for (const outcome of others) expect(after(outcome)).toBeUndefined();
});

test('neither what a person started nor a service is tried again', () => {
  const attempt = { attempt: 1, outcome: failed };
  expect(retryAfterMs(three, { ...attempt, trigger: { kind: 'person' } }, () => 0)).toBeUndefined();
  expect(
    retryAfterMs(service('s', 'false', place), { ...attempt, trigger: { kind: 'service' } }, () => 0),
  ).toBeUndefined();
});

test('there are exactly as many attempts as configured, each pause within the range', () => {
  const rounds = 1_000;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 1_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempts, from, more, random) => {
        const flaky = retried({ attempts, backoff: { from, to: from + more } });
        let attempt = 1;
        for (;;) {
          const ms = retryAfterMs(flaky, { trigger: due, attempt, outcome: failed }, () => random);
          if (ms === undefined) break;
          expect(ms).toBeGreaterThanOrEqual(Math.max(1, from));
          expect(ms).toBeLessThanOrEqual(Math.max(1, from + more));
          attempt += 1;
        }
        expect(attempt).toBe(attempts);
      },
    ),
    { numRuns: rounds },
  );
  console.log(`retry: ${rounds} rounds`);
});
