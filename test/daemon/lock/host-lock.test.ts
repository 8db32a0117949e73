import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { prepareHome } from '../../../main/daemon/home.ts';
import { currentHost } from '../../../main/daemon/lock/host.ts';
import { type HostLock, type HostLockOptions, holdHostLock } from '../../../main/daemon/lock/host-lock.ts';
import type { Owner } from '../../../main/daemon/lock/owner.ts';
import { type LockPaths, lockPaths } from '../../../main/daemon/lock/paths.ts';
import { newHome } from '../../support/homes.ts';

const HOUR = 60 * 60_000;

let paths: LockPaths;
let foreign: string[];
let warnings: string[];
let isOurs: boolean;
const held: HostLock[] = [];

beforeEach(() => {
  paths = lockPaths(prepareHome(newHome()), 'daemon', currentHost().id);
  foreign = [];
  warnings = [];
  isOurs = true;
  // The heartbeat is slow; the clock is what a test may hold.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  isOurs = true;
  await Promise.all(held.splice(0).map((lock) => lock.release()));
});

async function hold(more: Partial<HostLockOptions> = {}): Promise<HostLock> {
  const lock = await holdHostLock({
    paths,
    host: currentHost(),
    bootId: 'this boot',
    takeOver: false,
    isOurs: () => isOurs,
    onForeign: ({ message }) => foreign.push(message),
    warn: (message) => warnings.push(message),
    ...more,
  });
  held.push(lock);
  return lock;
}

const ownerElsewhere: Owner = {
  pid: 7,
  processStarted: '1',
  bootId: 'another boot',
  host: { name: 'nas', id: '0'.repeat(16) },
  kind: 'headless',
  version: '1.0.0',
  startedAt: new Date().toISOString(),
  startedBy: 'a test',
  instanceId: 'theirs',
  generation: 3,
  lock: 'l',
  socket: 's',
  lastCrash: null,
  endedAt: null,
};

test('its heartbeat tells when this host was last seen', async () => {
  await hold();
  utimesSync(paths.hostLock, statSync(paths.hostLock).atime, statSync(paths.hostLock).mtime);
  const before = statSync(paths.hostLock).mtimeMs;
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  expect(statSync(paths.hostLock).mtimeMs - before).toBeGreaterThanOrEqual(4 * 60_000);
  expect({ warnings, foreign }).toEqual({ warnings: [], foreign: [] });
});

test.for([
  ['forward', HOUR],
  ['back', -HOUR],
] as const)('the clock an hour %s: goes on, and nothing is thrown', async ([, jump]) => {
  await hold();
  vi.setSystemTime(Date.now() + jump);
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect(existsSync(paths.hostLock)).toBe(true);
  expect({ warnings, foreign }).toEqual({ warnings: [], foreign: [] });
});

const harms: Record<string, () => void> = {
  touched: () => utimesSync(paths.hostLock, 1, 1),
  deleted: () => rmSync(paths.hostLock, { recursive: true }),
  'replaced by a file': () => {
    rmSync(paths.hostLock, { recursive: true });
    writeFileSync(paths.hostLock, '');
  },
  'given something inside': () => writeFileSync(join(paths.hostLock, 'inside'), ''),
};
test.for(Object.entries(harms))('%s by somebody on this host: it is taken again', async ([, harm]) => {
  const lock = await hold();
  harm();
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect(statSync(paths.hostLock).isDirectory()).toBe(true);
  expect(foreign).toEqual([]);
  await lock.release();
  expect(existsSync(paths.hostLock)).toBe(false);
});

test('taken by another host while this one slept: the daemon is told, and takes nothing away', async () => {
  await hold();
  rmSync(paths.hostLock, { recursive: true });
  mkdirSync(paths.hostLock);
  writeFileSync(paths.record, JSON.stringify(ownerElsewhere));
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect(foreign).toEqual([expect.stringContaining('in use on another computer: nas, PID 7')]);
  expect(existsSync(paths.hostLock)).toBe(true);
});

test('without the kernel lock nothing at its path is touched any more', async () => {
  const lock = await hold();
  isOurs = false;
  utimesSync(paths.hostLock, 1, 1);
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  await lock.release();
  expect(existsSync(paths.hostLock)).toBe(true);
});

test('a claim of another host counts only while the lock folder is there', async () => {
  const claim = join(paths.record, '..', `daemon.owner.${'0'.repeat(16)}.json`);
  writeFileSync(claim, JSON.stringify(ownerElsewhere));
  mkdirSync(paths.hostLock);
  await expect(hold()).rejects.toMatchObject({ code: 'held-by-another-host' });
  rmSync(paths.hostLock, { recursive: true });
  await hold();
  expect(existsSync(claim), 'the one who lost is forgotten').toBe(false);
});

test('a folder left behind by an owner that ended on another host is cleared', async () => {
  mkdirSync(paths.hostLock);
  writeFileSync(paths.record, JSON.stringify({ ...ownerElsewhere, endedAt: new Date().toISOString() }));
  await expect(hold()).resolves.toBeDefined();
});
