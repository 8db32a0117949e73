import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OverlapPolicy } from '../../../main/daemon/config/configuration.ts';
import { configurationOf, job, until, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const slow = 'echo begin >> order; while [ ! -e go ]; do sleep 0.02; done; echo end >> order';

async function runThrice(overlap: OverlapPolicy): Promise<readonly string[]> {
  await shop.start([job('slow', slow, shop, { overlap }), job('open', 'touch go', shop)]);
  for (let round = 0; round < 3; round++) await shop.engine.jobs.run('slow', []);
  await shop.engine.jobs.run('open', []);
  await until('all have ended', () => !shop.runs('slow').some(({ state }) => state !== 'ended'));
  return shop.outcomes('slow');
}

test('overlap skip: further runs are skipped with the reason', async () => {
  const still = 'skipped: the last run is still going';
  expect(await runThrice({ kind: 'skip' })).toEqual(['succeeded', still, still]);
});

test('overlap queue: one after the other, and no more than allowed wait', async () => {
  const full = 'skipped: as many runs as allowed are waiting already';
  expect(await runThrice({ kind: 'queue', limit: 1 })).toEqual(['succeeded', 'succeeded', full]);
  expect(shop.trace('order')).toEqual(['begin', 'end', 'begin', 'end']);
});

test('overlap replace: the newest run ends those before it', async () => {
  const replaced = 'cancelled: a newer run of the job takes its place';
  expect(await runThrice({ kind: 'replace' })).toEqual([replaced, replaced, 'succeeded']);
});

test('overlap parallel: several at once, up to the limit', async () => {
  const limit = 'skipped: as many runs as allowed are going at once already';
  expect(await runThrice({ kind: 'parallel', limit: 2 })).toEqual(['succeeded', 'succeeded', limit]);
  expect(shop.trace('order').slice(0, 2)).toEqual(['begin', 'begin']);
});

test('max_concurrent holds over all jobs', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await shop.start(
    names.map((name) => job(name, 'echo + >> at-once; sleep 0.1; echo - >> at-once', shop)),
    { maxConcurrent: 2 },
  );
  await Promise.all(names.map((name) => shop.engine.jobs.run(name, [])));
  await until('all have ended', () => shop.runs().every(({ state }) => state === 'ended'));
  let going = 0;
  let most = 0;
  for (const step of shop.trace('at-once')) {
    going += step === '+' ? 1 : -1;
    most = Math.max(most, going);
  }
  expect(most).toBe(2);
  expect(shop.trace('at-once').length).toBe(12);
});

test('a failed run is tried again, as the next attempt of the same due time, until it succeeds', async () => {
  const text = 'echo $SOLOIST_ATTEMPT >> attempts; [ "$SOLOIST_ATTEMPT" = 3 ]';
  await shop.start([
    job('flaky', text, shop, {
      triggers: [{ kind: 'every', interval: 3_600_000 }],
      retry: { attempts: 5, backoff: { from: 5, to: 20 } },
    }),
    job('chain', text, shop, {
      triggers: [{ kind: 'start' }],
      retry: { attempts: 2, backoff: { from: 5, to: 20 } },
    }),
  ]);
  await until('both attempts have failed', () => shop.outcomes('chain').join() === 'failed,failed');
  await shop.engine.jobs.run('flaky', []);
  await until('the run has ended', () => shop.outcomes('flaky')[0] === 'failed');
  expect(shop.runs('chain').map(({ attempt }) => attempt)).toEqual([1, 2]);
  // A person sees that a run failed, and decides.
  expect(shop.runs('flaky').length).toBe(1);
});

