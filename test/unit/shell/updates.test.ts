import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  AFTER_START_MS,
  type Build,
  DAY_MS,
  nextCheckIn,
  whyNoUpdates,
} from '../../../main/shell/updates/decision.ts';
import type { Updater } from '../../../main/shell/updates/updater.ts';
import { Updates } from '../../../main/shell/updates/updates.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const noon = Date.UTC(2026, 10, 29, 12);

test.each([
  ['just started, never looked', { startedAt: noon, lastChecked: null }, AFTER_START_MS],
  ['started long ago, never looked', { startedAt: noon - DAY_MS, lastChecked: null }, 0],
  ['looked an hour ago', { startedAt: noon - DAY_MS, lastChecked: noon - 3_600_000 }, DAY_MS - 3_600_000],
  [
    'looked two days ago, just started',
    { startedAt: noon - 1_000, lastChecked: noon - 2 * DAY_MS },
    AFTER_START_MS - 1_000,
  ],
  [
    'looked in what is the future, since the clock was set back',
    { startedAt: noon - DAY_MS, lastChecked: noon + 1 },
    0,
  ],
])('the next look, %s', (_, times, wait) => {
  expect(nextCheckIn({ now: noon, ...times })).toBe(wait);
});

describe('a build that cannot update itself says why', () => {
  const resources = temporaryFolder();
  const published = temporaryFolder();
  writeFileSync(join(published, 'app-update.yml'), 'provider: github\n');
  writeFileSync(join(published, 'package.json'), '{}');
  const unsigned = temporaryFolder();
  writeFileSync(join(unsigned, 'package.json'), '{"canBeReplaced":false}');
  const build = (more: Partial<Build>): Build => ({
    isPackaged: true,
    platform: 'linux',
    appImage: '/home/ada/Soloist.AppImage',
    resources: published,
    program: published,
    ...more,
  });
  test.each([
    [{ isPackaged: false }, /source code/],
    [{ resources }, /no publisher/],
    [{ appImage: undefined }, /package manager/],
    [{ platform: 'darwin', program: unsigned }, /not signed/],
    [{}, undefined],
    [{ platform: 'win32', appImage: undefined }, undefined],
  ] as const)('%j', (more, reason) => {
    const why = whyNoUpdates(build(more));
    if (reason === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(reason);
  });
});

/** Stands in for the library and its server: what it finds, and what comes of it. */
function updatesWith(
  updater: Partial<Updater>,
  more: { runs?: number; isOn?: boolean; impossible?: string } = {},
) {
  const world = { runs: more.runs ?? 0, isOn: more.isOn ?? true };
  const seen: string[] = [];
  const updates: Updates = new Updates({
    home: temporaryFolder(),
    logger: pino({ enabled: false }),
    impossible: more.impossible,
    isOn: () => world.isOn,
    runs: () => world.runs,
    updater: async () => ({
      check: async () => '2.0.0',
      download: async (tell) => {
        tell(50);
        tell(50);
      },
      install: () => 'exit',
      ...updater,
    }),
    onChange: () => seen.push(updates.view.kind),
  });
  return { updates, seen, world };
}

test('a new version is found, got, and ready', async () => {
  const { updates, seen } = updatesWith({});
  expect(updates.view).toEqual({ kind: 'idle', lastChecked: null });
  await updates.checkNow();
  expect(seen).toEqual(['checking', 'downloading', 'downloading', 'ready']);
  expect(updates.ready).toBe('2.0.0');
  // Asked again, it is still ready, and not got a second time.
  await updates.checkNow();
  expect(seen.slice(4)).toEqual(['checking', 'ready']);
  updates.close();
});

test('it is not got while a run is in progress, but right after', async () => {
  const { updates, world } = updatesWith({}, { runs: 1 });
  await updates.checkNow();
  expect(updates.view).toEqual({ kind: 'waiting', version: '2.0.0' });
  updates.runsChanged();
  expect(updates.view.kind).toBe('waiting');
  world.runs = 0;
  updates.runsChanged();
  await expect.poll(() => updates.view.kind).toBe('ready');
  updates.close();
});

test('who does not want it gets nothing, and changes their mind without harm', async () => {
  const { updates, world } = updatesWith({});
  await updates.checkNow();
  world.isOn = false;
  updates.settingsChanged();
  expect(updates.view).toEqual({ kind: 'off' });
  expect(updates.ready).toBeUndefined();
  world.isOn = true;
  updates.settingsChanged();
  expect(updates.view).toEqual({ kind: 'ready', version: '2.0.0' });
  expect(updates.ready).toBe('2.0.0');
  updates.close();
});

test('a failure is told in words, and is no end', async () => {
  let fails = true;
  const { updates } = updatesWith({
    check: async () => {
      if (fails) throw new Error('net::ERR_INTERNET_DISCONNECTED\n    at somewhere');
      return undefined;
    },
  });
  await updates.checkNow();
  expect(updates.view).toMatchObject({
    kind: 'failed',
    message: 'the publisher could not be reached (net::ERR_INTERNET_DISCONNECTED)',
  });
  fails = false;
  await updates.checkNow();
  expect(updates.view).toMatchObject({ kind: 'idle', lastChecked: expect.any(String) });
  updates.close();
});

test('a build that cannot is asked in vain, and says why', async () => {
  const { updates } = updatesWith({}, { impossible: 'Its package does it.' });
  expect(updates.view).toEqual({ kind: 'impossible', reason: 'Its package does it.' });
  await expect(updates.checkNow()).rejects.toMatchObject({
    code: 'no-updates',
    hint: 'Its package does it.',
  });
});

test('who switches it off while it is looked for gets nothing', async () => {
  let found: (version: string) => void = () => {};
  const { updates, world } = updatesWith({
    check: () =>
      new Promise((resolve) => {
        found = resolve;
      }),
    download: async () => {
      throw new Error('must not be asked');
    },
  });
  const checked = updates.checkNow();
  await expect.poll(() => updates.view.kind).toBe('checking');
  world.isOn = false;
  updates.settingsChanged();
  found('2.0.0');
  await checked;
  expect(updates.view).toEqual({ kind: 'off' });
  updates.close();
});

test('who switches it off while it is downloaded ends that, and may have it again', async () => {
  const signals: AbortSignal[] = [];
  const { updates, world } = updatesWith({
    download: (_, signal) =>
      new Promise((resolve, reject) => {
        signals.push(signal);
        if (signals.length > 1) resolve();
        else signal.addEventListener('abort', () => reject(new Error('cancelled')));
      }),
  });
  const checked = updates.checkNow();
  await expect.poll(() => updates.view.kind).toBe('downloading');
  world.isOn = false;
  updates.settingsChanged();
  await checked;
  expect(updates.view).toEqual({ kind: 'off' });
  world.isOn = true;
  updates.settingsChanged();
  expect(updates.view).toMatchObject({ kind: 'idle' });
  await updates.checkNow();
  expect(updates.view).toEqual({ kind: 'ready', version: '2.0.0' });
  expect(signals).toHaveLength(2);
  updates.close();
});

test('what cannot be put in place is remembered for the next start, and gone with the next success', async () => {
  const { updates } = updatesWith({
    install() {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    },
  });
  await updates.checkNow();
  expect(await updates.install(true)).toBe('failed');
  updates.settingsChanged();
  await updates.checkNow();
  expect(updates.ready).toBe('2.0.0');
  updates.close();
});

test('a version that is ready stays so while it is looked again, and when that fails', async () => {
  let answer: (version: Promise<string>) => void = () => {};
  let looks = 0;
  const { updates } = updatesWith({
    check: () => {
      looks += 1;
      if (looks === 1) return Promise.resolve('2.0.0');
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
  await updates.checkNow();
  const again = updates.checkNow();
  // Whoever quits now wants it.
  await expect.poll(() => looks).toBe(2);
  expect(updates.ready).toBe('2.0.0');
  answer(Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED')));
  await again;
  expect(updates.view).toEqual({ kind: 'ready', version: '2.0.0' });
  expect(updates.ready).toBe('2.0.0');
  updates.close();
});

test('a version that the publisher took back is not installed, nor one of which a newer one was not got', async () => {
  const answers: (string | undefined)[] = ['2.0.0', undefined, '2.0.0', '3.0.0'];
  let fails = false;
  const { updates } = updatesWith({
    check: async () => answers.shift(),
    download: async () => {
      if (fails) throw new Error('ENOSPC');
    },
  });
  await updates.checkNow();
  await updates.checkNow();
  expect(updates.ready).toBeUndefined();
  await updates.checkNow();
  expect(updates.ready).toBe('2.0.0');
  fails = true;
  await updates.checkNow();
  expect(updates.ready).toBeUndefined();
  expect(updates.view.kind).toBe('failed');
  updates.close();
});

test('what waits for runs to end is got once, also if the person asks meanwhile', async () => {
  const answers: ((version: string) => void)[] = [];
  let downloads = 0;
  const { updates, world } = updatesWith(
    {
      check: () => new Promise((resolve) => answers.push(resolve)),
      download: async () => {
        downloads += 1;
      },
    },
    { runs: 1 },
  );
  const answered = async () => {
    await expect.poll(() => answers.length).toBe(1);
    answers.shift()?.('2.0.0');
  };
  const first = updates.checkNow();
  await answered();
  await first;
  const second = updates.checkNow();
  world.runs = 0;
  updates.runsChanged();
  await answered();
  await second;
  expect(updates.view.kind).toBe('ready');
  expect(downloads).toBe(1);
  updates.close();
});

describe('by the clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('who switches it off while it is downloaded is asked for nothing the next day', async () => {
    let looks = 0;
    let got: () => void = () => {};
    const { updates, world } = updatesWith(
      {
        check: async () => {
          looks += 1;
          return '2.0.0';
        },
        download: () =>
          new Promise((resolve) => {
            got = resolve;
          }),
      },
      { runs: 1 },
    );
    await updates.checkNow();
    world.runs = 0;
    updates.runsChanged();
    expect(updates.view.kind).toBe('downloading');
    world.isOn = false;
    updates.settingsChanged();
    got();
    await vi.advanceTimersByTimeAsync(3 * DAY_MS);
    expect(updates.view).toEqual({ kind: 'off' });
    expect(looks).toBe(1);
    updates.close();
  });

  test('a computer that wakes has some minutes to find its network before it is looked', async () => {
    let looks = 0;
    const { updates } = updatesWith({
      check: async () => {
        looks += 1;
        return undefined;
      },
    });
    await updates.checkNow();
    // Timers stand still while the computer sleeps.
    vi.setSystemTime(Date.now() + 2 * DAY_MS);
    updates.wake();
    await vi.advanceTimersByTimeAsync(AFTER_START_MS - 1_000);
    expect(looks).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(looks).toBe(2);
    updates.close();
  });

  test('a look that waits for runs is given up when the app ends', async () => {
    let looks = 0;
    const { updates, world } = updatesWith(
      {
        check: async () => {
          looks += 1;
          return '2.0.0';
        },
        download: async () => {
          throw new Error('must not be asked');
        },
      },
      { runs: 1 },
    );
    await vi.advanceTimersByTimeAsync(AFTER_START_MS);
    expect(looks).toBe(0);
    updates.close();
    world.runs = 0;
    updates.runsChanged();
    await vi.advanceTimersByTimeAsync(2 * DAY_MS);
    expect(looks).toBe(0);
  });

  test('what is found while the app ends is not downloaded', async () => {
    let found: (version: string) => void = () => {};
    let downloads = 0;
    const { updates } = updatesWith({
      check: () =>
        new Promise((resolve) => {
          found = resolve;
        }),
      download: async () => {
        downloads += 1;
      },
    });
    const checked = updates.checkNow();
    await vi.advanceTimersByTimeAsync(1);
    updates.close();
    found('2.0.0');
    await checked;
    expect(downloads).toBe(0);
  });
});
