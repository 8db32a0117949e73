import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULTS } from '../../../main/daemon/config/resolve.ts';
import { readOutput, showOutput } from '../../../main/daemon/run/output-read.ts';
import { configurationOf, duplicates, job, until, Workshop } from './support.ts';

let shop: Workshop;
let child: ChildProcess | undefined;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await shop.close();
});

test('due times that the history does not take at first are claimed later, none dropped and none doubled', async () => {
  const triggers = [{ kind: 'every', interval: 1_000 }] as const;
  await shop.start([job('tick', 'true', shop, { triggers, overlap: { kind: 'queue', limit: 100 } })]);
  await until('it runs', () => shop.runs('tick').length >= 1);
  // Another program holds the database for longer than the history waits.
  const program = `const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(process.argv[1]).exec('BEGIN IMMEDIATE'); setTimeout(() => process.exit(), 4000)`;
  const file = join(shop.home, 'history', 'history.sqlite');
  child = spawn(process.execPath, ['--no-warnings', '-e', program, file], { stdio: 'inherit' });
  await until('the history refused a claim', () =>
    shop.log.some(({ msg }) => msg === 'runs that are due could not be claimed yet'),
  );
  const before = shop.runs('tick').length;
  await until('the claims are made up for', () => shop.runs('tick').length >= before + 5);
  await until('none waits', () => shop.runs('tick').every(({ state }) => state === 'ended'));
  await shop.stop();
  const runs = await shop.history();
  const dues = runs.flatMap(({ trigger }) => ('due' in trigger ? [trigger.due] : [])).sort((a, b) => a - b);
  dues.forEach((due, index) => {
    if (index > 0) expect(due - (dues[index - 1] ?? 0)).toBe(1_000);
  });
  expect(duplicates(runs)).toBe(0);
  console.log(`history busy: ${runs.length} due times, 0 dropped, 0 doubled`);
});

test('a daemon that lost its home ends its runs at once, and leaves those that outlive it', async () => {
  const text = `trap '' TERM; sleep ${shop.token}; sleep ${shop.token}`;
  const keep = `while [ ! -e go ]; do sleep 0.05; done`;
  await shop.start([
    job('stubborn', text, shop, { grace: 60_000 }),
    job('kept', keep, shop, { orphans: 'keep' }),
  ]);
  await shop.engine.jobs.run('stubborn', []);
  const { pid, id } = await shop.engine.jobs.run('kept', []);
  await until('it sleeps', async () =>
    (await shop.alive()).some(({ command }) => command.startsWith('sleep 60')),
  );
  await shop.engine.stop({ kind: 'lock-lost', lost: { path: shop.home, reason: 'It was deleted.' } });
  const alive = await shop.alive();
  expect(alive.some(({ command }) => command.includes('sleep 60'))).toBe(false);
  expect(alive.map((one) => one.pid)).toContain(pid);
  const runs = await shop.history();
  expect(runs.map(({ job: name, state }) => [name, state])).toEqual([
    ['stubborn', 'ended'],
    ['kept', 'running'],
  ]);
  // A clean stop ends what an earlier daemon has left, too.
  await shop.start([job('kept', keep, shop, { orphans: 'keep' })]);
  expect(shop.engine.jobs.show(id).state).toBe('running');
  await shop.stop();
  expect(await shop.alive()).toEqual([]);
});

test('old runs and their output go, the newest stay', async () => {
  const keep = { ...DEFAULTS.output.keep, runs: 10 };
  const often = job('often', 'echo out', shop, { output: { ...DEFAULTS.output, keep } });
  await shop.start([often]);
  for (let round = 0; round < 50; round++) {
    await shop.engine.jobs.run('often', []);
    await until('it has ended', () => shop.outcomes('often').at(-1) === 'succeeded');
  }
  await until('old ones are removed', () => shop.runs('often').length === 10);
  const files = () =>
    readdirSync(join(shop.home, 'runs'), { recursive: true }).filter((name) => String(name).endsWith('.log'));
  await until('their files are removed', () => files().length === 10);
  for (const { output } of shop.runs('often')) expect(existsSync(output?.file ?? '')).toBe(true);

  // What is changed in the configuration is in force at once.
  const revised = (kept: Partial<typeof keep>) =>
    shop.engine.update(
      configurationOf([{ ...often, output: { ...DEFAULTS.output, keep: { ...keep, ...kept } } }]),
    );
  revised({ runs: 6 });
  await until('more of them are removed', () => shop.runs('often').length === 6);
  revised({ size: 9 });
  await until('all but two outputs are removed', () => files().length === 2);
  expect(shop.runs('often').length).toBe(6);
  revised({ age: 1 });
  await until('all but the last are removed', () => shop.runs('often').length === 1);
});

test('of the output of a run as much is kept as its job says, the beginning and the end', async () => {
  const output = { ...DEFAULTS.output, limit: 1_000 };
  await shop.start([job('long', 'seq 1 5000', shop, { output })]);
  const { id } = await shop.engine.jobs.run('long', []);
  await until('it has ended', () => shop.engine.jobs.show(id).state === 'ended');
  const file = shop.engine.jobs.show(id).output?.file ?? '';
  const text = String(await showOutput(readOutput(file)));
  expect(text.length).toBeLessThan(1_200);
  expect(text.startsWith('1\n2\n')).toBe(true);
  expect(text.endsWith('\n5000\n')).toBe(true);
});

test('a job gets the environment of the login shell, asked once; where that fails, the log says so', async () => {
  await shop.start([job('told', 'echo "$FROM_SHELL|$TOKEN" >> told', shop)], {
    loginEnvironment: async () => ({
      kind: 'own',
      reason: 'The shell was silent.',
      variables: { PATH: '/usr/bin:/bin', FROM_SHELL: 'yes', TOKEN: 'no' },
    }),
  });
  for (let round = 1; round <= 2; round++) {
    await shop.engine.jobs.run('told', []);
    await until(
      'it has ended',
      () => shop.outcomes('told').filter((one) => one === 'succeeded').length === round,
    );
  }
  expect(shop.trace('told')[0]).toBe(`yes|${shop.token}`);
  const warned = shop.log.filter(({ reason }) => reason === 'The shell was silent.');
  expect(warned.length).toBe(1);
});