test('retries of a due time keep it', async () => {
  await shop.start([
    job('flaky', '[ "$SOLOIST_ATTEMPT" = 3 ]', shop, {
      triggers: [
        { kind: 'at', time: `${new Date(Date.now() + 1_500).toISOString().slice(0, 19)}Z`, timezone: 'UTC' },
      ],
      retry: { attempts: 5, backoff: { from: 5, to: 20 } },
    }),
  ]);
  await until('it has succeeded', () => shop.outcomes('flaky').includes('succeeded'));
  expect(shop.outcomes('flaky')).toEqual(['failed', 'failed', 'succeeded']);
  expect(shop.runs('flaky').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(new Set(shop.runs('flaky').map(({ due }) => due)).size).toBe(1);
});

test('a run beyond its timeout is ended with all its processes', async () => {
  await shop.start([
    job('long', `(trap '' TERM; sleep ${shop.token}) & sleep ${shop.token}`, shop, { timeout: 200 }),
  ]);
  await shop.engine.jobs.run('long', []);
  await until('it has ended', () => shop.outcomes('long')[0] === 'timed-out');
  expect(await shop.alive()).toEqual([]);
});

test('exit codes, output, usage, words and variables are as the job left them', async () => {
  await shop.start([job('told', 'echo "out $1 $SOLOIST_RUN_ID"; exit 3', shop, { successCodes: [3] })]);
  const { id } = await shop.engine.jobs.run('told', ['word']);
  await until('it has ended', () => shop.engine.jobs.show(id).state === 'ended');
  const run = shop.engine.jobs.show(id);
  expect(run).toMatchObject({ outcome: { kind: 'succeeded', exitCode: 3 }, attempt: 1, trigger: 'person' });
  expect(run.output?.bytes).toBe(`out word ${id}\n`.length);
  expect(run.pid).toBeGreaterThan(1);
  expect(
    shop.events.filter((event) => event.kind === 'run' && event.run.id === id).length,
  ).toBeGreaterThanOrEqual(3);
});

test('what cannot start has failed with the reason', async () => {
  await shop.start([
    job('missing', 'true', shop, { command: { kind: 'program', program: 'no-such-program', arguments: [] } }),
    job('file', 'true', shop, { environment: { defaults: {}, files: ['/no/such/file'], own: {} } }),
  ]);
  const run = await shop.engine.jobs.run('missing', []);
  await until('both have ended', () => shop.outcomes('missing')[0] === 'failed');
  expect(JSON.stringify(shop.engine.jobs.show(run.id).outcome)).toContain(
    "The program 'no-such-program' was not found",
  );
  const other = await shop.engine.jobs.run('file', []);
  await until('it has ended', () => shop.outcomes('file')[0] === 'failed');
  expect(JSON.stringify(shop.engine.jobs.show(other.id).outcome)).toContain('/no/such/file');
});

test('pause and resume are kept over a restart; due times in between are skipped with the reason', async () => {
  const jobs = [
    job('tick', 'true', shop, { triggers: [{ kind: 'every', interval: 1_000 }] }),
    job('other', 'true', shop),
  ];
  await shop.start(jobs);
  expect(shop.engine.jobs.pause('tick', 'Ada')).toEqual(['tick']);
  expect(shop.engine.jobs.pause('tick', 'Bob')).toEqual([]);
  expect(shop.engine.jobs.list()[0]).toMatchObject({ paused: { by: 'Ada' }, nextDue: null });
  await until('a due time has passed', () => shop.runs('tick').length >= 1);
  await shop.stop();
  await shop.start(jobs);
  await until('another due time has passed', () => shop.runs('tick').length >= 2);
  expect(new Set(shop.outcomes('tick'))).toEqual(new Set(['skipped: the job is paused (Ada)']));
  expect((await shop.engine.jobs.run('tick', [])).outcome?.kind).not.toBe('skipped');
  expect(shop.engine.jobs.resume('all')).toEqual(['tick']);
  await until('it runs again', () =>
    shop.runs('tick').some((run) => run.due !== null && run.outcome?.kind === 'succeeded'),
  );
});

test('cancel ends a run, or all of a job with those that wait; what does not exist is said with a hint', async () => {
  await shop.start([job('slow', `sleep ${shop.token}`, shop, { overlap: { kind: 'queue', limit: 5 } })]);
  const first = await shop.engine.jobs.run('slow', []);
  await shop.engine.jobs.run('slow', []);
  const third = await shop.engine.jobs.run('slow', []);
  expect(shop.engine.jobs.list()[0]?.queued.length).toBe(2);
  expect((await shop.engine.jobs.cancel(third.id)).map(({ id }) => id)).toEqual([third.id]);
  expect((await shop.engine.jobs.cancel('slow')).length).toBe(2);
  expect(await shop.engine.jobs.cancel(first.id)).toEqual([]);
  expect(shop.outcomes('slow')).toEqual(Array(3).fill('cancelled: cancelled by a person'));
  expect(await shop.alive()).toEqual([]);
  await expect(shop.engine.jobs.cancel('slwo')).rejects.toMatchObject({
    code: 'unknown-job',
    hint: 'Did you mean "slow"?',
  });
  expect(() => shop.engine.jobs.show('0nothing')).toThrow(expect.objectContaining({ code: 'unknown-run' }));
});

test('a new configuration touches only what changed, and runs in progress go on', async () => {
  const kept = job('kept', `sleep ${shop.token}`, shop);
  const removed = job('removed', 'while [ ! -e go ]; do sleep 0.02; done', shop);
  const tick = job('tick', 'true', shop, { triggers: [{ kind: 'every', interval: 1_000 }] });
  const hourly = job('hourly', 'true', shop, { triggers: [{ kind: 'every', interval: 3_600_000 }] });
  await shop.start([kept, removed, tick, hourly]);
  const running = await shop.engine.jobs.run('kept', []);
  const last = await shop.engine.jobs.run('removed', []);
  const due = shop.engine.jobs.list().find(({ name }) => name === 'hourly')?.nextDue;
  const faster = { ...hourly, triggers: [{ kind: 'every', interval: 1_000 }] as const };
  const disabled = { ...tick, enabled: false };
  shop.engine.update(
    configurationOf([kept, disabled, hourly, { ...faster, name: 'new' }, job('open', 'touch go', shop)]),
  );
  const ticks = shop.runs('tick').length;
  expect(shop.engine.jobs.list().map(({ name }) => name)).toEqual(['kept', 'tick', 'hourly', 'new', 'open']);
  expect(shop.engine.jobs.list().find(({ name }) => name === 'hourly')?.nextDue).toBe(due);
  await until('the new one runs', () => shop.runs('new').length >= 2);
  expect(shop.runs('tick').length).toBe(ticks);
  expect(shop.engine.jobs.show(running.id)).toMatchObject({ state: 'running', pid: running.pid });
  await shop.engine.jobs.run('open', []);
  await until('the removed one has come to its end', () => shop.engine.jobs.show(last.id).state === 'ended');
  expect(shop.engine.jobs.show(last.id).outcome?.kind).toBe('succeeded');
});

test('stop ends what runs and cancels what waits, with the reason; nothing is left', async () => {
  await shop.start([
    job('slow', `trap '' TERM; sleep ${shop.token} & wait; sleep ${shop.token}`, shop, {
      overlap: { kind: 'queue', limit: 5 },
    }),
  ]);
  for (let round = 0; round < 3; round++) await shop.engine.jobs.run('slow', []);
  await shop.stop();
  expect(await shop.alive()).toEqual([]);
  const outcome = { kind: 'cancelled', reason: 'the daemon stopped as asked' };
  expect(await shop.history()).toMatchObject(Array(3).fill({ state: 'ended', outcome }));
});

test('nothing starts once the home is lost', async () => {
  let isOwner = true;
  await shop.start([job('slow', `sleep ${shop.token}`, shop)], { isOwner: () => isOwner });
  isOwner = false;
  await shop.engine.jobs.run('slow', []);
  await until('it has ended', () => shop.outcomes('slow')[0] === 'cancelled: the daemon lost its home');
});

test('upcoming tells what the clock will make due, soonest first, and nothing of paused jobs', async () => {
  await shop.start([
    job('daily', 'true', shop, {
      triggers: [{ kind: 'schedule', patterns: ['0 3 * * *'], timezone: 'UTC' }],
    }),
    job('hourly', 'true', shop, {
      triggers: [{ kind: 'schedule', patterns: ['30 * * * *'], timezone: 'UTC' }],
    }),
  ]);
  const until_ = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const all = shop.engine.jobs.upcoming(until_, 100);
  expect(all.length).toBe(25);
  expect(all.map(({ due }) => due)).toEqual(all.map(({ due }) => due).toSorted());
  shop.engine.jobs.pause('hourly', 'Ada');
  expect(shop.engine.jobs.upcoming(until_, 100).map(({ job: name }) => name)).toEqual(['daily']);
});
