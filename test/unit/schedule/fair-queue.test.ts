import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pickToStart, type RunningRun, type WaitingRun } from '../../../main/daemon/schedule/fair-queue.ts';

function waitingRun(runId: string, given: Partial<WaitingRun> = {}): WaitingRun {
  const job = runId.split('/')[0] ?? runId;
  return { runId, job, dueMs: 0, waitingSinceMs: 0, mostAtOnce: 1, service: false, ...given };
}

const never = new Map<string, number>();

describe('picks', () => {
  test('the longest waiting first, then the oldest due time', () => {
    const waiting = [
      waitingRun('c', { waitingSinceMs: 20, dueMs: 1 }),
      waitingRun('b', { waitingSinceMs: 10, dueMs: 9 }),
      waitingRun('a', { waitingSinceMs: 10, dueMs: 10 }),
    ];
    expect(pickToStart(waiting, [], 3, never)).toEqual(['b', 'a', 'c']);
    expect(pickToStart(waiting, [], 1, never)).toEqual(['b']);
    expect(pickToStart(waiting, [], 0, never)).toEqual([]);
  });

  test('no more than there are places', () => {
    const running: RunningRun[] = [{ job: 'x', service: false }];
    expect(pickToStart([waitingRun('a'), waitingRun('b')], running, 2, never)).toEqual(['a']);
    expect(pickToStart([waitingRun('a')], running, 1, never)).toEqual([]);
    expect(pickToStart([waitingRun('a')], running, Number.POSITIVE_INFINITY, never)).toEqual(['a']);
  });

  test('no more runs of a job than it allows, leaving its place to others', () => {
    const waiting = [waitingRun('a/1'), waitingRun('a/2'), waitingRun('b/1')];
    expect(pickToStart(waiting, [], 3, never)).toEqual(['a/1', 'b/1']);
    expect(pickToStart(waiting, [{ job: 'a', service: false }], 3, never)).toEqual(['b/1']);
    const parallel = waiting.map((run) => ({ ...run, mostAtOnce: 2 }));
    expect(pickToStart(parallel, [], 4, never)).toEqual(['a/1', 'b/1', 'a/2']);
  });

  test('a job that had its turn lately after those that wait for longer than that', () => {
    const waiting = [waitingRun('a/2', { waitingSinceMs: 1 }), waitingRun('b/1', { waitingSinceMs: 50 })];
    expect(pickToStart(waiting, [], 1, new Map([['a', 60]]))).toEqual(['b/1']);
    expect(pickToStart(waiting, [], 1, new Map([['a', 40]]))).toEqual(['a/2']);
  });

  test('services whatever the places, and they take none', () => {
    const waiting = [
      waitingRun('sync', { service: true, waitingSinceMs: 99 }),
      waitingRun('a'),
      waitingRun('b'),
    ];
    expect(pickToStart(waiting, [], 1, never)).toEqual(['a', 'sync']);
    expect(pickToStart(waiting, [{ job: 'x', service: false }], 1, never)).toEqual(['sync']);
    const services = Array.from({ length: 5 }, (_, index) => ({ job: `s${index}`, service: true }));
    expect(pickToStart(waiting, services, 1, never)).toEqual(['a', 'sync']);
  });
});

/** Lets runs arrive, start and end at random; tells how many other runs started while each one could have. */
function play(arrivals: readonly (readonly number[])[], places: number, mostAtOnce: number, seed: number) {
  let random = seed;
  const next = (below: number) => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return random % below;
  };
  let waiting: WaitingRun[] = [];
  let running: { run: WaitingRun; endsAt: number }[] = [];
  const lastStarted = new Map<string, number>();
  const passedBy = new Map<string, string[]>();
  const started: string[] = [];
  let total = 0;
  for (let now = 0; now < arrivals.length || waiting.length > 0; now += 1) {
    running = running.filter(({ endsAt }) => endsAt > now);
    for (const job of arrivals[now] ?? []) {
      const run = waitingRun(`j${job}/${total}`, { dueMs: now - next(100), waitingSinceMs: now, mostAtOnce });
      total += 1;
      waiting.push(run);
      passedBy.set(run.runId, []);
    }
    const going = running.map(({ run }) => ({ job: run.job, service: false }));
    const picked = pickToStart(waiting, going, places, lastStarted);
    for (const id of picked) {
      const run = waiting.find(({ runId }) => runId === id);
      if (run === undefined) throw new Error(`${id} was not waiting`);
      waiting = waiting.filter((other) => other !== run);
      for (const other of waiting) passedBy.get(other.runId)?.push(run.job);
      running.push({ run, endsAt: now + 1 + next(5) });
      started.push(id);
      lastStarted.set(run.job, now);
    }
    const jobs = running.map(({ run }) => run.job);
    expect(running.length).toBeLessThanOrEqual(places);
    for (const job of new Set(jobs))
      expect(jobs.filter((one) => one === job).length).toBeLessThanOrEqual(mostAtOnce);
    // No place is left empty while somebody may have it.
    if (running.length < places) {
      for (const { job } of waiting) expect(jobs.filter((one) => one === job).length).toBe(mostAtOnce);
    }
  }
  return { started, total, passedBy };
}

const arrivals = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), {
  maxLength: 30,
  size: 'max',
});

test('every run starts once, within the limits, and no place stays empty', () => {
  let runs = 0;
  fc.assert(
    fc.property(
      arrivals,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(),
      (all, places, most, seed) => {
        const { started, total } = play(all, places, most, seed);
        expect(new Set(started).size).toBe(started.length);
        expect(started.length).toBe(total);
        runs += total;
      },
    ),
    { numRuns: 300 },
  );
  console.log(`${runs} runs`);
});

test('a flood of one job passes the run of another at most once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(),
      (places, most, seed) => {
        const flood = [Array.from({ length: 60 }, () => 0), [], [1, 2], [3]];
        const { passedBy } = play(flood, places, most, seed);
        for (const [id, jobs] of passedBy) {
          if (id.startsWith('j0/')) continue;
          for (const job of new Set(jobs))
            expect(jobs.filter((one) => one === job).length).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('ten thousand waiting runs are sorted out at once', () => {
  const waiting = Array.from({ length: 10_000 }, (_, index) =>
    waitingRun(`j${index % 3_000}/${index}`, { mostAtOnce: 2 }),
  );
  expect(pickToStart(waiting, [], Number.POSITIVE_INFINITY, never).length).toBe(6_000);
  expect(pickToStart(waiting, [], 100, never).length).toBe(100);
});
