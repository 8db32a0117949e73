import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noticesBetween, type Standing } from '../../../main/shell/notifications/notices.ts';
import { job, service, until, Workshop } from '../jobs/support.ts';

let shop: Workshop;
/** The titles of what a person would have been told, oldest first. */
let told: string[] = [];

beforeEach(() => {
  shop = new Workshop();
  told = [];
});
afterEach(() => shop.close());

/** Tells as the app does: of what changed whenever the alerts changed. */
async function start(jobs: Parameters<Workshop['start']>[0]): Promise<void> {
  await shop.start(jobs.map((one) => ({ ...one, notify: 'on-failure' })));
  const { jobs: engine } = shop.engine;
  const look = (): Standing => ({ alerts: engine.alerts(false), jobs: engine.list() });
  let last = look();
  engine.subscribe(({ kind }) => {
    if (kind !== 'alerts') return;
    const now = look();
    told.push(...noticesBetween(last.alerts, now).map(({ title }) => title));
    last = now;
  });
}

async function runToEnd(name: string): Promise<void> {
  const { id } = await shop.engine.jobs.run(name, []);
  await until('it has ended', () => shop.engine.jobs.show(id).state === 'ended');
}

test("a job's first failure after a success is told, repeats are not, and the recovery is", async () => {
  const good = join(shop.folder, 'good');
  await start([job('flaky', 'test -e good', shop), job('well', 'exit 0', shop)]);
  for (const isGood of [true, false, false, false, true, true, false, true]) {
    if (isGood) writeFileSync(good, '');
    else rmSync(good, { force: true });
    await runToEnd('flaky');
    await runToEnd('well');
  }
  expect(told).toEqual(['flaky failed', 'flaky works again', 'flaky failed', 'flaky works again']);
});

test('a failure that a person has acknowledged is not told again, and its recovery is', async () => {
  await start([job('flaky', 'test -e good', shop)]);
  await runToEnd('flaky');
  shop.engine.jobs.acknowledge('all');
  await runToEnd('flaky');
  writeFileSync(join(shop.folder, 'good'), '');
  await runToEnd('flaky');
  expect(told).toEqual(['flaky failed', 'flaky works again']);
});

test('a service is told of when it is given up and when it runs again, not when it is paused', async () => {
  await start([service('down', 'test -e well && sleep 100', shop)]);
  const { jobs } = shop.engine;
  await until('it is given up', () => jobs.alerts(false).length === 1);
  jobs.pause('down', 'a test');
  expect(jobs.alerts(false)).toEqual([]);
  expect(told).toEqual(['down was given up']);
  jobs.resume('down');
  await until('it is given up again', () => jobs.alerts(false).length === 1);
  writeFileSync(join(shop.folder, 'well'), '');
  await jobs.run('down', []);
  expect(told).toEqual(['down was given up', 'down was given up', 'down runs again']);
  expect(jobs.alerts(true).map(({ kind, state }) => [kind, state])).toEqual([
    ['given-up', 'resolved'],
    ['given-up', 'resolved'],
  ]);
});

test('a given-up service that a person ends for good has no alert', async () => {
  const down = service('down', 'exit 1', shop);
  await start([down]);
  await until('it is given up', () => shop.engine.jobs.alerts(false).length === 1);
  await shop.engine.jobs.cancel('down');
  expect(shop.engine.jobs.alerts(false)).toEqual([]);
  expect(shop.engine.jobs.list()[0]?.schedule).toContain('down: cancelled by a person');
});

test('a watched folder is told of when it is missing and when it is back', async () => {
  const path = join(shop.folder, 'inbox');
  mkdirSync(path);
  const watch = { kind: 'watch', paths: [path], patterns: [], ignore: [], settle: 10 } as const;
  await start([job('importer', 'exit 0', shop, { triggers: [watch] })]);
  await until('it is watched and missed', () => {
    rmSync(path, { recursive: true, force: true });
    return shop.engine.jobs.alerts(false).length === 1;
  });
  mkdirSync(path);
  await until('it is back', () => shop.engine.jobs.alerts(false).length === 0);
  expect(told).toEqual(['importer misses its folder', 'importer has its folder back']);
});
