import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { eventually, ownerOf, soloist } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { electronPath } from './runtime.ts';
import { App, homeWith, inspect, PATIENCE } from './support.ts';

/*
 * Updates for real but for two things that cannot be had: a release on GitHub, for which a server here has the same files, and an
 * AppImage, for which a script stands that records its start. The app takes itself for the package by a hook.
 */

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A publisher with this version, whose file comes at once, or seems to be of 100 GB and comes a piece each 5 ms. */
async function publisher(version: string | undefined, { isEndless = false } = {}) {
  const folder = temporaryFolder();
  const started = join(folder, 'started');
  const file = Buffer.from(
    `#!/bin/sh\n# version ${version}\n[ "$APPIMAGE_EXIT_AFTER_INSTALL" ] && exit 0\necho "$@" > '${started}.part' && mv '${started}.part' '${started}'\n`,
  );
  const sha512 = createHash('sha512').update(file).digest('base64');
  const asked: string[] = [];
  const there = { isEndless, pieces: 0 };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    asked.push(path);
    if (version !== undefined && path === '/latest-linux.yml') {
      const name = 'Soloist-linux.AppImage';
      response.end(
        `version: ${version}\nfiles:\n  - url: ${name}\n    sha512: ${sha512}\n    size: ${file.length}\npath: ${name}\nsha512: ${sha512}\nreleaseDate: '2026-11-29T12:00:00.000Z'\n`,
      );
    } else if (version !== undefined && path.endsWith('.AppImage')) {
      if (!there.isEndless) return void response.end(file);
      response.writeHead(200, { 'content-length': 1e11 });
      const send = (): void => {
        there.pieces += 1;
        response.write(Buffer.alloc(65_536), () => setTimeout(send, 5).unref());
      };
      send();
    } else response.writeHead(404).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    join(folder, 'app-update.yml'),
    `provider: generic\nurl: http://127.0.0.1:${port}\nupdaterCacheDirName: soloist-updater\n`,
  );
  const appImage = join(folder, 'Soloist.AppImage');
  writeFileSync(appImage, '#!/bin/sh\n', { mode: 0o755 });
  return Object.assign(there, {
    asked,
    appImage,
    /** The words with which the new version was started. */
    started: () => (existsSync(started) ? readFileSync(started, 'utf8') : undefined),
    environment: {
      TEST_RESOURCES: folder,
      APPIMAGE: appImage,
      APPDIR: dirname(electronPath() ?? ''),
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
    hooks: ['package-hook.cjs'],
  });
}

test('a new version is looked for, downloaded, and put in place by a restart, with the daemon stopped before', {
  timeout: 120_000,
}, async () => {
  const there = await publisher('9.9.9');
  const home = homeWith({ quick: { run: 'echo done', every: '1h' } });
  const app = await App.launch({ ...there, home, words: ['--home', home] });
  const popover = await app.popover();
  const window = await app.window('settings');
  const group = window.getByRole('region', { name: 'Updates' });
  await group.getByText('Soloist has not looked for a new version yet.').waitFor();
  await inspect(app, window, 'settings-updates');
  expect(there.asked).toEqual([]);

  await group.getByRole('button', { name: 'Check now' }).click();
  await group.getByText('Soloist 9.9.9 is ready').waitFor();
  await inspect(app, window, 'settings-update-ready');
  await app.showPopover();
  await popover.getByText('Soloist 9.9.9 is ready').waitFor();
  await inspect(app, popover, 'popover-update-ready');
  expect((await app.tray()).labels).toContain('Restart to update to 9.9.9');
  expect(statSync(there.appImage).size).toBeLessThan(20);

  const owner = ownerOf(home);
  await app.choose('Restart to update to 9.9.9');
  await eventually('the new version was started', () => there.started() !== undefined, PATIENCE);
  expect(there.started()).toBe(`--home ${home}\n`);
  expect(readFileSync(there.appImage, 'utf8')).toContain('# version 9.9.9');
  expect(ownerOf(home)).toMatchObject({ pid: owner?.pid, endedAt: expect.any(String) });
  // What was looked for lately is not looked for again.
  expect(JSON.parse(readFileSync(join(home, 'app.updates.json'), 'utf8')).lastChecked).toMatch(/^2/);
});

test('a new version is put in place when the app is quit, and nothing is started', async () => {
  const there = await publisher('9.9.9');
  const app = await App.launch({ ...there });
  const window = await app.window('settings');
  await window.getByRole('button', { name: 'Check now' }).click();
  await window.getByText('Soloist 9.9.9 is ready').waitFor();
  await app.choose('Quit Soloist');
  const text = (): string => (existsSync(there.appImage) ? readFileSync(there.appImage, 'utf8') : '');
  await eventually('it is in place', () => text().includes('9.9.9'), PATIENCE);
  expect(there.started()).toBeUndefined();
});

