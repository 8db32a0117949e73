import { expect, test } from 'vitest';
import { topicNames } from '../../main/cli/help/topics.ts';
import { App, configure, emptyHome, homeWith, inspect } from './support.ts';

test('the help is searched and read, by the mouse and by the keyboard alone', {
  timeout: 120_000,
}, async () => {
  const app = await App.launch({ jobs: { quick: { run: 'echo done', every: '1h' } } });
  const window = await app.window('help');
  const topics = window.getByRole('navigation', { name: 'Topics' });
  expect(await topics.getByRole('listitem').count()).toBe(topicNames().length + 1);
  await inspect(app, window, 'help');

  // By the mouse: a topic, and from there another one that it names.
  await topics.getByRole('button', { name: /^Jobs/ }).click();
  const page = window.getByRole('article');
  await page.getByRole('heading', { name: /^Jobs/, level: 2 }).waitFor();
  await page.getByText('soloist help jobs').waitFor();
  await inspect(app, window, 'help-jobs');
  await page.getByRole('button', { name: 'soloist help services' }).first().click();
  await page.getByRole('heading', { name: /^Services/, level: 2 }).waitFor();

  // By the keyboard: search, and the first that is found.
  await window.keyboard.press('/');
  await window.keyboard.type('keep_alive backoff');
  await window.getByText(/^\d+ topics?$/).waitFor();
  await window.keyboard.press('Enter');
  await page.getByText('keep_alive').first().waitFor();
  // The place that speaks of both words is in sight, and they are marked in it.
  await page
    .getByRole('row', { name: /backoff.*keep_alive|keep_alive.*backoff/ })
    .first()
    .waitFor();
  const [isInSight, marked] = await page.evaluate((shown) => {
    const row = [...shown.querySelectorAll('tr')].find((one) =>
      /keep_alive.*backoff|backoff.*keep_alive/.test(one.innerText),
    );
    const { top = -1, bottom = -1 } = row?.getBoundingClientRect() ?? {};
    const { top: from, bottom: to } = shown.getBoundingClientRect();
    return [top >= from && bottom <= to, CSS.highlights.get('help-found')?.size ?? 0];
  });
  expect(isInSight).toBe(true);
  expect(marked).toBeGreaterThan(2);
  await inspect(app, window, 'help-search');
  // The widest of all, with tables of four columns.
  await page.getByRole('heading', { name: /^Configuration/, level: 2 }).waitFor();
  const widths = await page.evaluate((shown) => ({
    over: shown.scrollWidth - shown.clientWidth,
    example: Math.min(...[...shown.querySelectorAll('td:nth-child(4)')].map((cell) => cell.clientWidth)),
  }));
  expect(widths.over).toBeLessThanOrEqual(0);
  expect(widths.example).toBeGreaterThan(100);
  await window.keyboard.press('/');
  await window.keyboard.type('no such words anywhere');
  await window.getByText('No topic speaks of that.').waitFor();
});

test('what is not well leads to what tells of it', { timeout: 120_000 }, async () => {
  const home = homeWith({ quick: { run: 'echo done' } });
  const app = await App.launch({ home });
  const popover = await app.popover();
  configure(home, { quick: { run: 'echo done', wrong: 'key' } });
  await popover.getByText('The configuration has an error. The former one is still in force.').waitFor();
  await popover.getByRole('button', { name: 'Help: the configuration' }).click();
  const window = await app.window();
  await window.getByRole('article').getByRole('heading', { level: 2 }).waitFor();
  expect(await window.getByRole('article').getAttribute('aria-label')).toMatch(/configuration/i);

  await app.window('health');
  await window.getByRole('button', { name: 'Help: Health' }).click();
  await window
    .getByRole('article')
    .getByRole('heading', { name: /^Health/, level: 2 })
    .waitFor();
  await app.window('settings');
  await window.getByRole('button', { name: 'Help: Updates' }).click();
  await window.getByRole('article').getByText('soloist help updates').waitFor();
});

test('each sign for help leads to a topic that there is', async () => {
  const app = await App.launch({ home: emptyHome() });
  const window = await app.window('settings');
  const known = new Set([...topicNames(), 'configuration']);
  for (const view of ['settings', 'health', 'links', 'timeline'] as const) {
    await app.window(view);
    const signs = window.getByRole('button', { name: /^Help: / });
    await expect.poll(() => signs.count(), { message: view, timeout: 10_000 }).toBeGreaterThan(0);
    for (let index = 0; index < (await signs.count()); index++) {
      await app.window(view);
      await signs.nth(index).click();
      const article = window.getByRole('article');
      await article.waitFor();
      const shown = /soloist help ([\w-]+)$/.exec((await article.innerText()).trim())?.[1];
      expect(known).toContain(shown);
      await app.window(view);
    }
  }
});
