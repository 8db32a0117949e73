import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Guard } from '../../../main/daemon/config/configuration.ts';
import { Alerts } from '../../../main/daemon/health/alerts.ts';
import { Guards, type GuardsParts } from '../../../main/daemon/health/guards/guards.ts';
import type { Alert } from '../../../main/daemon/history/alerts.ts';
import { ownProcesses } from '../../../main/daemon/process/details.ts';
import { eventually, isRunning } from '../../support/command-line.ts';
import { Copies } from '../../support/copies.ts';
import { temporaryHistory } from '../../unit/history/support.ts';

const logger = pino({ level: 'silent' });
/** For those that hear; the deaf get all of it. */
const GRACE_MS = 1_000;

let copies: Copies;
let alerts: Alerts;

beforeEach(() => {
  copies = new Copies();
  alerts = new Alerts({
    history: temporaryHistory(),
    logger,
    now: Date.now,
    isHeld: () => false,
    onChanged: () => {},
  });
});

function guarding(guard: Partial<Guard> = {}, parts: Partial<GuardsParts> = {}): Guards {
  const guards = new Guards({ logger, alerts, graceMs: GRACE_MS, ...parts });
  guards.configured(configured(guard));
  return guards;
}

function configured(guard: Partial<Guard> = {}): ReadonlyMap<string, Guard> {
  const name = 'notes-daemon';
  return new Map([[name, { name, match: copies.match, max: 1, keep: 'oldest', act: 'alert', ...guard }]]);
}

const standing = (): readonly Alert[] => alerts.standing();

/** Fourteen, of which three have a worker with the same command line. */
const fourteen = (): Promise<number[]> =>
  copies.startMany(Array.from({ length: 14 }, (_, index) => (index % 5 === 2 ? ['worker'] : [])));

