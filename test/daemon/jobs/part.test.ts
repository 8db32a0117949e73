import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobsPart } from '../../../main/jobs-part.ts';
import { configurationOf, job, testOptions, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

test('the part tells whether a run is due soon, also before there are any jobs, and passes on that the system woke', async () => {
  const part = jobsPart();
  expect(part.dueWithin(60_000)).toBe(false);
  part.wake();
  const time = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 30_000).toISOString();
  const triggers = [{ kind: 'at', time, timezone: 'UTC' }] as const;
  const jobs = [job('soon', 'true', shop, { triggers }), job('by-hand', 'true', shop)];
  const running = await part.start(testOptions(shop.home), configurationOf(jobs));
  try {
    expect([10_000, 60_000].map((ms) => part.dueWithin(ms))).toEqual([false, true]);
    part.jobs()?.pause('soon', 'Ada');
    expect(part.dueWithin(60_000)).toBe(false);
    part.jobs()?.resume('soon');
    expect(part.dueWithin(60_000)).toBe(true);
    part.wake();
    expect(part.dueWithin(60_000)).toBe(true);
  } finally {
    await running.stop({ kind: 'asked' });
  }
  expect(part.dueWithin(60_000)).toBe(false);
});
