import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../main/daemon/schedule/system-clock.ts';
import type { TimerClock } from '../../../main/daemon/schedule/timer.ts';
import { duplicates, job, until, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const eachSecond = [{ kind: 'schedule', patterns: ['* * * * * *'], timezone: 'UTC' }] as const;

test('a cron job of every second runs once for each due time, and is recorded so', async () => {
  await shop.start([
    job('tick', 'echo "$SOLOIST_SCHEDULED_AT $SOLOIST_TRIGGER $SOLOIST_JOB" >> ticks', shop, {
      triggers: eachSecond,
      overlap: { kind: 'parallel', limit: 10 },
    }),
  ]);
  expect(shop.engine.jobs.list()[0]).toMatchObject({ schedule: 'every second', running: [], last: null });
  await until(
    'four runs have ended',
    () => shop.outcomes('tick').filter((one) => one === 'succeeded').length >= 4,
  );
  await shop.stop();
  const runs = await shop.history();
  const dues = runs.map(({ trigger }) => ('due' in trigger ? trigger.due : Number.NaN));
  dues.forEach((due, index) => {
    if (index > 0) expect(due).toBe((dues[index - 1] ?? 0) + 1_000);
  });
  expect(duplicates(runs)).toBe(0);
  const succeeded = runs.filter((run) => run.state === 'ended' && run.outcome.kind === 'succeeded');
  const traces = shop.trace('ticks').map((line) => line.split(' ')[0]);
  const due = succeeded.map(({ trigger }) => ('due' in trigger ? new Date(trigger.due).toISOString() : ''));
  expect(traces.toSorted().slice(0, due.length)).toEqual(due);
  expect(shop.trace('ticks')[0]).toContain(' cron tick');
  console.log(`cron: ${runs.length} due times, ${traces.length} traces, ${duplicates(runs)} doubled`);
});

test('every and at make a job due, at once for one point in time only', async () => {
  const time = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 1_000).toISOString();
  await shop.start([
    job('every', 'true', shop, { triggers: [{ kind: 'every', interval: 1_000 }] }),
    job('at', 'true', shop, { triggers: [{ kind: 'at', time, timezone: 'UTC' }] }),
    job('past', 'true', shop, { triggers: [{ kind: 'at', time: '2020-01-01T00:00:00Z', timezone: 'UTC' }] }),
  ]);
  await until('three intervals have passed', () => shop.runs('every').length >= 3);
  const dues = shop.runs('every').map(({ due }) => Date.parse(due ?? ''));
  expect((dues[1] ?? 0) - (dues[0] ?? 0)).toBe(1_000);
  expect(shop.runs('at')).toMatchObject([{ trigger: 'at', outcome: { kind: 'succeeded' } }]);
  expect(Date.parse(shop.runs('at')[0]?.due ?? '')).toBe(Date.parse(time));
  expect(shop.runs('past')).toEqual([]);
});

test('two triggers of a job that name the same moment make one run', async () => {
  await shop.start([
    job('twice', 'true', shop, {
      triggers: [...eachSecond, { kind: 'schedule', patterns: ['*/1 * * * * *'], timezone: 'Europe/Berlin' }],
    }),
  ]);
  await until('three due times have passed', () => shop.runs('twice').length >= 3);
  const dues = shop.runs('twice').map(({ due }) => due);
  expect(new Set(dues).size).toBe(dues.length);
});

test('a start of the daemon starts jobs with on_start, a chain follows success only, and both say why they ran', async () => {
  await shop.start([
    job('first', 'echo first >> order', shop, { triggers: [{ kind: 'start' }] }),
    job('second', 'echo second $SOLOIST_TRIGGER >> order', shop, {
      triggers: [{ kind: 'after', job: 'first' }],
    }),
    job('third', 'echo third >> order; false', shop, { triggers: [{ kind: 'after', job: 'second' }] }),
    job('never', 'echo never >> order', shop, { triggers: [{ kind: 'after', job: 'third' }] }),
  ]);
  await until('the third has ended', () => shop.outcomes('third')[0] === 'failed');
  await shop.stop();
  expect(shop.trace('order')).toEqual(['first', 'second after', 'third']);
  expect((await shop.history()).map(({ job: name, trigger }) => [name, trigger.kind])).toEqual([
    ['first', 'start'],
    ['second', 'after'],
    ['third', 'after'],
  ]);
});