describe('the original scene: fourteen copies, and one may run', () => {
  test.each(['oldest', 'newest'] as const)('the alert names them, the remedy leaves the %s', async (keep) => {
    const stranger = await new Copies().start('worker');
    const pids = await fourteen();
    expect(await copies.living(), 'with the workers').toHaveLength(17);
    const guards = guarding({ keep });

    const [check, ...more] = await guards.count();
    expect(more).toEqual([]);
    expect(check).toEqual({
      name: 'guard',
      group: 'processes',
      subject: 'notes-daemon',
      verdict: 'error',
      sentence: `14 copies of notes-daemon run, and 1 may: PIDs ${pids.join(', ')}.`,
      remedy: { kind: 'end-guarded', subject: 'notes-daemon', command: 'soloist guard end notes-daemon' },
    });
    expect(standing()).toMatchObject([
      {
        kind: 'guard',
        job: 'notes-daemon',
        message: '14 copies of notes-daemon run, and 1 may.',
        count: 1,
      },
    ]);
    for (const pid of pids) expect(standing()[0]?.hint).toContain(`PID ${pid} (`);
    expect(standing()[0]?.hint).toMatch(/\(\d+s old, [\d.]+ s CPU, [\d.]+ MB, \/bin\/sh \//);

    await guards.count();
    expect(standing(), 'however often it is counted').toMatchObject([{ count: 1 }]);

    const [view] = await guards.views();
    const kept = keep === 'oldest' ? pids[0] : pids.at(-1);
    expect(view?.processes.map(({ pid }) => pid)).toEqual(pids);
    const extra = view?.processes.filter(({ isExtra }) => isExtra) ?? [];
    expect(extra.map(({ pid }) => pid)).toEqual(pids.filter((pid) => pid !== kept));

    const { ended, left } = await guards.end('notes-daemon', extra);
    expect(left).toEqual([]);
    expect(ended.map(({ pid }) => pid)).toEqual(extra.map(({ pid }) => pid));
    expect(
      (await copies.living()).map(({ pid }) => pid),
      'workers too are gone',
    ).toEqual([kept]);
    expect(await isRunning(stranger), 'nothing else is ended').toBe(true);
    expect(standing(), 'the cause is gone').toEqual([]);
    expect(await guards.count()).toMatchObject([
      { verdict: 'ok', sentence: '1 copy of notes-daemon runs, and 1 may.', remedy: null },
    ]);
  });

  test('a guard that acts by itself ends them when it counts, and says so until the next count', async () => {
    const [oldest, ...others] = await fourteen();
    const guards = guarding({ act: 'end' });
    expect(await guards.count()).toMatchObject([
      { verdict: 'ok', sentence: '14 copies of notes-daemon ran, and 1 may: 13 were ended.' },
    ]);
    expect((await copies.living()).map(({ pid }) => pid)).toEqual([oldest]);
    expect(standing()).toMatchObject([
      { message: '14 copies of notes-daemon ran, and 1 may: 13 were ended.', count: 1 },
    ]);
    expect(standing()[0]?.hint).toContain(`PID ${others.at(-1)} (`);
    await guards.count();
    expect(standing()).toEqual([]);
  });
});

test('as many as may run are well, and there may be none', async () => {
  const guards = guarding({ max: 2 });
  const check = async () => (await guards.count())[0];
  expect(await check()).toMatchObject({
    verdict: 'ok',
    sentence: 'No copies of notes-daemon run, and 2 may.',
  });
  await copies.startMany([[], ['worker']]);
  expect(await check()).toMatchObject({
    verdict: 'ok',
    sentence: '2 copies of notes-daemon run, and 2 may.',
  });
  guards.configured(configured({ max: 0 }));
  expect(await check()).toMatchObject({ verdict: 'error' });
  const [view] = await guards.views('notes-daemon');
  await guards.end('notes-daemon', view?.processes ?? []);
  expect(await copies.living()).toEqual([]);
});

test('what starts copies is no copy, and is not ended', async () => {
  const [wrapper = 0, ...started] = await copies.startWrapped(3);
  const guards = guarding();
  const [view] = await guards.views();
  expect(view?.processes.map(({ pid }) => pid)).toEqual(started);
  await guards.end('notes-daemon', view?.processes ?? []);
  expect((await copies.living()).map(({ pid }) => pid)).toEqual([wrapper, started[0]]);
});

test('those that ignore SIGTERM are ended when the grace is over', async () => {
  await copies.startMany([[], ['deaf'], ['deaf', 'worker']]);
  const guards = guarding();
  const [view] = await guards.views();
  const { ended, left } = await guards.end('notes-daemon', view?.processes ?? []);
  expect({ ended: ended.length, left }).toEqual({ ended: 2, left: [] });
  expect(await copies.living()).toHaveLength(1);
});

describe('what is ended is what was shown and is extra now', () => {
  test('one that started later is not ended, and never are fewer left than may run', async () => {
    const pids = await copies.startMany([[], []]);
    const guards = guarding({ keep: 'newest' });
    const [view] = await guards.views();
    const later = await copies.start();
    // All are named, as one would who does not look.
    const { ended } = await guards.end('notes-daemon', view?.processes ?? []);
    expect(ended.map(({ pid }) => pid)).toEqual(pids);
    expect((await copies.living()).map(({ pid }) => pid)).toEqual([later]);
  });

  test('the last copy stays, whoever names it', async () => {
    const [one] = await copies.startMany([[]]);
    const guards = guarding();
    const [view] = await guards.views();
    expect(await guards.end('notes-daemon', view?.processes ?? [])).toEqual({ ended: [], left: [] });
    expect(await isRunning(one ?? 0)).toBe(true);
  });

  test('two who end at one time, each to keep another one, leave one', async () => {
    await copies.startMany([[], ['deaf'], ['deaf']]);
    let begun = (): void => {};
    const looked = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const list = async () => {
      const processes = await ownProcesses();
      begun();
      return processes;
    };
    const guards = guarding({}, { list });
    const all = await copies.living();
    const first = guards.end('notes-daemon', all);
    await looked;
    guards.configured(configured({ keep: 'newest' }));
    await Promise.all([first, guards.end('notes-daemon', all)]);
    expect(await copies.living()).toHaveLength(1);
  });

  test('another process under the number of one that was shown is not ended', async () => {
    const [, second] = await copies.startMany([[], []]);
    const guards = guarding();
    const shown = [{ pid: second ?? 0, started: '1' }];
    expect(await guards.end('notes-daemon', shown)).toEqual({ ended: [], left: [] });
    expect(await copies.living()).toHaveLength(2);
  });

  test('what is no copy is not ended', async () => {
    await copies.startMany([[], []]);
    const others = new Copies();
    await others.start();
    const guards = guarding();
    expect(await guards.end('notes-daemon', await others.living())).toEqual({ ended: [], left: [] });
    expect(await others.living()).toHaveLength(1);
  });
});

test('without guards, no processes are listed', async () => {
  const guards = new Guards({ logger, alerts, list: () => Promise.reject(new Error('listed')) });
  expect(await guards.count()).toEqual([]);
  expect(await guards.views()).toEqual([]);
});

test('one look at the processes serves all guards', async () => {
  let looks = 0;
  const list = async () => {
    looks += 1;
    return [];
  };
  const guards = guarding({}, { list });
  guards.configured(
    new Map([...configured(), ...configured({ name: 'two' })].map(([, one], at) => [`${at}`, one])),
  );
  await guards.count();
  await guards.views();
  expect(looks).toBe(2);
});

test('processes that cannot be listed are a warning, which resolves nothing', async () => {
  await copies.startMany([[], []]);
  const guards = guarding();
  await guards.count();
  const blind = guarding({}, { list: () => Promise.reject(new Error('ps is not there.')) });
  expect(await blind.count()).toMatchObject([
    { verdict: 'warning', sentence: 'The copies of notes-daemon could not be counted: ps is not there.' },
  ]);
  expect(standing()).toHaveLength(1);
});

test('the alert of a guard goes with the guard, also after the daemon was started anew', async () => {
  await copies.startMany([[], []]);
  const guards = guarding();
  await guards.count();
  guards.configured(configured());
  expect(standing()).toHaveLength(1);
  guards.configured(new Map());
  expect(standing()).toEqual([]);

  guards.configured(configured());
  await guards.count();
  expect(standing()).toHaveLength(1);
  new Guards({ logger, alerts }).configured(new Map());
  expect(standing()).toEqual([]);
});

test('the alert is over when the copies are', async () => {
  await copies.startMany([[], []]);
  const guards = guarding();
  await guards.count();
  await copies.killAll();
  await eventually('they are gone', async () => (await copies.living()).length === 0);
  await guards.count();
  expect(standing()).toEqual([]);
});

test('an unknown guard is told, with the likely one', async () => {
  const guards = guarding();
  const expected = { code: 'unknown-guard', hint: 'Did you mean "notes-daemon"?' };
  await expect(guards.views('note-daemon')).rejects.toMatchObject(expected);
  await expect(guards.end('note-daemon', [])).rejects.toMatchObject(expected);
  await expect(guards.views('x')).rejects.toMatchObject({ hint: "See 'soloist guard' for their names." });
});
