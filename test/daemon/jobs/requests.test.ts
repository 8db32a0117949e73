import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configurationOf, job, service, until, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

async function runToEnd(name: string): Promise<string> {
  const { id } = await shop.engine.jobs.run(name, []);
  await until(`${name} has ended`, () => shop.engine.jobs.show(id).state === 'ended');
  return id;
}

describe('what is told of a job', () => {
  test('its last runs, oldest first, and its details', async () => {
    const every = { kind: 'schedule', patterns: ['0 3 * * *'], timezone: 'UTC' } as const;
    await shop.start([
      job('good', 'exit 0', shop, { triggers: [every], timeout: 60_000 }),
      job('bad', 'exit 3', shop),
      job('new', 'exit 0', shop),
    ]);
    const ids = [await runToEnd('good'), await runToEnd('good'), await runToEnd('good')];
    await runToEnd('bad');
    const recent = shop.engine.jobs.recent(['good', 'bad', 'new', 'unknown'], 2);
    expect(recent.map(({ job: name, runs }) => [name, runs.map(({ outcome }) => outcome)])).toEqual([
      ['good', ['succeeded', 'succeeded']],
      ['bad', ['failed']],
    ]);
    expect(recent[0]?.runs.map(({ id }) => id)).toEqual(ids.slice(1));
    expect(recent[0]?.runs[0]?.durationMs).toBeGreaterThanOrEqual(0);

    const details = shop.engine.jobs.details('good');
    expect(details.job.last?.id).toBe(ids[2]);
    expect(details.next).toHaveLength(10);
    expect(details.next.every((due) => due.endsWith('T03:00:00.000Z'))).toBe(true);
    expect(details.statistics).toMatchObject({ runs: 3, outcomes: { succeeded: 3, failed: 0 } });
    expect(details.statistics.durations?.p50).toBeGreaterThanOrEqual(0);
    const settings = Object.fromEntries(details.settings.map(({ key, value }) => [key, value]));
    expect(settings).toMatchObject({
      run: 'exit 0',
      shell: '/bin/sh',
      timeout: '1m',
      overlap: 'skip',
      env: 'TOKEN',
    });
    // The values of variables may be secrets.
    expect(JSON.stringify(details)).not.toContain(shop.token);
    expect(() => shop.engine.jobs.details('unknown')).toThrow('There is no job "unknown"');
  });

  test('pages of runs by outcome, time and text', async () => {
    await shop.start([job('good', 'exit 0', shop), job('bad', 'exit 3', shop)]);
    await runToEnd('good');
    await runToEnd('bad');
    const names = (filter: Parameters<typeof shop.engine.jobs.page>[0]) =>
      shop.engine.jobs.page(filter, null, 10).runs.map((run) => run.job);
    expect(names({ outcome: 'failed' })).toEqual(['bad']);
    expect(names({ outcome: 'succeeded', failed: true })).toEqual([]);
    expect(names({ text: 'GOO' })).toEqual(['good']);
    expect(names({ until: new Date(Date.now() - 60_000).toISOString() })).toEqual([]);
    expect(names({ since: new Date(Date.now() - 60_000).toISOString() })).toEqual(['bad', 'good']);
  });
});