test('files that come make a job due, and those that come while it runs make the next run', async () => {
  const inbox = join(shop.folder, 'inbox');
  mkdirSync(inbox);
  const watch = { kind: 'watch', paths: [inbox], patterns: [], ignore: [], settle: 100 } as const;
  const text = 'echo "$SOLOIST_FILES" >> files; while [ ! -e go ]; do sleep 0.02; done';
  await shop.start([job('import', text, shop, { triggers: [watch] })]);
  expect(shop.engine.jobs.list()[0]?.schedule).toBe(`when files change in ${inbox}`);
  await sleep(300);
  writeFileSync(join(inbox, 'a'), 'a');
  await until('the first is imported', () => shop.trace('files').length === 1);
  writeFileSync(join(inbox, 'b'), 'b');
  await sleep(400);
  writeFileSync(join(inbox, 'c'), 'c');
  await sleep(400);
  expect(shop.trace('files').length).toBe(1);
  writeFileSync(join(shop.folder, 'go'), '');
  await until('the others are imported', () => shop.trace('files').length === 3);
  expect(shop.trace('files')).toEqual(['a', 'b', 'c'].map((name) => join(inbox, name)));
  await until('both have ended', () => shop.outcomes('import').join() === 'succeeded,succeeded');
});

/** The computer's clock, so many milliseconds ahead. */
const clockAhead = (ms: number): TimerClock => ({ ...systemClock, now: () => systemClock.now() + ms });
const MINUTE = 60_000;

test('what two triggers of a job have missed is told of both, though both missed the same moment last', async () => {
  const every = (minutes: number) => ({ kind: 'every', interval: minutes * MINUTE }) as const;
  const both = job('both', 'true', shop, { triggers: [every(30), every(20)] });
  const begin = Date.now();
  await shop.start([both]);
  await shop.stop();
  await shop.start([both], { clock: clockAhead(70 * MINUTE) });
  await until('both are accounted for', () => shop.runs('both').length === 2);
  const told = shop.runs('both').map(({ due, outcome }) => {
    const since = outcome?.kind === 'skipped' ? /since (.*)\)/.exec(outcome.reason)?.[1] : undefined;
    return [since, due].map((time) => Math.round((Date.parse(time ?? '') - begin) / MINUTE));
  });
  // Of the first 30 and 60, of the second 20, 40 and 60.
  expect(told.toSorted()).toEqual([
    [20, 40],
    [30, 60],
  ]);
});

test('what a stopped daemon missed is made up for as the policy says', async () => {
  const triggers = [{ kind: 'every', interval: 60 * MINUTE }] as const;
  const skip = job('skip', 'true', shop, { triggers });
  const once = job('once', 'true', shop, { triggers, missed: { kind: 'once' } });
  const missed = { kind: 'all', limit: 2 } as const;
  const all = job('all', 'true', shop, { triggers, missed, overlap: { kind: 'queue', limit: 9 } });
  const late = job('late', 'true', shop, { triggers, missed: { kind: 'once' }, missedGrace: 10 * MINUTE });
  const begin = Date.now();
  await shop.start([skip, once, all, late]);
  await shop.stop();
  // Away for three and a half hours.
  const away = 210 * MINUTE;
  await shop.start([skip, once, all, late, { ...once, name: 'new' }], { clock: clockAhead(away) });
  await until('all are accounted for', () => shop.runs().length === 7);
  await until('all have ended', () => shop.runs().every(({ state }) => state === 'ended'));
  const minutes = (time: string | null | undefined) => Math.round((Date.parse(time ?? '') - begin) / MINUTE);
  const accountOf = (name: string) =>
    shop.outcomes(name).map((one, index) => [minutes(shop.runs(name)[index]?.due), one.split(' (')[0]]);
  expect(accountOf('skip')).toEqual([[180, 'skipped: missed runs of this job are skipped']]);
  expect(accountOf('once')).toEqual([
    [120, 'skipped: a later due time is run instead'],
    [180, 'succeeded'],
  ]);
  expect(accountOf('all')).toEqual([
    [60, 'skipped: more runs were missed than the job makes up for'],
    [120, 'succeeded'],
    [180, 'succeeded'],
  ]);
  expect(accountOf('late')).toEqual([
    [180, 'skipped: it was missed by more than the grace period of the job'],
  ]);
  expect(accountOf('new')).toEqual([]);

  // What is accounted for stays so, an interval keeps its phase, and a changed trigger begins afresh.
  await shop.stop();
  const changed = { ...all, triggers: [{ kind: 'every', interval: 30 * MINUTE }] as const };
  await shop.start([skip, once, changed], { clock: clockAhead(away + 20 * MINUTE) });
  expect(shop.engine.jobs.list().map(({ nextDue }) => minutes(nextDue))).toEqual([240, 240, 260]);
  expect(shop.runs().length).toBe(7);
  expect(shop.log.filter(({ msg }) => msg === 'this due time was claimed already')).toEqual([]);
});
