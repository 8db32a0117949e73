import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/command-line.ts';
import { linksVault, noteNames, type Vault } from './links-vault.ts';
import { App, answer, enlargedPicture, inspect, tabTo } from './support.ts';

const jobOf = ({ path }: Vault) => ({
  'suggest-links': { use: 'links', with: { vault: path, suggestions: 3 } },
});

/** The app with the Links view of a vault for which the job has run. */
async function reviewing(): Promise<{ app: App; window: Page; vault: Vault }> {
  const vault = linksVault();
  const app = await App.launch({ jobs: jobOf(vault) });
  await app.popover();
  const window = await app.window('links');
  await window.getByRole('heading', { name: 'No suggested links wait' }).waitFor();
  await app.cli('run', 'suggest-links', '--wait');
  await window.getByRole('listbox').waitFor();
  return { app, window, vault };
}

const contents = (vault: Vault) => Object.fromEntries(noteNames.map((note) => [note, vault.read(note)]));
const options = (window: Page) => window.getByRole('listbox').getByRole('option');

/** Waits until both notes of this pair are shown, so that something can be decided about it. */
const shown = (window: Page, note: string, target: string): Promise<void> =>
  eventually(`${note} and ${target} are shown`, async () => {
    const names = await window
      .getByRole('region', { name: /^Text of/ })
      .evaluateAll((panes) => panes.map((pane) => pane.getAttribute('aria-label') ?? ''));
    return names.length === 2 && !!names[0]?.includes(note) && !!names[1]?.includes(target);
  });

const said = (window: Page, words: RegExp): Promise<void> =>
  window.locator('.link-said').filter({ hasText: words }).waitFor();

async function sizeWindow(app: App, zoom: number, width: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, [zoom, width]) => {
      for (const one of BrowserWindow.getAllWindows()) {
        if (!one.webContents.getURL().includes('main.html')) continue;
        one.setSize(width, 640);
        one.webContents.setZoomFactor(zoom);
      }
    },
    [zoom, width] as const,
  );
}

