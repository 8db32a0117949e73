import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askAt } from '../../../main/control/client.ts';
import { prepareHome } from '../../../main/daemon/home.ts';
import type { LostLock } from '../../../main/daemon/lock/instance-lock.ts';
import { becomeSingleApp, type SingleApp, type SingleAppOptions } from '../../../main/shell/single-app.ts';
import { acquire, newHome } from '../../support/homes.ts';

let home = '';
const apps: SingleApp[] = [];
beforeEach(() => {
  home = prepareHome(newHome());
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.release()));
});

async function become(more: Partial<SingleAppOptions> = {}): Promise<SingleApp | 'shown'> {
  const logger = pino({ enabled: false });
  const rest = { onShow: () => {}, whenShown: async () => {}, onLost: () => {}, startedBy: 'a test' };
  const app = await becomeSingleApp({ home, logger, ...rest, ...more });
  if (app !== 'shown') apps.push(app);
  return app;
}

test('a second launch asks the first to show itself', async () => {
  let shown = 0;
  const count = (): void => {
    shown += 1;
  };
  expect(await become({ onShow: count })).not.toBe('shown');
  expect(await become()).toBe('shown');
  expect(await become()).toBe('shown');
  expect(shown).toBe(2);
});

test('many launches at once come to one app, which is shown to all others', async () => {
  let shown = 0;
  const count = (): void => {
    shown += 1;
  };
  const all = await Promise.all(Array.from({ length: 10 }, () => become({ onShow: count })));
  expect(all.filter((app) => app !== 'shown')).toHaveLength(1);
  expect(shown).toBe(9);
});

test('after its end the next one begins, and nothing of it is left', async () => {
  await become();
  await apps.pop()?.release();
  expect(existsSync(join(home, 'app.sock'))).toBe(false);
  expect(existsSync(join(home, 'app.pid'))).toBe(false);
  expect(await become()).not.toBe('shown');
});

test('one that holds the lock and does not listen is named', async () => {
  await acquire(home, { name: 'app', kind: 'app', socket: join(home, 'app.sock') });
  await expect(become({ patience: 200 })).rejects.toMatchObject({
    code: 'app-not-responding',
    message: expect.stringContaining(`PID ${process.pid}`),
    hint: expect.stringContaining(`kill ${process.pid}`),
  });
});

test('one that listens and does not answer is named too', async () => {
  const socket = join(home, 'app.sock');
  await acquire(home, { name: 'app', kind: 'app', socket });
  const silent = createServer().listen(socket);
  await expect(become({ patience: 200 })).rejects.toMatchObject({ code: 'app-not-responding' });
  silent.close();
});

test('is independent of the daemon of the same home', async () => {
  await acquire(home);
  expect(await become()).not.toBe('shown');
});

test('answers nothing but its one call', async () => {
  await become();
  const socket = join(home, 'app.sock');
  await expect(askAt(socket, { method: 'GET', path: '/v1/status' }, 5_000)).rejects.toMatchObject({
    code: 'unknown-path',
  });
  const show = { method: 'POST', path: '/v1/show' } as const;
  await expect(askAt(socket, show, 5_000, { evil: 1 })).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(askAt(socket, show, 5_000)).resolves.toEqual({ pid: process.pid });
});

test('tells when its lock is deleted under it', async () => {
  const lost = new Promise<LostLock>(
    (resolve) => void become({ onLost: resolve }).then(() => rmSync(join(home, 'app.lock'))),
  );
  expect((await lost).reason).toContain('app.lock was deleted');
});