test('nothing is downloaded while a run is in progress, and nothing is installed against the person’s will', {
  timeout: 120_000,
}, async () => {
  const there = await publisher('9.9.9');
  const app = await App.launch({ ...there, jobs: { long: { run: 'sleep 600', grace: '1s' } } });
  const { home } = app;
  await soloist(home, ['run', 'long']);
  await app.popover();
  const window = await app.window('settings');
  const group = window.getByRole('region', { name: 'Updates' });
  await eventually('the run is in progress', async () => (await app.tray()).tooltip.includes('Running long'));
  await group.getByRole('button', { name: 'Check now' }).click();
  await group.getByText('downloaded once no run is in progress').waitFor();
  await inspect(app, window, 'settings-update-waiting');
  expect(there.asked.filter((path) => path.endsWith('.AppImage'))).toEqual([]);
  await soloist(home, ['cancel', 'long']);
  await group.getByText('Soloist 9.9.9 is ready').waitFor();
  // By the keyboard: off.
  await group.getByRole('switch').focus();
  await window.keyboard.press('Space');
  await group.getByText('Soloist does not look for new versions.').waitFor();
  await app.choose('Quit Soloist');
  await eventually('it has ended', () => !existsSync(join(home, 'app.pid')), PATIENCE);
  expect(readFileSync(there.appImage, 'utf8')).toBe('#!/bin/sh\n');
});

test('who switches updates off while one is downloaded ends that, and may have it again', async () => {
  const there = await publisher('9.9.9', { isEndless: true });
  const app = await App.launch({ ...there });
  const window = await app.window('settings');
  const group = window.getByRole('region', { name: 'Updates' });
  await group.getByRole('button', { name: 'Check now' }).click();
  await group.getByText('Downloading Soloist 9.9.9').waitFor();
  await eventually('it comes', () => there.pieces > 50, PATIENCE);
  await group.getByRole('switch').click();
  await group.getByText('Soloist does not look for new versions.').waitFor();
  await eventually('no more of it is taken', async () => {
    const before = there.pieces;
    await sleep(500);
    return there.pieces === before;
  });
  there.isEndless = false;
  await group.getByRole('switch').click();
  await group.getByRole('button', { name: 'Check now' }).click();
  await group.getByText('Soloist 9.9.9 is ready').waitFor();
});

test('a publisher that cannot be asked is told in Settings, and nowhere else', async () => {
  const there = await publisher(undefined);
  const app = await App.launch({ ...there });
  const window = await app.window('settings');
  await window.getByRole('button', { name: 'Check now' }).click();
  await window.getByText(/Looking for a new version failed .* Soloist tries again tomorrow\./).waitFor();
  await inspect(app, window, 'settings-update-failed');
  expect((await app.tray()).labels.join()).not.toContain('update');
});

test('from its source code it does not update itself, and says so', async () => {
  const app = await App.launch({});
  const window = await app.window('settings');
  const group = window.getByRole('region', { name: 'Updates' });
  await group.getByText('it runs from its source code').waitFor();
  expect(await group.getByRole('switch').isDisabled()).toBe(true);
});

test('a new version that cannot be put in place leaves the old one, which is started again and says why', {
  timeout: 120_000,
}, async () => {
  const there = await publisher('9.9.9');
  const home = homeWith();
  const app = await App.launch({ ...there, home, words: ['--home', home] });
  const window = await app.window('settings');
  await window.getByRole('button', { name: 'Check now' }).click();
  await window.getByText('Soloist 9.9.9 is ready').waitFor();
  // A folder in the way, which stands for whatever hinders it.
  mkdirSync(`${there.appImage}.${app.pid}.new`);
  const again = join(temporaryFolder(), 'again');
  const old = `#!/bin/sh\necho again > '${again}'\n`;
  writeFileSync(there.appImage, old, { mode: 0o755 });
  await app.choose('Restart to update to 9.9.9');
  await eventually('it has ended', () => !existsSync(join(home, 'app.pid')), PATIENCE);
  await eventually('why is remembered', () =>
    readFileSync(join(home, 'app.updates.json'), 'utf8').includes('"message"'),
  );
  expect(readFileSync(there.appImage, 'utf8')).toBe(old);
  await eventually('the old one was started again', () => existsSync(again), PATIENCE);
});
