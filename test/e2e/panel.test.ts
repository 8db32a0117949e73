import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { App, screenPicture } from './support.ts';

/** Whether there is a desktop here with a panel that shows tray icons, and the tools to see and click. */
function hasPanel(): boolean {
  if (process.platform !== 'linux' || process.env.DBUS_SESSION_BUS_ADDRESS === undefined) return false;
  const watcher = spawnSync(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/',
      'org.freedesktop.DBus.NameHasOwner',
      'string:org.kde.StatusNotifierWatcher',
    ],
    { encoding: 'utf8' },
  );
  return watcher.stdout?.includes('boolean true') === true && spawnSync('xdotool', ['version']).status === 0;
}

const isThere = hasPanel();
if (!isThere) console.log('SKIPPED: the test of the tray icon, since there is no panel with a tray here.');

/** Where the only icon of the panel is, in pixels of the screen of 1280 by 800. */
const ICON = { x: 1195, y: 14 };
const CROP = '40x28+1176+0';

function iconPixels(): Buffer {
  const file = join(temporaryFolder(), 'icon.rgb');
  execFileSync('import', ['-window', 'root', '-crop', CROP, '-depth', '8', `rgb:${file}`]);
  expect(statSync(file).size).toBe(40 * 28 * 3);
  return readFileSync(file);
}

/** How many pixels are of a colour, not grey: the panel itself has none. */
function coloured(pixels: Buffer): number {
  let count = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) count++;
  }
  return count;
}

const click = (x: number, y: number, button: number): void => {
  execFileSync('xdotool', ['mousemove', String(x), String(y), 'click', String(button)]);
};

test.runIf(isThere)(
  'the icon is seen in the panel, shows how the daemon stands, and its menu works',
  async () => {
    const before = coloured(iconPixels());
    const app = await App.launch({ jobs: { quick: { run: 'echo done', every: '1h' } }, words: ['--hidden'] });
    await eventually('it is seen', () => coloured(iconPixels()) > before + 20);
    const running = iconPixels();
    screenPicture('panel-running');

    // The menu of the panel: the second mouse button, then the keyboard, as a person without a steady hand does it.
    click(ICON.x, ICON.y, 3);
    await new Promise((resolve) => setTimeout(resolve, 700));
    screenPicture('panel-menu');
    const labels = (await app.tray()).labels;
    const at = labels.indexOf('Stop');
    expect(at).toBeGreaterThan(0);
    // The state line cannot be chosen, so that the first step is on what comes after it.
    for (let step = 0; step < at; step++) execFileSync('xdotool', ['key', 'Down']);
    execFileSync('xdotool', ['key', 'Return']);
    await eventually('it has stopped', async () => (await app.tray()).tooltip === 'Soloist: Stopped');
    await eventually('the icon is another one', () => !iconPixels().equals(running));
    screenPicture('panel-stopped');

    click(ICON.x, ICON.y, 1);
    await eventually('something opens', async () => {
      const windows = await app.shown();
      return windows.includes('popover.html') || (await menuIsOpen());
    });
    screenPicture('panel-clicked');
  },
);

/** Whether a menu is on the screen: a window of its own that no program of ours made. */
async function menuIsOpen(): Promise<boolean> {
  const found = spawnSync('xdotool', ['search', '--onlyvisible', '--class', 'xfce4-panel'], {
    encoding: 'utf8',
  });
  return (found.stdout ?? '').trim().split('\n').length > 1;
}
