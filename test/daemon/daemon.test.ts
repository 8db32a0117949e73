import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Configuration } from '../../main/daemon/config/configuration.ts';
import { SoloistError } from '../../main/daemon/errors.ts';
import { AlreadyRunningError } from '../../main/daemon/lock/already-running.ts';
import { logFiles } from '../../main/daemon/log/day-files.ts';
import type { DaemonPart } from '../../main/daemon/part.ts';
import type { DaemonStatus } from '../../main/daemon/status.ts';
import { eventually, run } from '../support/command-line.ts';
import { daemonIn, emptyConfiguration } from '../support/daemons.ts';
import { newHome, starter } from '../support/homes.ts';

const pidFile = (home: string): string => join(home, 'daemon.pid');
const logOf = (home: string): string =>
  logFiles(join(home, 'logs'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('');

const broken = new SoloistError({ code: 'configuration-broken', message: 'soloist.yaml:3:1: nonsense.' });

/** A part that writes down what happens to it. */
function recorder(
  name: string,
  journal: string[],
  fail?: (configuration: Configuration) => boolean,
): DaemonPart<Configuration> {
  return {
    name,
    async start(_, configuration) {
      if (fail?.(configuration)) throw new Error(`${name} cannot start`);
      journal.push(`${name} started`);
      return {
        stop: (reason) => void journal.push(`${name} stopped: ${reason.kind}`),
        update: () => void journal.push(`${name} updated`),
      };
    },
  };
}

describe('start and stop', () => {
  test('daemon start creates the PID file, stop removes it', async () => {
    const home = newHome();
    const daemon = daemonIn(home);
    expect(daemon.status().daemon).toMatchObject({ state: 'stopped', reason: null });
    await daemon.start();
    expect(readFileSync(pidFile(home), 'utf8')).toBe(`${process.pid}\n`);
    expect(daemon.status()).toMatchObject({
      daemon: { state: 'running', pid: process.pid },
      owner: { generation: 1 },
    });
    await daemon.stop();
    expect(existsSync(pidFile(home))).toBe(false);
    expect(daemon.status()).toMatchObject({
      daemon: { state: 'stopped', reason: { kind: 'asked' } },
      owner: null,
    });
  });

  test('a second daemon fails to start, and the first goes on', async () => {
    const home = newHome();
    const first = daemonIn(home);
    await first.start();
    const second = daemonIn(home);
    await expect(second.start()).rejects.toBeInstanceOf(AlreadyRunningError);
    expect(second.status().daemon).toMatchObject({ state: 'failed', error: { code: 'already-running' } });
    expect(first.status().daemon.state).toBe('running');
    expect(readFileSync(pidFile(home), 'utf8')).toBe(`${process.pid}\n`);
  });

  test('a refused daemon writes nothing to the log of the owner', async () => {
    const home = newHome();
    await daemonIn(home).start();
    const before = logOf(home);
    await expect(daemonIn(home).start()).rejects.toThrow();
    expect(logOf(home)).toBe(before);
  });

  test('can be started again after a stop, and after a failure', async () => {
    const home = newHome();
    const other = await starter();
    await other.start(home);
    const daemon = daemonIn(home);
    await expect(daemon.start()).rejects.toThrow(/already running/);
    await other.release();
    await daemon.start();
    await daemon.stop();
    await daemon.start();
    expect(daemon.status()).toMatchObject({ daemon: { state: 'running' }, owner: { generation: 3 } });
  });

  test('the states come in order, each told to who listens', async () => {
    const states: string[] = [];
    const daemon = daemonIn(newHome());
    const end = daemon.subscribe(({ daemon }: DaemonStatus) => states.push(daemon.state));
    await daemon.start();
    await daemon.restart();
    await daemon.stop();
    end();
    await daemon.start();
    expect(states).toEqual(['starting', 'running', 'stopping', 'starting', 'running', 'stopping', 'stopped']);
  });

  test('parts start in order and stop in reverse, told why', async () => {
    const journal: string[] = [];
    const daemon = daemonIn(newHome(), { configured: [recorder('one', journal), recorder('two', journal)] });
    await daemon.start();
    await daemon.stop({ kind: 'signal', signal: 'SIGTERM' });
    expect(journal).toEqual(['one started', 'two started', 'two stopped: signal', 'one stopped: signal']);
  });

  test('a failure at any step undoes the earlier ones', async () => {
    const home = newHome();
    const journal: string[] = [];
    const daemon = daemonIn(home, {
      configured: [recorder('one', journal), recorder('two', journal, () => true)],
    });
    await expect(daemon.start()).rejects.toThrow('two cannot start');
    expect(journal).toEqual(['one started', 'one stopped: asked']);
    expect(existsSync(pidFile(home))).toBe(false);
    expect(daemon.status()).toMatchObject({
      daemon: { state: 'failed', error: { message: 'two cannot start' } },
      owner: null,
    });
    expect(logOf(home)).toContain('two cannot start');
    await expect(daemonIn(home).start()).resolves.toBeUndefined();
  });

  test('a part that does not stop cleanly keeps no other from stopping', async () => {
    const home = newHome();
    const journal: string[] = [];
    const stubborn: DaemonPart<Configuration> = {
      name: 'stubborn',
      start: async () => ({ stop: () => Promise.reject(new Error('will not')) }),
    };
    const daemon = daemonIn(home, { configured: [recorder('one', journal), stubborn] });
    await daemon.start();
    await daemon.stop();
    expect(journal).toContain('one stopped: asked');
    expect(logOf(home)).toContain('will not');
    expect(existsSync(pidFile(home))).toBe(false);
  });

  test('calls at the same time take turns', async () => {
    const daemon = daemonIn(newHome());
    await Promise.all([daemon.start(), daemon.start(), daemon.restart(), daemon.stop(), daemon.start()]);
    expect(daemon.status()).toMatchObject({ daemon: { state: 'running' }, owner: { generation: 2 } });
  });

  test('a lost home ends the parts and the daemon, which says why', async () => {
    const home = newHome();
    const journal: string[] = [];
    const daemon = daemonIn(home, { configured: [recorder('one', journal)] });
    await daemon.start();
    rmSync(join(home, 'daemon.lock'));
    await eventually('it has stopped', () => daemon.status().daemon.state === 'stopped');
    expect(journal).toEqual(['one started', 'one stopped: lock-lost']);
    expect(daemon.status().daemon).toMatchObject({
      reason: { kind: 'lock-lost', lost: { path: join(home, 'daemon.lock') } },
    });
    expect(logOf(home)).toContain('was deleted');
  });

  test('a home that somebody deletes goes as a whole, and does not come back', async () => {
    const rounds = 40;
    const bad: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const home = newHome();
      const daemon = daemonIn(home);
      await daemon.start();
      const { exitCode, stderr } = await run('rm', ['-r', home]);
      await eventually('it has stopped', () => daemon.status().daemon.state === 'stopped');
      if (exitCode !== 0 || existsSync(home)) bad.push(stderr);
    }
    console.log(`a running daemon's home deleted: ${rounds} rounds, ${bad.length} failures`);
    expect(bad).toEqual([]);
  });

  test('a part that asks before it starts something is told of the loss, and the daemon ends', async () => {
    const home = newHome();
    let isOwner = (): boolean => true;
    const asking: DaemonPart<Configuration> = {
      name: 'asking',
      async start(context) {
        isOwner = context.isOwner;
        return { stop: () => {} };
      },
    };
    const daemon = daemonIn(home, { configured: [asking] });
    await daemon.start();
    expect(isOwner()).toBe(true);
    rmSync(join(home, 'daemon.owner.json'));
    expect(isOwner()).toBe(false);
    await eventually('it has stopped', () => daemon.status().daemon.state === 'stopped');
  });
});

describe('restart', () => {
  const twoConfigurations = () => {
    const old = { ...emptyConfiguration, maxConcurrent: 1 };
    const next = { ...emptyConfiguration, maxConcurrent: 2 };
    let loads = 0;
    return { next, source: { path: 'soloist.yaml', load: async () => (++loads === 1 ? old : next) } };
  };

  test('keeps the lock throughout, and ends with the new configuration', async () => {
    const home = newHome();
    const seen: number[] = [];
    const reader: DaemonPart<Configuration> = {
      name: 'reader',
      async start(_, { maxConcurrent }) {
        seen.push(maxConcurrent);
        return { stop: () => {} };
      },
    };
    const other = await starter();
    let attempts: Promise<unknown> | undefined;
    const slow: DaemonPart<Configuration> = {
      name: 'slow',
      start: async () => ({
        async stop() {
          attempts ??= other.start(home);
          await attempts;
        },
      }),
    };
    const daemon = daemonIn(home, { configuration: twoConfigurations().source, configured: [reader, slow] });
    await daemon.start();
    const { instanceId } = daemon.status().owner ?? {};
    expect(await daemon.restart()).toBeNull();
    expect(seen).toEqual([1, 2]);
    expect(await attempts, 'a start in the middle of it').toMatchObject({
      kind: 'refused',
      ownerPid: process.pid,
    });
    expect(daemon.status()).toMatchObject({ daemon: { state: 'running' }, owner: { instanceId } });
  });

  test('with a broken configuration: ends with the old one and the reason', async () => {
    const journal: string[] = [];
    let isBroken = false;
    const load = async (): Promise<Configuration> => {
      if (isBroken) throw broken;
      return emptyConfiguration;
    };
    const daemon = daemonIn(newHome(), {
      configuration: { path: 'soloist.yaml', load },
      configured: [recorder('one', journal)],
    });
    await daemon.start();
    isBroken = true;
    expect(await daemon.restart()).toEqual(broken.toJSON());
    expect(daemon.status()).toMatchObject({
      daemon: { state: 'running' },
      configuration: { problem: broken.toJSON() },
    });
    expect(journal).toEqual(['one started', 'one stopped: restart', 'one started']);
    isBroken = false;
    expect(await daemon.restart()).toBeNull();
    expect(daemon.status().configuration.problem).toBeNull();
  });

  test('with a configuration that a part cannot work from: the old one again, and the reason', async () => {
    const journal: string[] = [];
    const { next, source } = twoConfigurations();
    const parts = [
      recorder('one', journal),
      recorder('two', journal, (configuration) => configuration === next),
    ];
    const daemon = daemonIn(newHome(), { configuration: source, configured: parts });
    await daemon.start();
    expect(await daemon.restart()).toMatchObject({ message: 'two cannot start' });
    expect(daemon.status().daemon.state).toBe('running');
    expect(journal.slice(-3)).toEqual(['one stopped: restart', 'one started', 'two started']);
  });

  test('where the old one does not work either: fails, and gives the lock back', async () => {
    const home = newHome();
    let starts = 0;
    const once: DaemonPart<Configuration> = {
      name: 'once',
      async start() {
        if (++starts > 1) throw new Error('only once');
        return { stop: () => {} };
      },
    };
    const daemon = daemonIn(home, { configured: [once] });
    await daemon.start();
    await expect(daemon.restart()).rejects.toThrow('only once');
    expect(daemon.status()).toMatchObject({
      daemon: { state: 'failed', error: { message: 'only once' } },
      owner: null,
    });
    expect(existsSync(pidFile(home))).toBe(false);
  });
});

test('reload puts a new configuration in force without stopping a part', async () => {
  const journal: string[] = [];
  let maxConcurrent = 1;
  let isBroken = false;
  const load = async (): Promise<Configuration> => {
    if (isBroken) throw broken;
    return { ...emptyConfiguration, maxConcurrent };
  };
  const daemon = daemonIn(newHome(), {
    configuration: { path: 'soloist.yaml', load },
    configured: [recorder('one', journal)],
  });
  await daemon.start();
  maxConcurrent = 2;
  expect(await daemon.reload()).toBeNull();
  isBroken = true;
  expect(await daemon.reload()).toEqual(broken.toJSON());
  expect(journal).toEqual(['one started', 'one updated']);
  expect(daemon.status().configuration.problem).toEqual(broken.toJSON());
});
