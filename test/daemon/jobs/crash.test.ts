import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../../main/daemon/config/configuration.ts';
import { GUARD_NAME } from '../../../main/daemon/run/guard.ts';
import { loadSqlite } from '../../../main/daemon/sqlite/binding.ts';
import { duringCrash, IN_FLIGHT } from './crash-jobs.ts';
import { duplicates, GRACE_MS, job, until, Workshop } from './support.ts';

let shop: Workshop;
let child: ChildProcess | undefined;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await shop.close();
});

function startDaemon(jobs?: readonly Job[]): ChildProcess {
  const program = join(import.meta.dirname, 'daemon-process.ts');
  const words = jobs === undefined ? [] : [JSON.stringify(jobs)];
  return spawn(process.execPath, ['--no-warnings', program, shop.home, shop.token, ...words], {
    stdio: 'inherit',
  });
}

/** Ends the daemon and all guards, so that nobody is left to end anything. */
async function killWithGuards(daemon: ChildProcess): Promise<void> {
  // The daemon first stopped, so that it cannot start anything again meanwhile.
  daemon.kill('SIGSTOP');
  for (const { pid, command } of await shop.alive())
    if (pid !== daemon.pid && command.includes(`${GUARD_NAME} `)) process.kill(pid, 'SIGKILL');
  daemon.kill('SIGKILL');
  await once(daemon, 'exit');
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
  await killWithGuards(child);
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

test('a process that moved away and hides is in the history, and the next start ends it, and no stranger', async () => {
  if (process.platform !== 'linux') return;
  const fifo = join(shop.folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  // Without the run's mark, in a session of its own, and soon without its parent.
  const away = `exec env -i PATH=/usr/bin:/bin setsid sleep ${shop.token}`;
  const text = `echo up >> up; sh -c 'sh -c "${away}" & read line < ${fifo}'; echo gone >> trace; sleep ${shop.token}`;
  const hiding = job('hiding', text, shop, { triggers: [{ kind: 'start' }] });
  child = startDaemon([hiding]);
  const file = join(shop.home, 'history', 'history.sqlite');
  const { DatabaseSync } = loadSqlite();
  const recorded = (): readonly unknown[] => {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      database.exec('PRAGMA busy_timeout = 2000');
      return database.prepare('SELECT pid FROM moved_processes').all();
    } finally {
      database.close();
    }
  };
  await until('it is up', () => shop.trace('up').length === 1);
  await until('it was seen and recorded', () => recorded().length === 1);
  writeFileSync(fifo, 'go\n');
  await until('its parent is gone', () => shop.trace('trace').length === 1);
  await killWithGuards(child);
  expect((await shop.alive()).length).toBeGreaterThanOrEqual(3);

  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  try {
    const database = new DatabaseSync(file);
    database
      .prepare('INSERT INTO moved_processes SELECT run, ?, started, process_group FROM moved_processes')
      .run(stranger.pid ?? 0);
    database.close();
    await shop.start([{ ...hiding, enabled: false }]);
    expect(await shop.alive()).toEqual([]);
    expect(recorded()).toEqual([]);
    expect(shop.outcomes('hiding')).toEqual(['lost']);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
  } finally {
    stranger.kill('SIGKILL');
  }
});
