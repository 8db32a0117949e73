import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job, TriggeredJob } from '../../../main/daemon/config/configuration.ts';
import { systemClock } from '../../../main/daemon/schedule/system-clock.ts';
import type { TimerClock } from '../../../main/daemon/schedule/timer.ts';
import { configurationOf, job, until, Workshop } from './support.ts';

let shop: Workshop;
let child: ChildProcess | undefined;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await shop.close();
});

/** The first whole second that is at least so many milliseconds away. */
const secondAfter = (ms: number): string =>
  new Date(Math.ceil((Date.now() + ms) / 1_000) * 1_000).toISOString();

function dueAt(time: string, name: string, text: string, changes: Partial<TriggeredJob> = {}): TriggeredJob {
  return job(name, text, shop, { triggers: [{ kind: 'at', time, timezone: 'UTC' }], ...changes });
}

const isPast = (time: string): boolean => Date.now() > Date.parse(time) + 300;

/** Waits until a process is prepared, which is no run; returns the PIDs of it and of its guard. */
async function prepared(): Promise<readonly number[]> {
  let found: readonly { readonly pid: number }[] = [];
  await until('a process is prepared', async () => {
    found = await shop.alive();
    return found.length === 2;
  });
  expect(shop.runs()).toEqual([]);
  return found.map(({ pid }) => pid);
}

async function expectNothingAlive(): Promise<void> {
  await until('nothing is alive', async () => (await shop.alive()).length === 0);
}

