import { afterEach, beforeEach, expect, test } from 'vitest';
import { duplicates, isEnded, job, until, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const JOBS = 200;

test('200 jobs due in the same second: none dropped, none doubled, no more at once than allowed', async () => {
  const time = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 2_000).toISOString();
  const triggers = [{ kind: 'at', time, timezone: 'UTC' }] as const;
  const jobs = Array.from({ length: JOBS }, (_, index) =>
    job(`job-${index}`, `echo ${index} >> traces`, shop, { triggers, missed: { kind: 'once' } }),
  );
  await shop.start(jobs, { maxConcurrent: 20 });
  const view = () => shop.engine.jobs.list();
  await until('all are claimed', () => shop.runs().length === JOBS);
  for (const deadline = Date.now() + 50_000; Date.now() < deadline; ) {
    if (shop.trace('traces').length >= JOBS && view().every(({ last }) => last !== null)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await shop.stop();
  const runs = (await shop.history()).filter(isEnded);
  const traces = shop.trace('traces');
  expect(runs.length).toBe(JOBS);
  expect(runs.filter(({ outcome }) => outcome.kind !== 'succeeded')).toEqual([]);
  expect(new Set(traces).size).toBe(JOBS);
  expect(traces.length).toBe(JOBS);
  expect(duplicates(runs)).toBe(0);
  const steps = runs
    .flatMap(({ execution, endedAt }) =>
      execution === undefined
        ? []
        : [
            { at: execution.startedAt, by: 1 },
            { at: endedAt, by: -1 },
          ],
    )
    .sort((one, other) => one.at - other.at || one.by - other.by);
  let going = 0;
  let atOnce = 0;
  for (const { by } of steps) {
    going += by;
    atOnce = Math.max(atOnce, going);
  }
  expect(atOnce).toBeLessThanOrEqual(20);
  const last = Math.max(...runs.map(({ execution }) => execution?.startedAt ?? 0)) - Date.parse(time);
  console.log(
    `burst: ${JOBS} due, ${traces.length} ran, 0 doubled, ${atOnce} at once, last start after ${last} ms`,
  );
});