describe('what a run has printed', () => {
  const read = (run: string, from: number, limit: number, wait = false) =>
    shop.engine.jobs.output({ run, from, limit, wait });

  test('is told in pages, none of which cuts a character', async () => {
    await shop.start([
      job('words', "printf 'a\\303\\244\\342\\202\\254\\360\\237\\230\\200z\\n'; exit 1", shop),
    ]);
    const run = await runToEnd('words');
    for (const limit of [4, 5, 7, 100]) {
      let text = '';
      let from = 0;
      for (let page = await read(run, 0, limit); ; page = await read(run, from, limit)) {
        text += page.parts.map((part) => part.text).join('');
        expect(page.to).toBeGreaterThan(from);
        from = page.to;
        if (from >= page.size) break;
      }
      expect(text).toBe('aä€😀z\n');
    }
    const whole = await read(run, 0, 100);
    expect(whole).toMatchObject({ from: 0, to: 12, size: 12, isEnded: true, cut: null });
    expect(whole.parts[0]?.stream).toBe('output');
    expect(Date.parse(whole.parts[0]?.at ?? '')).toBeGreaterThan(0);
  });

  test('that is no text has replacement characters, and ends', async () => {
    await shop.start([job('binary', "printf '\\377\\376ab\\342\\202'", shop)]);
    const run = await runToEnd('binary');
    const page = await read(run, 0, 100);
    expect(page.parts.map((part) => part.text).join('')).toBe('\uFFFD\uFFFDab\uFFFD');
    expect(page).toMatchObject({ to: 6, size: 6 });
  });

  test('is waited for while it goes on, and no longer than that', async () => {
    await shop.start([
      job(
        'slow',
        'until [ -e go1 ]; do sleep 0.02; done; echo one; until [ -e go2 ]; do sleep 0.02; done',
        shop,
      ),
    ]);
    const { id } = await shop.engine.jobs.run('slow', []);
    expect(await read(id, 0, 100)).toMatchObject({ parts: [], to: 0, isEnded: false });
    const first = read(id, 0, 100, true);
    writeFileSync(join(shop.folder, 'go1'), '');
    expect((await first).parts.map((part) => part.text).join('')).toBe('one\n');
    const last = read(id, 4, 100, true);
    writeFileSync(join(shop.folder, 'go2'), '');
    expect(await last).toMatchObject({ parts: [], to: 4, size: 4, isEnded: true });
    await expect(read('aaaaaaaa', 0, 10)).rejects.toThrow('There is no run');
  });
});