test('a run is the process that was prepared for it, and knows of itself what the history says', async () => {
  const time = secondAfter(1_500);
  const text =
    'echo "$SOLOIST_RUN_ID $SOLOIST_SCHEDULED_AT $SOLOIST_TRIGGER $SOLOIST_ATTEMPT"; echo $$ >> pids';
  await shop.start([dueAt(time, 'one', text)]);
  const pids = await prepared();
  expect(shop.engine.jobs.list()[0]).toMatchObject({ running: [], queued: [], last: null, nextDue: time });
  await until('it has run', () => shop.outcomes('one')[0] === 'succeeded');
  const [run] = shop.runs('one');
  expect(pids).toContain(run?.pid);
  expect(shop.trace('pids')).toEqual([String(run?.pid)]);
  expect(run?.output?.bytes).toBe(`${run?.id} ${time} at 1\n`.length);
  expect(Date.parse(run?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(time));
  await expectNothingAlive();
});

test('a job of every second is prepared again and again, and runs once for each due time', async () => {
  const triggers = [{ kind: 'every', interval: 1_000 }] as const;
  await shop.start([
    job('tick', 'echo "$SOLOIST_RUN_ID $SOLOIST_SCHEDULED_AT" >> ticks', shop, { triggers }),
  ]);
  const seen = new Set<number>();
  while (shop.runs('tick').filter(({ state }) => state === 'ended').length < 4) {
    for (const { pid } of await shop.alive()) seen.add(pid);
    await sleep(20);
  }
  await shop.stop();
  const runs = await shop.history();
  const traces = runs.map(
    ({ id, trigger }) => `${id} ${new Date('due' in trigger ? trigger.due : 0).toISOString()}`,
  );
  expect(shop.trace('ticks')).toEqual(traces);
  for (const run of runs.slice(1))
    expect(seen).toContain(run.state === 'queued' ? 0 : run.execution?.processes.child?.pid);
});

const changes: readonly (readonly [
  what: string,
  change: (time: string) => void,
  outcomes: readonly string[],
])[] = [
  ['the job is paused', () => shop.engine.jobs.pause('one', 'Ada'), ['skipped: the job is paused (Ada)']],
  ['the job is removed', () => shop.engine.update(configurationOf([])), []],
  [
    'the job is disabled',
    (time) =>
      shop.engine.update(configurationOf([dueAt(time, 'one', 'echo ran >> ran', { enabled: false })])),
    [],
  ],
  [
    'the job runs something else',
    (time) => shop.engine.update(configurationOf([dueAt(time, 'one', 'echo other >> ran')])),
    ['succeeded'],
  ],
];

test.each(changes)('what is prepared is ended and never runs when %s', async (_, change, outcomes) => {
  const time = secondAfter(2_500);
  await shop.start([dueAt(time, 'one', 'echo old >> ran')]);
  const pids = await prepared();
  change(time);
  await until('the prepared process is gone', async () =>
    (await shop.alive()).every(({ pid }) => !pids.includes(pid)),
  );
  await until('the due time has passed', () => isPast(time));
  await until('it is over', () => shop.runs().every(({ state }) => state === 'ended'));
  // The history knows a job only from its first run on.
  const history = await shop.stop().then(() => shop.history());
  expect(history.map(({ state }) => state)).toEqual(outcomes.map(() => 'ended'));
  expect(history.flatMap((run) => (run.state === 'ended' ? run.outcome.kind : []))).toEqual(
    outcomes.map((outcome) => outcome.split(':')[0]),
  );
  expect(shop.trace('ran')).toEqual(outcomes.includes('succeeded') ? ['other'] : []);
  await expectNothingAlive();
});

test('a stop ends what is prepared, and nothing of it is recorded', async () => {
  await shop.start([dueAt(secondAfter(2_500), 'one', 'echo ran >> ran')]);
  await prepared();
  await shop.stop();
  expect(await shop.alive()).toEqual([]);
  expect(await shop.history()).toEqual([]);
});

test('what is prepared ends with a daemon that is killed, and never runs', async () => {
  const time = secondAfter(4_000);
  const jobs: readonly Job[] = [dueAt(time, 'one', 'echo ran >> ran', { grace: 60_000 })];
  const program = join(import.meta.dirname, 'daemon-process.ts');
  const words = ['--no-warnings', program, shop.home, shop.token, JSON.stringify(jobs)];
  child = spawn(process.execPath, words, { stdio: 'inherit' });
  // The daemon carries the token in its words.
  await until('a process is prepared', async () => (await shop.alive()).length === 3);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expectNothingAlive();
  await until('the due time has passed', () => isPast(time));
  expect(shop.trace('ran')).toEqual([]);
  expect(await shop.history()).toEqual([]);
});

test('a run of another time comes between: the ids of a job are in the order of its runs', async () => {
  const time = secondAfter(2_500);
  await shop.start([dueAt(time, 'one', 'echo "$SOLOIST_RUN_ID" >> ids')]);
  await prepared();
  await shop.engine.jobs.run('one', []);
  await until('both have run', () => shop.outcomes('one').join() === 'succeeded,succeeded');
  expect(shop.runs('one').map(({ trigger }) => trigger)).toEqual(['person', 'at']);
  const ids = shop.runs('one').map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
  expect(shop.trace('ids')).toEqual(ids);
});

test('a job that would overlap, or for which there is no place, is not prepared until that changes', async () => {
  const time = secondAfter(2_500);
  const text = `[ -e second ] || { touch second; sleep ${shop.token}; }`;
  await shop.start([dueAt(time, 'one', text), dueAt(time, 'two', 'true')], { maxConcurrent: 1 });
  await shop.engine.jobs.run('one', []);
  await sleep(Date.parse(time) - Date.now() - 1_000);
  const commands = (await shop.alive())
    .map(({ command }) => command)
    .filter((one) => one.includes('soloist-guard'));
  // The guard of the one that runs.
  expect(commands.length).toBe(1);
  await shop.engine.jobs.cancel('one');
  await until('one of both is prepared', async () => (await shop.alive()).length === 2);
  await until('all is over', () => shop.runs().filter(({ state }) => state === 'ended').length === 3);
  expect([shop.outcomes('one').at(-1), shop.outcomes('two').at(-1)]).toEqual(['succeeded', 'succeeded']);
});

test('what reads files when it starts is not prepared: what they hold when it is due counts', async () => {
  const time = secondAfter(1_500);
  await shop.start([
    dueAt(time, 'file', 'true', {
      environment: { defaults: {}, files: ['/dev/null'], own: { TOKEN: shop.token } },
    }),
    dueAt(time, 'kept', 'true', { orphans: 'keep' }),
    dueAt(time, 'missing', 'true', {
      command: { kind: 'program', program: 'no-such-program', arguments: [] },
    }),
  ]);
  await sleep(Date.parse(time) - Date.now() - 100);
  expect(await shop.alive()).toEqual([]);
  await until('all is over', () => shop.runs().filter(({ state }) => state === 'ended').length === 3);
  expect(shop.outcomes('missing')).toEqual(['failed']);
  expect(shop.outcomes('file')).toEqual(['succeeded']);
});

/** The computer's clock, until somebody sets it. */
function settable() {
  let offset = 0;
  const clock: TimerClock = { ...systemClock, now: () => Date.now() + offset };
  const set = (byMs: number): void => {
    offset += byMs;
  };
  return { clock, set };
}

test('the clock is set forward past the due time: it is missed, and what was prepared for it ends', async () => {
  const { clock, set } = settable();
  await shop.start([dueAt(secondAfter(2_500), 'one', 'echo ran >> ran')], { clock });
  await prepared();
  set(3 * 3_600_000);
  shop.engine.wake();
  await until('it is skipped', () => shop.outcomes('one')[0]?.startsWith('skipped') === true);
  await expectNothingAlive();
  expect(shop.trace('ran')).toEqual([]);
});

test('the clock is set back: what was prepared ends, and the job runs when it is due', async () => {
  const { clock, set } = settable();
  const time = secondAfter(2_500);
  await shop.start([dueAt(time, 'one', 'echo ran >> ran')], { clock });
  await prepared();
  set(-8_000);
  await expectNothingAlive();
  await until('it has run', () => shop.outcomes('one')[0] === 'succeeded');
  expect(shop.trace('ran').length).toBe(1);
});
