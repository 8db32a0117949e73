import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Job } from '../../../main/daemon/config/configuration.ts';
import { configurationOf, duplicates, job, service, until, Workshop } from './support.ts';

const ROUNDS = 12;

/** Jobs of all policies that start, chain, retry, overlap and wait all the time. */
function busyJobs(shop: Workshop): readonly Job[] {
  const stubborn = `trap '' TERM; sleep ${shop.token} & wait; sleep ${shop.token}`;
  const triggers = [{ kind: 'start' }, { kind: 'every', interval: 1_000 }] as const;
  const retry = { attempts: 3, backoff: { from: 1, to: 30 } };
  const policies = [
    { kind: 'skip' },
    { kind: 'replace' },
    { kind: 'queue', limit: 3 },
    { kind: 'parallel', limit: 3 },
  ] as const;
  return policies.flatMap((overlap) => [
    job(`quick-${overlap.kind}`, 'true', shop, { triggers, overlap }),
    job(`next-${overlap.kind}`, 'sleep 0.05', shop, {
      triggers: [{ kind: 'after', job: `quick-${overlap.kind}` }],
      overlap,
    }),
    job(`failing-${overlap.kind}`, 'sleep 0.02; false', shop, { triggers, overlap, retry }),
    job(`stubborn-${overlap.kind}`, stubborn, shop, { triggers, overlap }),
    service(`flapping-${overlap.kind}`, 'sleep 0.05', shop, { backoff: { from: 1, to: 10 } }),
  ]);
}

test('a stop at any moment ends everything: nothing is alive, and each run has its outcome', async () => {
  let runs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const shop = new Workshop();
    try {
      const jobs = busyJobs(shop);
      await shop.start(jobs, { maxConcurrent: randomInt(1, 12) });
      const asked = jobs.map(({ name }) => shop.engine.jobs.run(name, []).catch(() => {}));
      if (round % 3 === 1) shop.engine.update(configurationOf(jobs.slice(randomInt(jobs.length)), 5));
      if (round % 3 === 2) shop.engine.jobs.pause('all', 'Ada');
      await sleep(randomInt(0, 400));
      await shop.stop();
      await Promise.all(asked);
      // A guard that was just dismissed may need a moment to leave.
      await until('nothing is alive', async () => (await shop.alive()).length === 0);
      const history = await shop.history();
      expect(history.filter(({ state }) => state !== 'ended')).toEqual([]);
      expect(duplicates(history)).toBe(0);
      expect(history.filter((run) => run.state === 'ended' && run.outcome.kind === 'lost')).toEqual([]);
      expect(shop.log.filter(({ level }) => level >= 50)).toEqual([]);
      runs += history.length;
    } finally {
      await shop.close();
    }
  }
  console.log(`stop: ${ROUNDS} rounds, ${runs} runs, each with an outcome, 0 processes left`);
});
