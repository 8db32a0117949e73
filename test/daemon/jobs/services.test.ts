import { afterEach, beforeEach, expect, test } from 'vitest';
import { configurationOf, job, service, until, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const lasting = () => `echo up >> ups; exec sleep ${shop.token}`;
const words = () => shop.engine.jobs.list()[0]?.schedule;

test('a service starts with the daemon, is started again when it is killed, and takes no place', async () => {
  await shop.start([service('keep', lasting(), shop), job('other', 'true', shop)], { maxConcurrent: 1 });
  await until('it is up', () => shop.trace('ups').length === 1);
  expect(words()).toBe('always running');
  for (let round = 1; round <= 3; round++) {
    await until('it runs', () => shop.engine.jobs.list()[0]?.running[0]?.pid != null);
    process.kill(shop.engine.jobs.list()[0]?.running[0]?.pid ?? Number.NaN, 'SIGKILL');
    await until('it is up again', () => shop.trace('ups').length === round + 1);
  }
  await shop.engine.jobs.run('other', []);
  await until('the job has run', () => shop.outcomes('other')[0] === 'succeeded');
  expect(shop.outcomes('keep')).toEqual(['failed', 'failed', 'failed', 'running']);
  expect((await shop.engine.jobs.run('keep', [])).outcome).toMatchObject({ kind: 'skipped' });
  await shop.stop();
  expect(await shop.alive()).toEqual([]);
});

test('a service that keeps failing is given up, which is logged and shown; a person can start it again', async () => {
  await shop.start([service('flapping', 'echo up >> ups; [ -e good ] && exec sleep 60; false', shop)]);
  await until('it is given up', () => words()?.includes('given up') === true);
  expect(words()).toBe('always running (down: given up: it ended 11 times within 15 minutes)');
  expect(shop.trace('ups').length).toBe(11);
  expect(shop.log.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
    'a service is given up: it ended 11 times within 15 minutes',
  ]);
  shop.engine.update(configurationOf([service('flapping', 'echo up >> ups; exec sleep 60', shop)]));
  await until('another configuration starts it again', () => shop.trace('ups').length === 12);
  expect(words()).toBe('always running');
});

test('restart: on-failure leaves a service down that ended successfully; by hand it starts again', async () => {
  await shop.start([service('once', 'echo up >> ups', shop, { restart: 'on-failure' })]);
  await until('it is down', () => words()?.includes('down:') === true);
  expect(words()).toBe('always running (down: it ended by itself and successfully)');
  await shop.engine.jobs.run('once', []);
  await until('it was up again', () => shop.trace('ups').length === 2);
});

test('a service is ended by pause, cancel and removal, started by resume, and renewed by a change of its command', async () => {
  const keep = service('keep', lasting(), shop);
  await shop.start([keep]);
  const ups = (count: number) => until(`it was up ${count} times`, () => shop.trace('ups').length === count);
  await ups(1);
  shop.engine.jobs.pause('keep', 'Ada');
  // At once, while the paused one is still being ended.
  shop.engine.jobs.resume('keep');
  await ups(2);
  await shop.engine.jobs.cancel('keep');
  expect(words()).toBe('always running (down: cancelled by a person)');
  expect(await shop.alive()).toEqual([]);
  await shop.engine.jobs.run('keep', []);
  await ups(3);
  shop.engine.update(configurationOf([{ ...keep, description: 'another word' }]));
  shop.engine.update(
    configurationOf([{ ...keep, environment: { ...keep.environment, defaults: { A: 'b' } } }]),
  );
  await ups(4);
  expect(shop.outcomes('keep').slice(2)).toEqual([
    'cancelled: the configuration of the service has changed',
    'running',
  ]);
  shop.engine.update(configurationOf([]));
  await until('nothing is left', async () => (await shop.alive()).length === 0);
});
