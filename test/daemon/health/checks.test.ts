import { existsSync, mkdirSync, readFile, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDaemon } from '../../../main/daemon/health/checks.ts';
import { limits } from '../../../main/daemon/health/limits.ts';
import { openLog } from '../../../main/daemon/log/log.ts';
import { systemClock } from '../../../main/daemon/schedule/system-clock.ts';
import { loadSqlite } from '../../../main/daemon/sqlite/binding.ts';
import { acquire, newHome } from '../../support/homes.ts';
import { fillUp, smallDisk } from '../history/small-disk.ts';
import { configurationOf, job, service, testOptions, until, Workshop } from '../jobs/support.ts';
import { Practice } from './support.ts';

/*
 * Each check is turned by a real cause, and back.
 */

let shop: Workshop;
let practice: Practice;
beforeEach(() => {
  shop = new Workshop();
  practice = new Practice(shop, () => shop.engine);
});
afterEach(async () => {
  practice.health.stop();
  await shop.close();
});

const alerts = (): (readonly [string, string | null, string])[] =>
  shop.engine.jobs.alerts(false).map(({ kind, job, message }) => [kind, job, message] as const);

const blockFor = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

async function runToEnd(name: string): Promise<void> {
  const { id } = await shop.engine.jobs.run(name, []);
  await until(`${name} has ended`, () => shop.engine.jobs.show(id).state === 'ended');
}

