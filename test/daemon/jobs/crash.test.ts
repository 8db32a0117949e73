import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GUARD_NAME } from '../../../main/daemon/run/guard.ts';
import { duringCrash, IN_FLIGHT } from './crash-jobs.ts';
import { duplicates, GRACE_MS, until, Workshop } from './support.ts';

let shop: Workshop;
let child: ChildProcess | undefined;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await shop.close();
});

function startDaemon(): ChildProcess {
  const program = join(import.meta.dirname, 'daemon-process.ts');
  return spawn(process.execPath, ['--no-warnings', program, shop.home, shop.token], { stdio: 'inherit' });
}

const notKept = async () =>
  (await shop.alive()).filter(
    ({ command }) => !command.includes('echo kept') && !command.startsWith('sleep 0.05'),
  );

test('a daemon killed with runs in flight leaves nothing, and the next one marks them lost and doubles none', async () => {
  child = startDaemon();
  await until('all are up', () => shop.trace('up').length >= IN_FLIGHT + 1);
  await until('the kept one was due again', async () => {
    await sleep(200);
    return shop.trace('up').length === IN_FLIGHT + 1;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  // Without any new start: their guards end them within their grace.
  await until('nothing but the kept one is left', async () => (await notKept()).length === 0);

  const before = shop.trace('up').length;
  await shop.start(duringCrash(shop.home, shop.token), { maxConcurrent: 100 });
  const lost = shop.runs().filter(({ outcome }) => outcome?.kind === 'lost');
  const first = shop.runs('kept')[0];
  expect(lost.length).toBe(IN_FLIGHT);
  expect(first?.state).toBe('running');
  expect(lost.map(({ job }) => job)).not.toContain('kept');

  // The next start begins all but the kept one anew; that does not run beside its own orphan.
  await until('all others are up again', () => shop.trace('up').length >= before + IN_FLIGHT);
  await until('a due time of the kept one has passed', () =>
    shop.outcomes('kept').some((one) => one === 'skipped: the last run is still going'),
  );
  expect(shop.trace('up').filter((line) => line === 'kept').length).toBe(1);
  await shop.engine.jobs.run('kept', []);
  expect(shop.trace('up').filter((line) => line === 'kept').length).toBe(1);
  writeFileSync(join(shop.folder, 'go'), '');
  await until('the orphan is over', () => shop.engine.jobs.show(first?.id ?? '').outcome?.kind === 'lost');
  await until('the kept one runs again', () => shop.outcomes('kept').includes('succeeded'));
  await shop.stop();
  expect(await shop.alive()).toEqual([]);
  const runs = await shop.history();
  expect(duplicates(runs)).toBe(0);
  expect(runs.filter(({ state }) => state !== 'ended')).toEqual([]);
  console.log(
    `crash: ${IN_FLIGHT} in flight, ${lost.length} lost, 0 left after a grace of ${GRACE_MS} ms, 1 kept and watched, ${duplicates(runs)} doubled`,
  );
});

test('where the guards were killed too, the next start ends what is left before it runs anything', async () => {
  child = startDaemon();
  await until('all are up', () => shop.trace('up').length >= IN_FLIGHT + 1);
  // The daemon first stopped, so that it cannot start anything again meanwhile.
  child.kill('SIGSTOP');
  for (const { pid, command } of await shop.alive())
    if (command.includes(`${GUARD_NAME} `)) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const survivors = (await notKept()).length;
  expect(survivors).toBeGreaterThan(IN_FLIGHT / 2);
  // Nothing runs by itself now, and what is to be kept no more is ended too.
  const jobs = duringCrash(shop.home, shop.token).map((job) => ({
    ...job,
    enabled: false,
    orphans: 'end' as const,
  }));
  await shop.start(jobs);
  expect(await shop.alive()).toEqual([]);
  expect(shop.runs().filter(({ outcome }) => outcome?.kind === 'lost').length).toBe(shop.runs().length);
  console.log(`crash with guards killed: ${survivors} processes survived, 0 after the next start`);
});