describe('times without a daemon', () => {
  test('are told from the last sign of life to the next start, after a stop and after a crash', async () => {
    await shop.start([job('one', 'exit 0', shop)]);
    const everything = (): readonly { kind: string; from: string; until: string }[] =>
      shop.engine.jobs.absences('2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z');
    expect(everything()).toEqual([]);
    await shop.stop();
    const alive = join(shop.home, 'history', 'alive');
    expect(existsSync(alive)).toBe(true);
    utimesSync(alive, 1_800_000_000, 1_800_000_000);
    const lastSeen = new Date(Date.now() - 600_000);
    utimesSync(alive, lastSeen, lastSeen);
    await shop.start([job('one', 'exit 0', shop)]);
    const [absence, ...others] = everything();
    expect(others).toEqual([]);
    expect(absence?.kind).toBe('down');
    expect(Math.abs(Date.parse(absence?.from ?? '') - lastSeen.getTime())).toBeLessThan(1_000);
    expect(shop.engine.jobs.absences('2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z')).toEqual([]);
  });

  test('are told of a computer that slept', async () => {
    let shift = 0;
    const timers: (() => void)[] = [];
    const clock = {
      now: () => Date.now() + shift,
      monotonic: () => performance.now(),
      setTimer: (delayMs: number, callback: () => void) => {
        timers.push(callback);
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    };
    const hourly = { kind: 'every', interval: 3_600_000 } as const;
    await shop.start([job('hourly', 'exit 0', shop, { triggers: [hourly] })], { clock });
    shift = 1_200_000;
    shop.engine.wake();
    const [absence] = shop.engine.jobs.absences('2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z');
    expect(absence?.kind).toBe('asleep');
    const length = Date.parse(absence?.until ?? '') - Date.parse(absence?.from ?? '');
    expect(length).toBeGreaterThanOrEqual(1_200_000);
  });
});

describe('alerts', () => {
  const alerts = (all = false) =>
    shop.engine.jobs.alerts(all).map(({ kind, job: name, count, state }) => [kind, name, count, state]);

  test('a failing job has one, however often it fails, until it succeeds', async () => {
    await shop.start([job('flaky', 'test -e good', shop)]);
    await runToEnd('flaky');
    await runToEnd('flaky');
    const last = await runToEnd('flaky');
    expect(alerts()).toEqual([['failing', 'flaky', 3, 'open']]);
    const [alert] = shop.engine.jobs.alerts(false);
    expect(alert).toMatchObject({ run: last, message: 'flaky failed with exit code 1.' });
    shop.engine.jobs.acknowledge(alert?.id ?? '');
    await runToEnd('flaky');
    expect(alerts()).toEqual([['failing', 'flaky', 4, 'acknowledged']]);
    writeFileSync(join(shop.folder, 'good'), '');
    await runToEnd('flaky');
    expect(alerts()).toEqual([]);
    expect(alerts(true)).toEqual([['failing', 'flaky', 4, 'resolved']]);
    expect(shop.events.filter(({ kind }) => kind === 'alerts').length).toBe(6);
    expect(() => shop.engine.jobs.acknowledge('99')).toThrow('There is no alert "99"');
  });

  test('what a person cancels, and what is retried with success, raises none', async () => {
    const retry = { attempts: 2, backoff: { from: 1, to: 2 } };
    await shop.start([
      job('second', 'test -e tried || { touch tried; exit 1; }', shop, {
        retry,
        triggers: [{ kind: 'start' }],
      }),
      job('long', 'sleep 100', shop),
    ]);
    await until('the second attempt is over', () => shop.outcomes('second').join() === 'failed,succeeded');
    const { id } = await shop.engine.jobs.run('long', []);
    await shop.engine.jobs.cancel(id);
    expect(alerts(true)).toEqual([]);
  });

  test('outlive the daemon, and go with the job', async () => {
    const jobs = [job('bad', 'exit 1', shop), job('other', 'exit 0', shop)];
    await shop.start(jobs);
    await runToEnd('bad');
    await shop.stop();
    await shop.start(jobs);
    expect(alerts()).toEqual([['failing', 'bad', 1, 'open']]);
    shop.engine.update(configurationOf(jobs.slice(1)));
    expect(alerts()).toEqual([]);
  });

  test('a service that is given up has one, until it is started again', async () => {
    await shop.start([service('down', 'test -e well && sleep 100', shop)]);
    await until('it is given up', () => alerts().length > 0);
    expect(alerts()).toEqual([['given-up', 'down', 1, 'open']]);
    expect(shop.engine.jobs.alerts(false)[0]?.run).not.toBeNull();
    writeFileSync(join(shop.folder, 'well'), '');
    await shop.engine.jobs.run('down', []);
    expect(alerts()).toEqual([]);
  });

  test('a folder that is watched and missing has one, until it is there', async () => {
    const path = join(shop.folder, 'inbox');
    const watch = { kind: 'watch', paths: [path], patterns: [], ignore: [], settle: 10 } as const;
    const watching = job('importer', 'exit 0', shop, { triggers: [watch] });
    await shop.start([watching]);
    await until('it is noticed', () => alerts().length > 0);
    expect(alerts()).toEqual([['watch', 'importer', 1, 'open']]);
    mkdirSync(path);
    await until('it is noticed', () => alerts().length === 0);
    rmSync(path, { recursive: true });
    await until('it is noticed', () => alerts().length > 0);
    // Appeared while no daemon looked.
    await shop.stop();
    mkdirSync(path);
    await shop.start([watching]);
    expect(alerts()).toEqual([]);
  });

  test('a job without a success for as long as it says has one, until it succeeds', async () => {
    await shop.start([job('silent', 'exit 0', shop, { quietAfter: 200 })]);
    await until('it is noticed', () => alerts().length > 0);
    expect(alerts()).toEqual([['quiet', 'silent', 1, 'open']]);
    await runToEnd('silent');
    expect(alerts()).toEqual([]);
    await until('it is noticed again', () => alerts().length > 0);
  });
});

describe('a stop', () => {
  test('tells what it waits for, and hurries when asked', async () => {
    const told: [number, number][] = [];
    await shop.start(
      [job('stubborn', "trap '' TERM; touch begun; sleep 100 & wait; sleep 100", shop, { grace: 60_000 })],
      { onWaiting: (runs, untilMs) => told.push([runs, untilMs]) },
    );
    const { id } = await shop.engine.jobs.run('stubborn', []);
    await until('it has begun', () => existsSync(join(shop.folder, 'begun')));
    const { engine } = shop;
    const stopped = shop.stop();
    await until('it is told', () => told.length > 0);
    expect(told[0]?.[0]).toBe(1);
    expect((told[0]?.[1] ?? 0) - Date.now()).toBeGreaterThan(50_000);
    engine.hurry();
    await stopped;
    expect(told.at(-1)?.[0]).toBe(0);
    expect(await shop.alive()).toEqual([]);
    const run = (await shop.history()).find((one) => one.id === id);
    expect(run).toMatchObject({ state: 'ended', outcome: { kind: 'cancelled' } });
  });
});