describe('the daemon itself', () => {
  test('all is well with a daemon and jobs that are', async () => {
    await shop.start([job('fine', 'exit 0', shop)]);
    await runToEnd('fine');
    const report = await practice.health.look();
    expect(report.checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(report.verdict).toBe('ok');
    expect(practice.told).toEqual([false]);
  });

  test('lock: its file is deleted under the owner', async () => {
    const held = await acquire(newHome());
    const vitals = () => ({ path: held.owner.lock, pid: held.owner.pid, lost: held.lost()?.reason });
    const verdict = () =>
      checkDaemon({ ...calm(), lock: vitals() }).find(({ name }) => name === 'lock')?.verdict;
    expect(verdict()).toBe('ok');
    rmSync(held.owner.lock);
    expect(verdict()).toBe('error');
    await held.release();
    const next = await acquire(newHome());
    expect(next.lost()).toBe(undefined);
  });

  test('scheduler: the timer comes too late, and then in time again', async () => {
    let ahead = 0;
    const clock = { ...systemClock, monotonic: () => performance.now() + ahead };
    await shop.start([job('often', 'exit 0', shop, { triggers: [{ kind: 'every', interval: 1_000 }] })], {
      clock,
    });
    await practice.until('ok', 'scheduler');
    const dueMs = Date.parse(shop.engine.jobs.list()[0]?.nextDue ?? '');
    blockFor(dueMs - Date.now() + 500);
    await practice.until('warning', 'scheduler');
    expect((await practice.check('scheduler'))?.sentence).toMatch(/^Jobs started up to \d+\.\d s late/);
    expect(alerts()).toContainEqual(['check', null, expect.stringContaining('late in the last minute')]);
    ahead = 80_000;
    await practice.until('ok', 'scheduler');
    expect(alerts().filter(([, , message]) => message.includes('late'))).toEqual([]);
  });

  test('scheduler: a timer that never fires', async () => {
    const deaf = { ...systemClock, setTimer: () => () => {} };
    await shop.start([job('often', 'exit 0', shop, { triggers: [{ kind: 'every', interval: 1_000 }] })], {
      clock: deaf,
    });
    await practice.until('error', 'scheduler');
    const check = await practice.check('scheduler');
    expect(check).toMatchObject({ remedy: { kind: 'restart', command: 'soloist restart' } });
    await shop.stop();
    await shop.start([job('often', 'exit 0', shop, { triggers: [{ kind: 'every', interval: 1_000 }] })]);
    await practice.until('ok', 'scheduler');
  });

  test('event loop: the daemon is blocked', async () => {
    await shop.start([]);
    await practice.until('ok', 'event loop');
    const blocking = setInterval(() => blockFor(500), 600);
    await practice.until('warning', 'event loop');
    clearInterval(blocking);
    await new Promise<void>((resolve) => {
      // Also where it is no timer that blocks.
      readFile(import.meta.filename, () => resolve(blockFor(1_700)));
    });
    await practice.until('error', 'event loop');
  });

  test('watchers: a watched folder goes, and comes back', async () => {
    const path = join(shop.folder, 'inbox');
    mkdirSync(path);
    const watch = { kind: 'watch', paths: [path], patterns: [], ignore: [], settle: 10 } as const;
    await shop.start([job('importer', 'exit 0', shop, { triggers: [watch] })]);
    await practice.until('ok', 'watchers');
    rmSync(path, { recursive: true });
    await practice.until('error', 'watchers');
    expect((await practice.check('watchers'))?.sentence).toContain(`${path} (importer)`);
    await practice.until('error', 'job', 'importer');
    mkdirSync(path);
    await practice.until('ok', 'watchers');
    await practice.until('none', 'job', 'importer');
  });

  test('history: another program holds it', async () => {
    await shop.start([job('fine', 'exit 0', shop)]);
    await practice.until('ok', 'history');
    const { DatabaseSync } = loadSqlite();
    const other = new DatabaseSync(join(shop.home, 'history', 'history.sqlite'));
    other.exec('BEGIN EXCLUSIVE');
    try {
      await practice.until('error', 'history');
      expect((await practice.check('history'))?.sentence).toContain('locked by another program');
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
    await practice.until('ok', 'history');
  });

  test('disk: it fills up, and is emptied', ({ skip }) => {
    const disk = smallDisk(4_000);
    if (disk === undefined) return skip('this user cannot mount a small disk');
    const judge = (small: number) => {
      const { bavail, bsize, blocks } = statfsSync(disk);
      const facts = {
        kind: 'known',
        free: bavail * bsize,
        size: blocks * bsize,
        filesFree: undefined,
      } as const;
      const space = { warning: 2 * small, error: small };
      return checkDaemon({ ...calm(), disk: facts }, { ...limits, disk: space }).find(
        ({ name }) => name === 'disk',
      )?.verdict;
    };
    expect(judge(1_000_000)).toBe('ok');
    writeFileSync(join(disk, 'some'), Buffer.alloc(2_500_000));
    expect(judge(1_000_000)).toBe('warning');
    fillUp(join(disk, 'rest'));
    expect(judge(1_000_000)).toBe('error');
    rmSync(join(disk, 'some'));
    rmSync(join(disk, 'rest'));
    expect(judge(1_000_000)).toBe('ok');
  });

  test('log: an error is logged, and an hour passes', async () => {
    const log = openLog(shop.home, { level: 'info', keep: 1e9, maxSize: 1e9 });
    try {
      const verdict = (nowMs: number) =>
        checkDaemon({ ...calm(), nowMs, errors: log.errors(nowMs) }).find(({ name }) => name === 'log');
      expect(verdict(Date.now())?.verdict).toBe('ok');
      log.logger.child({ part: 'one' }).error({ err: new Error('no') }, 'a thing could not be done');
      log.logger.warn('a warning is no error');
      expect(verdict(Date.now())).toMatchObject({
        verdict: 'warning',
        sentence: expect.stringMatching(
          /^1 error in the last hour; the last, at .*: a thing could not be done\.$/,
        ),
      });
      expect(verdict(Date.now() + 3_700_000)?.verdict).toBe('ok');
    } finally {
      log.close();
    }
  });

  test('clock: the time zone of the computer is another one, and the same again', async () => {
    const before = process.env.TZ;
    try {
      process.env.TZ = 'Europe/Vienna';
      const own = new Practice(shop, () => shop.engine);
      await shop.start([]);
      await own.until('ok', 'clock');
      process.env.TZ = 'Asia/Tokyo';
      await own.until('warning', 'clock');
      expect((await own.check('clock'))?.sentence).toContain('Asia/Tokyo');
      process.env.TZ = 'Europe/Vienna';
      await own.until('ok', 'clock');
      own.health.stop();
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});

describe('jobs', () => {
  test('failures: one is a warning, three in a row are an error, a success ends it', async () => {
    await shop.start([job('moody', 'test -f well', shop), job('fine', 'exit 0', shop)]);
    await runToEnd('moody');
    expect(await practice.check('job', 'moody')).toMatchObject({
      verdict: 'warning',
      sentence: 'moody failed with exit code 1. 0 of its last 1 runs succeeded.',
      remedy: { kind: 'run-job', command: 'soloist run moody' },
    });
    await runToEnd('moody');
    await runToEnd('moody');
    expect(await practice.check('job', 'moody')).toMatchObject({
      verdict: 'error',
      sentence: expect.stringContaining('3 failures in a row; 0 of its last 3 runs succeeded.'),
    });
    expect(await practice.check('jobs')).toMatchObject({
      verdict: 'error',
      sentence: '1 of 2 jobs are well; not well: moody.',
    });
    writeFileSync(join(shop.folder, 'well'), '');
    await runToEnd('moody');
    expect(await practice.check('job', 'moody')).toBe(undefined);
    expect(await practice.check('jobs')).toMatchObject({ verdict: 'ok', sentence: 'All 2 jobs are well.' });
  });

  test('overdue: a due run finds no place, until there is one', async () => {
    await shop.start(
      [
        job('long', 'while ! test -f done; do sleep 0.05; done', shop),
        job('due', 'exit 0', shop, { triggers: [{ kind: 'every', interval: 1_000 }] }),
      ],
      { maxConcurrent: 1 },
    );
    await shop.engine.jobs.run('long', []);
    await practice.until('error', 'job', 'due');
    expect((await practice.check('job', 'due'))?.sentence).toMatch(
      /^due has been due for .* and waits for a place/,
    );
    expect(alerts().map(([kind, name]) => [kind, name])).toContainEqual(['overdue', 'due']);
    writeFileSync(join(shop.folder, 'done'), '');
    await practice.until('none', 'job', 'due');
  });

  test('slow: a script hangs within its time limit, until it ends', async () => {
    await shop.start([
      job('script', 'test ! -f hang || while ! test -f done; do sleep 0.05; done', shop, {
        timeout: 3_600_000,
      }),
    ]);
    for (let count = 0; count < 6; count++) await runToEnd('script');
    expect(await practice.check('job', 'script')).toBe(undefined);
    writeFileSync(join(shop.folder, 'hang'), '');
    const { id } = await shop.engine.jobs.run('script', []);
    await practice.until('warning', 'job', 'script');
    expect((await practice.check('job', 'script'))?.sentence).toMatch(/^A run of script has gone on for/);
    expect(shop.engine.jobs.alerts(false)).toMatchObject([{ kind: 'slow', run: id, count: 1 }]);
    writeFileSync(join(shop.folder, 'done'), '');
    await practice.until('none', 'job', 'script');
  });

  test('flapping: a service keeps ending, and stays up again', async () => {
    const lines = 'test -f stay && exec sleep 100; exit 1';
    await shop.start([service('server', lines, shop, { backoff: { from: 100, to: 150 } })]);
    await practice.until('warning', 'job', 'server');
    expect((await practice.check('job', 'server'))?.sentence).toMatch(
      /^The service server has ended \d+ times in a row/,
    );
    expect(existsSync(join(shop.folder, 'stay'))).toBe(false);
    writeFileSync(join(shop.folder, 'stay'), '');
    // It counts as well once it has stayed up for a minute; a person who starts it does not have to wait.
    await until('it is up', () => shop.engine.jobs.list()[0]?.running.length === 1);
    await shop.engine.jobs.cancel('server');
    await shop.engine.jobs.run('server', []);
    await practice.until('none', 'job', 'server');
  });
});

describe('a job that goes silent', () => {
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const quietJobs = (): (string | null)[] =>
    shop.engine.jobs.alerts(false).flatMap(({ kind, job }) => (kind === 'quiet' ? job : []));

  beforeEach(() => {
    ahead = 0;
  });

  /** Ticks thoroughly, as minutes do. */
  async function tick(): Promise<void> {
    for (let count = 0; count < 3; count++) await practice.health.tick(0);
  }

  test('since its schedule was commented out, raises an alert by what was usual for it', async () => {
    const every = [{ kind: 'every', interval: 1_000 }] as const;
    const before = job('importer', 'exit 0', shop, { triggers: every, quietAfter: 'usual' });
    await shop.start([before, job('by-hand', 'exit 0', shop, { quietAfter: 'usual' })], { clock });
    await runToEnd('by-hand');
    await until('it has a habit', () => shop.runs('importer').filter(({ endedAt }) => endedAt).length >= 6);
    await tick();
    expect(quietJobs()).toEqual([]);
    shop.engine.update(configurationOf([{ ...before, triggers: [] }, job('by-hand', 'exit 0', shop)]));
    await tick();
    ahead = 3 * 3_600_000;
    await tick();
    await until('it is quiet', () => quietJobs().length > 0);
    expect(quietJobs()).toEqual(['importer']);
    expect(await practice.check('job', 'importer')).toMatchObject({ verdict: 'error' });
    await runToEnd('importer');
    expect(quietJobs()).toEqual([]);
  });

  test('since its watcher was removed, as well', async () => {
    const path = join(shop.folder, 'inbox');
    mkdirSync(path);
    const watch = { kind: 'watch', paths: [path], patterns: [], ignore: [], settle: 10 } as const;
    const before = job('importer', 'exit 0', shop, { triggers: [watch], quietAfter: 'usual' });
    await shop.start([before], { clock });
    // The folder is followed when its first look is over.
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (let count = 1; count <= 6; count++) {
      writeFileSync(join(path, `${count}.png`), '');
      await until('it ran', () => shop.runs('importer').filter(({ endedAt }) => endedAt).length === count);
    }
    await tick();
    shop.engine.update(configurationOf([{ ...before, triggers: [] }]));
    ahead = 3 * 3_600_000;
    await tick();
    await until('it is quiet', () => quietJobs().length > 0);
  });

  test('although it is paused, does not: a person wants it so', async () => {
    const every = [{ kind: 'every', interval: 3_600_000 }] as const;
    await shop.start([job('hourly', 'exit 0', shop, { triggers: every, quietAfter: 'usual' })], { clock });
    await runToEnd('hourly');
    shop.engine.jobs.pause('hourly', 'Ada');
    await tick();
    ahead = 12 * 3_600_000;
    await tick();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(quietJobs()).toEqual([]);
  });
});

/** The facts of a daemon that is well and has no jobs. */
function calm() {
  return {
    ...testOptions(shop.home).vitals(),
    nowMs: Date.now(),
    loopDelayMs: 1,
    clock: { jump: undefined, zone: undefined },
    disk: { kind: 'known', free: 1e12, size: 1e12, filesFree: undefined },
    jobs: undefined,
  } as const;
}
