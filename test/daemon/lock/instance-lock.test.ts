import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AlreadyRunningError } from '../../../main/daemon/lock/already-running.ts';
import { currentHost } from '../../../main/daemon/lock/host.ts';
import { InstanceLock, isOwnerAlive, withLock } from '../../../main/daemon/lock/instance-lock.ts';
import { readOwner } from '../../../main/daemon/lock/owner.ts';
import { identifySelf } from '../../../main/daemon/process/identity.ts';
import { eventually, psColumn } from '../../support/command-line.ts';
import { acquire, newHome, starter } from '../../support/homes.ts';
import { lockOptions } from '../../support/lock-options.ts';

const recordOf = (home: string) => readOwner(join(home, 'daemon.owner.json'));
const pidIn = (home: string): string => readFileSync(join(home, 'daemon.pid'), 'utf8');

test('acquires on start, and says who owns', async () => {
  const home = newHome();
  const lock = await acquire(home);
  expect(recordOf(home)).toEqual(lock.owner);
  expect(lock.owner).toMatchObject({
    ...(await identifySelf()),
    host: currentHost(),
    kind: 'headless',
    version: '1.2.3',
    generation: 1,
    lastCrash: null,
    endedAt: null,
  });
  expect(pidIn(home)).toBe(`${process.pid}\n`);
  expect(statSync(join(home, 'daemon.lock')).size).toBe(0);
  for (const name of ['daemon.lock', 'daemon.owner.json', 'daemon.pid'])
    expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o600);
});

test('refuses if held, with the whole record of the holder', async () => {
  const home = newHome();
  const other = await starter();
  expect(await other.start(home)).toMatchObject({ kind: 'owner' });
  const refusal = await new InstanceLock(lockOptions(home)).acquire().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AlreadyRunningError);
  if (!(refusal instanceof AlreadyRunningError)) return;
  expect(refusal.owner).toEqual(recordOf(home));
  expect(refusal.owner?.pid).toBe(other.pid);
  expect(`${refusal.message} ${refusal.hint}`).toMatch(
    new RegExp(
      `^Daemon already running with PID ${other.pid} \\(headless, since \\d\\d:\\d\\d\\)\\. Use 'soloist down' to stop it first\\.$`,
    ),
  );
});

test('refuses within one process too', async () => {
  const home = newHome();
  const lock = await acquire(home);
  await expect(acquire(home)).rejects.toMatchObject({ owner: lock.owner });
});

test('releases on shutdown, and the record says so', async () => {
  const home = newHome();
  const lock = await acquire(home);
  await lock.release();
  expect(existsSync(join(home, 'daemon.pid'))).toBe(false);
  expect(existsSync(join(home, 'daemon.host.lock'))).toBe(false);
  expect(recordOf(home)).toMatchObject({ instanceId: lock.owner.instanceId, endedAt: expect.any(String) });
  expect(await (await starter()).start(home)).toMatchObject({ kind: 'owner', generation: 2 });
});

test('release may be called twice, and the second call waits for the first', async () => {
  const home = newHome();
  const lock = await acquire(home);
  await Promise.all([lock.release(), lock.release()]);
  await lock.release();
  const next = await starter();
  expect(await next.start(home)).toMatchObject({ kind: 'owner' });
  await lock.release();
  expect(pidIn(home)).toBe(`${next.pid}\n`);
});

test('a stale lock lets a new daemon start, which knows of the crash', async () => {
  const home = newHome();
  const dead = await starter();
  await dead.start(home);
  await dead.kill();
  const stale = recordOf(home);
  expect(pidIn(home)).toBe(`${dead.pid}\n`);
  const lock = await acquire(home);
  expect(lock.owner.generation).toBe(2);
  expect(lock.owner.lastCrash).toMatchObject({ pid: dead.pid, generation: 1, startedAt: stale?.startedAt });
  await lock.release();
  expect((await acquire(home)).owner.lastCrash, 'it stays known').toMatchObject({ pid: dead.pid });
});

test('scope helper: releases after the scope, and when it throws', async () => {
  const home = newHome();
  expect(await withLock(lockOptions(home), async (lock) => lock.owner.pid)).toBe(process.pid);
  expect(recordOf(home)?.endedAt).not.toBeNull();
  const thrown = withLock(lockOptions(home), async () => {
    throw new Error('in the scope');
  });
  await expect(thrown).rejects.toThrow('in the scope');
  expect(recordOf(home)).toMatchObject({ generation: 2, endedAt: expect.any(String) });
  {
    await using lock = await acquire(home);
    expect(lock.owner.generation).toBe(3);
  }
  expect(recordOf(home)).toMatchObject({ generation: 3, endedAt: expect.any(String) });
});

test('liveness check: only the very same process is alive', async () => {
  const { owner } = await acquire(newHome());
  expect(await isOwnerAlive(owner)).toBe(true);
  expect(await isOwnerAlive({ ...owner, processStarted: '1' }), 'the PID given to a later process').toBe(
    false,
  );
  expect(await isOwnerAlive({ ...owner, bootId: 'another' }), 'from before a restart of the computer').toBe(
    false,
  );
  expect(await isOwnerAlive({ ...owner, pid: 0x3fffff })).toBe(false);
  const elsewhere = { ...owner, host: { name: 'elsewhere', id: '0'.repeat(16) }, bootId: 'another' };
  expect(await isOwnerAlive(elsewhere), 'nobody here can see a process of another computer').toBe(true);
});

test('an owner that is an unreaped zombie is dead', async () => {
  const home = newHome();
  // A shell that does not wait for its child, which becomes owner and is killed.
  const program = new URL('../../fixtures/zombie-owner.ts', import.meta.url).pathname;
  const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${program}" "${home}" & exec sleep 60`], {
    stdio: 'ignore',
  });
  try {
    await eventually('it owns', () => existsSync(join(home, 'daemon.pid')));
    const pid = Number(pidIn(home));
    process.kill(pid, 'SIGKILL');
    await eventually('it is a zombie', () => psColumn(pid, 'state').startsWith('Z'));
    expect((await acquire(home)).owner.lastCrash).toMatchObject({ pid });
    expect(psColumn(pid, 'state'), 'still unreaped').toMatch(/^Z/);
  } finally {
    shell.kill('SIGKILL');
  }
});

test('the daemon and the app of one home are locked apart', async () => {
  const home = newHome();
  const daemon = await acquire(home);
  const app = await acquire(home, { name: 'app', kind: 'app' });
  expect(readFileSync(join(home, 'app.pid'), 'utf8')).toBe(`${process.pid}\n`);
  await expect(acquire(home, { name: 'app' })).rejects.toThrow(
    /^Soloist already running with PID \d+ \(menu-bar app/,
  );
  await app.release();
  expect(daemon.lost()).toBeUndefined();
});

test('a refused or failed start leaves nothing behind', async () => {
  const home = newHome();
  const other = await starter();
  await other.start(home);
  await expect(acquire(home)).rejects.toBeInstanceOf(AlreadyRunningError);
  await other.release();
  writeFileSync(
    join(home, 'daemon.owner.json'),
    JSON.stringify({
      ...recordOf(home),
      endedAt: null,
      bootId: 'b',
      host: { name: 'nas', id: 'f'.repeat(16) },
    }),
  );
  await expect(acquire(home)).rejects.toMatchObject({ code: 'held-by-another-host' });
  expect(existsSync(join(home, 'daemon.host.lock'))).toBe(false);
  expect(existsSync(join(home, `daemon.owner.${currentHost().id}.json`))).toBe(false);
});
