import { createServer } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import { prepareHome } from '../../../main/daemon/home.ts';
import type { DaemonStatus } from '../../../main/daemon/status.ts';
import { DaemonSource } from '../../../main/shell/source/daemon-source.ts';
import { eventually, ownerOf, soloist } from '../../support/command-line.ts';
import { daemonIn } from '../../support/daemons.ts';
import { acquire, newHome } from '../../support/homes.ts';
import { OtherVersion } from '../../support/other-version.ts';

let home = '';
let own: Daemon;
let source: DaemonSource;
let told: { event: string; data: unknown }[] = [];

beforeEach(() => {
  home = prepareHome(newHome());
  told = [];
  const actions = { stop: (daemon: Daemon) => void daemon.stop() };
  own = daemonIn(home, { kind: 'app', standing: [controlPart(actions)] });
  source = new DaemonSource({
    home,
    daemon: own,
    actions,
    logger: pino({ enabled: false }),
    emit: ((event: string, data: unknown) => void told.push({ event, data })) as never,
    onChange: () => {},
  });
});
afterEach(async () => {
  source.close();
  await soloist(home, ['down', '--timeout', '1s']);
});

const becomes = (kind: string) => eventually(`the source is ${kind}`, () => source.source.kind === kind);
const states = () =>
  told.flatMap(({ event, data }) => (event === 'status' ? [(data as DaemonStatus).daemon.state] : []));

test('shows its own daemon, also when that was stopped from the command line', async () => {
  source.watch();
  await source.start();
  expect(source.source).toEqual({ kind: 'own' });
  expect((await source.handlers.status({})).daemon.state).toBe('running');
  expect((await soloist(home, ['down'])).exitCode).toBe(0);
  await eventually('it is stopped', () => source.status()?.daemon.state === 'stopped');
  expect(source.source).toEqual({ kind: 'own' });
  expect(states()).toEqual(['stopped', 'starting', 'running', 'stopping', 'stopped']);
});

test('headless first: duplicate, attached, gone, and its own at last', async () => {
  await soloist(home, ['up']);
  const pid = ownerOf(home)?.pid;
  source.watch();
  await source.start();
  expect(source.source).toMatchObject({ kind: 'duplicate', owner: { pid, kind: 'headless' } });
  expect(source.status()).toBeNull();
  await expect(source.handlers.jobs({})).rejects.toMatchObject({ code: 'not-attached' });

  await source.attach();
  expect(source.source).toMatchObject({ kind: 'attached', owner: { pid } });
  expect((await source.handlers.status({})).owner?.pid).toBe(pid);
  await eventually('its state came', () => source.status()?.owner?.pid === pid);
  await expect(source.handlers.jobs({})).rejects.toMatchObject({ code: 'no-jobs' });
  expect((await source.handlers.restart({})).problem).toBeNull();
  await eventually('its events came', () => states().includes('starting'));

  await source.handlers.stop({ now: false });
  await becomes('gone');
  expect(source.source).toMatchObject({ kind: 'gone', owner: { pid } });
  await expect(source.handlers.jobs({})).rejects.toMatchObject({ code: 'not-running' });
  await source.start();
  expect(source.source).toEqual({ kind: 'own' });
});

test('one that is ended by force is the one that is gone, not who cleared up after it', async () => {
  await soloist(home, ['up']);
  const pid = ownerOf(home)?.pid ?? 0;
  source.watch();
  await source.start();
  process.kill(pid, 'SIGSTOP');
  expect((await soloist(home, ['down', '--timeout', '200ms'])).exitCode).toBe(0);
  await becomes('gone');
  expect(source.source).toMatchObject({ kind: 'gone', owner: { pid } });
});

test('one that is killed is gone too', async () => {
  await soloist(home, ['up']);
  source.watch();
  await source.start();
  await source.attach();
  await eventually('its stream is there', () => source.status() !== null);
  process.kill(ownerOf(home)?.pid ?? 0, 'SIGKILL');
  await becomes('gone');
});

test('takes over', async () => {
  await soloist(home, ['up']);
  source.watch();
  await source.start();
  await source.takeOver();
  expect(source.source).toEqual({ kind: 'own' });
  expect(ownerOf(home)).toMatchObject({ pid: process.pid, kind: 'app', endedAt: null });
});

test('notices a daemon that begins while its own is stopped', async () => {
  source.watch();
  await source.start();
  await own.stop();
  await soloist(home, ['up']);
  await becomes('duplicate');
  expect(source.source).toMatchObject({ owner: { pid: ownerOf(home)?.pid } });
});

test('an owner that ends while it is being looked at does not stay', async () => {
  const held = await acquire(home);
  source.watch();
  await source.start();
  expect(source.source.kind).toBe('duplicate');
  await held.release();
  await becomes('gone');
});

test('attaching to nobody is refused', () => {
  return expect(source.attach()).rejects.toThrow('no other daemon');
});

test('a daemon that speaks another contract is not attached to, and both are named', async () => {
  const other = await OtherVersion.build(7);
  await other.run(home, 'up');
  source.watch();
  await becomes('duplicate');
  await expect(source.attach()).rejects.toThrow('contract 7) is newer than this app');
  expect(source.source.kind).toBe('duplicate');
  await source.takeOver();
  expect(source.source).toEqual({ kind: 'own' });
});

test('an owner that speaks as no version does harms nothing', async () => {
  const socket = join(home, 'strange.sock');
  const strange = createServer((request, response) => {
    if (request.url !== '/v1/events') return void response.end('{"daemon":7}\n');
    response.write(
      'event: status\ndata: {"daemon":7}\n\nevent: __proto__\ndata: {}\n\nevent: run\ndata: x\n\n',
    );
    return undefined;
  }).listen(socket);
  // Its record is that of another process, which lives.
  const sleeper = await starterWith(socket);
  source.watch();
  await becomes('duplicate');
  await source.attach();
  await expect(source.handlers.status({})).rejects.toMatchObject({ code: 'unknown-answer' });
  await expect(source.handlers.jobs({})).rejects.toMatchObject({ code: 'unknown-answer' });
  expect(source.status()).toBeNull();
  expect(told.filter(({ event }) => event !== 'jobs' && event !== 'alerts' && event !== 'links')).toEqual([
    { event: 'status', data: expect.anything() },
  ]);
  await sleeper();
  strange.closeAllConnections();
  strange.close();
});

/** Another process that lives holds the home, as its record says, and answers at this socket. */
async function starterWith(socket: string): Promise<() => Promise<void>> {
  const { spawn } = await import('node:child_process');
  const { writeFileSync } = await import('node:fs');
  const { identifyProcess } = await import('../../../main/daemon/process/identity.ts');
  const held = await acquire(home);
  const record = held.owner;
  await held.release();
  const child = spawn('sleep', ['60']);
  const identity = await identifyProcess(child.pid ?? 0);
  writeFileSync(
    join(home, 'daemon.owner.json'),
    JSON.stringify({ ...record, ...identity, socket, endedAt: null }),
  );
  return async () => {
    child.kill();
  };
}