describe('the Links view', () => {
  test('is reviewed with the keyboard alone, and the notes hold exactly what was accepted', async () => {
    const { app, window, vault } = await reviewing();
    const { keyboard } = window;
    const before = contents(vault);
    await shown(window, 'Rye loaf', 'Sourdough starter');
    const count = await options(window).count();
    await eventually('the tray tells how many wait', async () =>
      (await app.tray()).labels.includes(`${count} suggested links`),
    );
    expect((await app.tray()).tooltip).toMatch(/: Running since/);
    await window
      .locator('.sidebar')
      .getByText(`${count} suggested links wait`)
      .waitFor({ state: 'attached' });
    await inspect(app, window, 'links');
    await keyboard.press('?');
    await window.getByRole('dialog').getByText('Links: accept, dismiss, skip, undo').waitFor();
    await keyboard.press('a');
    await keyboard.press('Escape');
    expect(contents(vault)).toEqual(before);

    await keyboard.press('a');
    await said(window, /^Added \W?\[\[Sourdough starter\]\]\W? to \W?Rye loaf\W? under \W?Related\W?\.$/);
    // The same pair the other way round is off the list too.
    await eventually('both are off the list', async () => (await options(window).count()) === count - 2);
    await shown(window, 'Rye loaf', 'לחם שיפון');
    await inspect(app, window, 'links-accepted');
    await keyboard.press('d');
    await said(window, /^Dismissed: \W?לחם שיפון/);
    await eventually('it is off the list', async () => (await options(window).count()) <= count - 3);
    await keyboard.press('u');
    await said(window, /^Taken back: \W?לחם שיפון/);
    await shown(window, 'Rye loaf', 'לחם שיפון');
    await keyboard.press('d');
    await said(window, /^Dismissed/);
    await shown(window, 'Rye loaf', 'Watering');
    await keyboard.press('s');
    await said(window, /^Skipped \W?Watering/);

    await tabTo(window, /^Suggested links$/);
    await keyboard.press('End');
    await shown(window, 'Garden diary', 'Tomatoes');
    const isPassageSeen = await window.evaluate(() => {
      const mark = document.querySelector('.note-passage')?.getBoundingClientRect();
      const pane = document.querySelector('.note-text')?.getBoundingClientRect();
      return mark !== undefined && pane !== undefined && mark.top >= pane.top && mark.bottom <= pane.bottom;
    });
    expect(isPassageSeen).toBe(true);
    await inspect(app, window, 'links-passage');
    const tomatoes = options(window).filter({ hasText: /^Tomatoes/ });
    for (let step = 0; step < count && (await tomatoes.getAttribute('aria-selected')) !== 'true'; step++)
      await keyboard.press('ArrowUp');
    await shown(window, 'Tomatoes', 'Seedlings');
    await keyboard.press('a');
    await said(window, /^Added \W?\[\[Seedlings\]\]\W? to \W?Tomatoes\W? under \W?Related\W?\.$/);
    expect(vault.read('Garden/Tomatoes.md')).toBe(
      `${before['Garden/Tomatoes.md']?.trimEnd()}\r\n- [[Seedlings]]\r\n`,
    );
    await keyboard.press('u');
    await said(window, /^Taken back: \W?Seedlings\W? waits again, and \W?Tomatoes\W? is as it was\.$/);
    await shown(window, 'Tomatoes', 'Seedlings');

    expect(contents(vault)).toEqual({
      ...before,
      'Bread/Rye loaf.md': `${before['Bread/Rye loaf.md']}\n## Related\n\n- [[Sourdough starter]]\n`,
    });
  });

  test('tells of a link that cannot be taken back, and of all that are looked through', async () => {
    const { app, window, vault } = await reviewing();
    const { keyboard } = window;
    await shown(window, 'Rye loaf', 'Sourdough starter');
    await keyboard.press('a');
    await said(window, /^Added/);
    const changed = `${vault.read('Bread/Rye loaf.md')}\nMine.\n`;
    vault.write('Bread/Rye loaf.md', changed);
    await keyboard.press('u');
    await window
      .getByRole('alert')
      .getByText(/was changed since the link was added/)
      .waitFor();
    await inspect(app, window, 'links-refused-undo');
    await keyboard.press('u');
    await said(window, /^Nothing was decided here/);
    expect(vault.read('Bread/Rye loaf.md')).toBe(changed);

    await eventually('all are dismissed', async () => {
      await keyboard.press('d');
      return window.getByRole('heading', { name: 'All are looked through' }).isVisible();
    });
    await inspect(app, window, 'links-done');
    await eventually('the tray tells of none', async () =>
      (await app.tray()).labels.every((label) => !label.includes('suggested link')),
    );
    await tabTo(window, /^Undo/);
    await keyboard.press('Enter');
    await eventually('one waits again', async () => (await options(window).count()) === 1);
    await app.window('timeline');
    await eventually('the tray tells', async () => (await app.tray()).labels.includes('1 suggested link'));
    await app.choose('1 suggested link');
    await options(window).waitFor();
  });

  test('is used narrow and at twice its size', async () => {
    const { app, window } = await reviewing();
    await shown(window, 'Rye loaf', 'Sourdough starter');
    const overflow = () => window.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    await sizeWindow(app, 2, 1_000);
    await window.waitForFunction(() => innerWidth < 600);
    await inspect(app, window, 'links-twice');
    await enlargedPicture(app, 'links-twice-enlarged');
    expect(await overflow()).toBe(false);
    await sizeWindow(app, 2, 700);
    await window.waitForFunction(() => innerWidth < 400);
    await inspect(app, window, 'links-narrow');
    await enlargedPicture(app, 'links-narrow-enlarged');
    expect(await overflow()).toBe(false);
    await window.keyboard.press('s');
    await said(window, /^Skipped/);
  });
});

describe('without suggestions', () => {
  test('the view says how to come by them, and why there are none', async () => {
    const app = await App.launch({ jobs: { quick: { run: 'true' } } });
    await app.popover();
    const window = await app.window('links');
    await window.getByRole('heading', { name: 'No suggested links wait' }).waitFor();
    await inspect(app, window, 'links-none');
    await app.recordOpened();
    await window.getByRole('button', { name: 'Edit configuration' }).click();
    await eventually('it is opened', async () => (await app.opened()).length > 0);
    const error = { code: 'internal', message: 'The daemon at /run/x does not answer.' };
    await answer(app, 'links', { ok: false, error });
    await app.window('timeline');
    await app.window('links');
    await window.getByText(error.message).waitFor();
    await inspect(app, window, 'links-refused');
    await answer(app, 'links', {
      ok: false,
      error: { code: 'unknown-path', message: 'There is no /v1/links.' },
    });
    await window.getByRole('button', { name: 'Try again' }).click();
    await window.getByRole('heading', { name: 'This daemon suggests no links' }).waitFor();
    await inspect(app, window, 'links-older-daemon');
    await app.cli('down');
    await window.getByRole('heading', { name: 'No daemon runs here' }).waitFor();
    await inspect(app, window, 'links-no-daemon');
    await answer(app, 'links', null);
    await window.getByRole('button', { name: 'Start', exact: true }).click();
    await window.getByText('Looking for suggested links…').waitFor();
    await inspect(app, window, 'links-loading');
  });
});
