import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Owner } from '../../../main/daemon/lock/owner.ts';
import { eventually, ownerOf } from '../../support/command-line.ts';
import { acquire, newHome, starter } from '../../support/homes.ts';

const otherOwner: Owner = {
  pid: 1,
  processStarted: '1',
  bootId: 'b',
  host: { name: 'here', id: '0' },
  kind: 'headless',
  version: '1.2.3',
  startedAt: '2026-01-01T00:00:00.000Z',
  startedBy: 'a test',
  instanceId: 'another one',
  generation: 7,
  lock: 'l',
  socket: 's',
  lastCrash: null,
  endedAt: null,
};

/** The promise is 1.5 s; nothing polls, so a machine that takes longer for a file event has stopped. */
const NOTICE_MS = 1_500;

const harms: Record<string, (home: string) => void> = {
  'lock file deleted': (home) => rmSync(join(home, 'daemon.lock')),
  'lock file replaced': (home) => {
    writeFileSync(join(home, 'other'), '');
    renameSync(join(home, 'other'), join(home, 'daemon.lock'));
  },
  'record deleted': (home) => rmSync(join(home, 'daemon.owner.json')),
  'record replaced': (home) => writeFileSync(join(home, 'daemon.owner.json'), '{}'),
  'home deleted': (home) => rmSync(home, { recursive: true }),
  'home moved': (home) => renameSync(home, `${home}-moved`),
  'home replaced': (home) => {
    renameSync(home, `${home}-moved`);
    mkdirSync(home, { mode: 0o700 });
  },
};

test.for(Object.entries(harms))(
  '%s while held: the owner knows at once, and before it starts anything',
  async ([, harm]) => {
    const home = newHome();
    let noticed: string | undefined;
    const lock = await acquire(home, {
      onLost: ({ reason }) => {
        noticed = reason;
      },
    });
    expect(lock.lost()).toBeUndefined();
    harm(home);
    expect(lock.lost()?.reason).toContain(home);
    await eventually('the owner was told', () => noticed !== undefined, NOTICE_MS);
    await lock.release();
  },
);

test.for(Object.entries(harms))(
  '%s while held: a second start is refused or waits until the owner has ended',
  async ([, harm]) => {
    const home = newHome();
    const owner = await starter();
    const second = await starter();
    expect(await owner.start(home)).toMatchObject({ kind: 'owner' });
    harm(home);
    const [lost, report] = await Promise.all([
      owner.report(),
      second.start(home, undefined, `${home}.second`),
    ]);
    expect(lost.kind).toBe('lost');
    // Without its record nothing can tell the second of the first, which has been told to end by then.
    if (report.kind === 'refused')
      expect(report.message).toMatch(new RegExp(`PID ${owner.pid} |its lock is held`));
    else expect(report.kind).toBe('owner');
  },
);

test('a home that is deleted, file by file, is gone for good, and its owner warns of nothing but that', async () => {
  const rounds = 60;
  const bad: unknown[] = [];
  for (let round = 0; round < rounds; round++) {
    const home = newHome();
    const owner = await starter();
    await owner.start(home);
    try {
      rmSync(home, { recursive: true });
    } catch (error) {
      bad.push(error);
    }
    const report = await owner.report();
    if (report.kind !== 'lost') bad.push(report);
  }
  console.log(`a home deleted while held: ${rounds} rounds, ${bad.length} failures`);
  expect(bad).toEqual([]);
});

test('an owner that was robbed of its lock file and does not notice is still respected', async () => {
  const home = newHome();
  const owner = await starter();
  const second = await starter();
  await owner.start(home);
  owner.signal('SIGSTOP');
  rmSync(join(home, 'daemon.lock'));
  const report = await second.start(home);
  expect(report).toMatchObject({ kind: 'refused', ownerPid: owner.pid });
  expect(report.kind === 'refused' && report.message).toMatch(
    /lock file .* was deleted or replaced while it ran/,
  );
  owner.signal('SIGCONT');
  expect(await owner.report()).toMatchObject({ kind: 'lost' });
});

test('an owner that lost its home takes nothing away from the one that follows', async () => {
  const home = newHome();
  const first = await acquire(home);
  renameSync(home, `${home}-moved`);
  const second = await starter();
  expect(await second.start(home)).toMatchObject({ kind: 'owner' });
  await first.release();
  expect(ownerOf(home)).toMatchObject({ pid: second.pid, endedAt: null });
  const third = await starter();
  expect(await third.start(home)).toMatchObject({ kind: 'refused', ownerPid: second.pid });
});

test.for([
  ['that could write its own', true],
  ['that could not', false],
] as const)('a record written while none was watching is noticed by an owner %s', async ([, isRecorded]) => {
  const home = newHome();
  let noticed: string | undefined;
  const lock = await acquire(home, {
    observe: (step) => {
      const record = join(home, 'daemon.owner.json');
      if (step === 'host-locked' && !isRecorded)
        for (const name of readdirSync(home))
          if (/^daemon\.owner\..*json$/.test(name)) rmSync(join(home, name));
      if (step === 'recorded') writeFileSync(record, JSON.stringify({ ...otherOwner, pid: process.pid }));
    },
    onLost: ({ path }) => {
      noticed = path;
    },
  });
  expect(lock.lost()?.path).toBe(join(home, 'daemon.owner.json'));
  await eventually('the owner was told', () => noticed === join(home, 'daemon.owner.json'));
  await lock.release();
  expect(ownerOf(home)?.instanceId, 'the other’s record stays').toBe(otherOwner.instanceId);
});

test('an owner that could not write its record writes it as soon as it can', async () => {
  const home = newHome();
  const warnings: string[] = [];
  const lock = await acquire(home, {
    observe: (step) => {
      if (step !== 'host-locked') return;
      for (const name of readdirSync(home))
        if (/^daemon\.owner\..*json$/.test(name)) rmSync(join(home, name));
    },
    warn: (message) => void warnings.push(message),
  });
  expect(warnings).toEqual([expect.stringContaining('was not written')]);
  await eventually('it is written', () => ownerOf(home)?.instanceId === lock.owner.instanceId);
  expect(lock.lost()).toBeUndefined();
});

test('a deleted daemon.pid is written again', async () => {
  const home = newHome();
  const lock = await acquire(home);
  rmSync(join(home, 'daemon.pid'));
  await eventually('it is back', () => {
    try {
      utimesSync(join(home, 'daemon.pid'), new Date(), new Date());
      return true;
    } catch {
      return false;
    }
  });
  expect(lock.lost()).toBeUndefined();
});

test('files of others in the home are no concern of the lock', async () => {
  const home = newHome();
  let lost = 0;
  const lock = await acquire(home, { onLost: () => lost++ });
  for (let index = 0; index < 100; index++) writeFileSync(join(home, `file-${index}`), '');
  mkdirSync(join(home, 'folder'));
  rmSync(join(home, 'folder'), { recursive: true });
  expect(lock.lost()).toBeUndefined();
  expect(lost).toBe(0);
});
