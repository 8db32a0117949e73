import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/command-line.ts';
import { App, configure, emptyHome, inspect } from './support.ts';

const quick = { run: 'echo done', every: '1h' };

describe('a job', () => {
  test('is run now, and its output comes as it is printed', async () => {
    const slow = 'printf "\\033[31mfirst\\033[0m\\n"; until [ -e go ]; do sleep 0.05; done; echo second';
    const app = await App.launch({ jobs: { slow: { run: slow, cwd: '.' } } });
    const popover = await app.popover();
    await popover.getByRole('row', { name: /slow/ }).hover();
    await popover.getByRole('button', { name: 'Run slow now' }).click();
    await eventually(
      'the tray shows work',
      async () => (await app.tray()).tooltip === 'Soloist: Running slow',
    );
    await popover.getByRole('button', { name: 'Log of slow' }).click();
    const window = await app.window();
    await window.getByText('first').waitFor();
    expect(await window.getByText('second').count()).toBe(0);
    await inspect(app, window, 'run-live');
    writeFileSync(join(app.home, 'go'), '');
    await window.getByText('second').waitFor();
    await window.locator('.run-pane').getByText('Succeeded').first().waitFor();
    await inspect(app, window, 'run-ended');
  });

  test('that fails raises an alert that leads to its log, and goes when it is acknowledged', async () => {
    const app = await App.launch({ jobs: { flaky: { run: 'echo what went wrong; exit 3' } } });
    const popover = await app.popover();
    await popover.getByRole('row', { name: /flaky/ }).hover();
    await popover.getByRole('button', { name: 'Run flaky now' }).click();
    const alerts = popover.getByRole('region', { name: 'Alerts' });
    await alerts.getByText(/flaky\W? failed with exit code 3\./).waitFor();
    await eventually('the tray says so', async () =>
      (await app.tray()).tooltip.includes('flaky failed with exit code 3'),
    );
    await inspect(app, popover, 'popover-alert');
    await alerts.getByRole('button', { name: 'Log of flaky' }).click();
    const window = await app.window();
    await window.getByText('what went wrong').waitFor();
    await window.getByText('Exit code 3').first().waitFor();
    await app.showPopover();
    await alerts.getByRole('button', { name: /^Acknowledge/ }).click();
    await alerts.waitFor({ state: 'detached' });
    await eventually('the tray is calm', async () =>
      (await app.tray()).tooltip.startsWith('Soloist: Running since'),
    );
  });

  test('is paused and resumed, alone and with all others', async () => {
    const app = await App.launch({ jobs: { quick, other: quick } });
    const popover = await app.popover();
    const row = popover.getByRole('row', { name: /quick/ });
    await row.hover();
    await popover.getByRole('button', { name: 'Pause quick' }).click();
    await row.getByText('Paused', { exact: true }).waitFor();
    expect((await app.cli('jobs')).stdout).toMatch(/quick +paused/);
    await popover.getByRole('button', { name: 'Resume quick' }).click();
    await row.getByText(/^in /).waitFor();
    await popover.getByRole('button', { name: 'Pause all' }).click();
    await popover.getByRole('heading', { name: 'Paused' }).waitFor();
    await eventually(
      'the tray says so',
      async () => (await app.tray()).tooltip === 'Soloist: All jobs are paused',
    );
    await inspect(app, popover, 'popover-paused');
    await app.choose('Resume all');
    await popover.getByRole('heading', { name: 'Running', exact: true }).waitFor();
  });

  test('is found as one types', async () => {
    const app = await App.launch({ jobs: { backup: quick, sync: quick, import: quick } });
    const popover = await app.popover();
    await popover.getByRole('searchbox').fill('sy');
    await popover.getByRole('row', { name: /sync/ }).waitFor();
    await eventually('others are gone', async () => (await popover.getByRole('row').count()) === 1);
    await popover.getByRole('searchbox').fill('nothing');
    await popover.getByText('No job matches.').waitFor();
    await inspect(app, popover, 'popover-no-match');
  });

  test('is started from the menu of the tray', async () => {
    const app = await App.launch({ jobs: { quick } });
    await app.popover();
    await eventually('it is offered', async () => (await app.tray()).labels.includes('Run now'));
    await app.choose('Run now', 'quick');
    await eventually('it has run', async () => (await app.cli('runs', 'quick')).stdout.includes('succeeded'));
  });

  test('is disabled and enabled in the configuration, of which all else stays', async () => {
    const app = await App.launch({ jobs: { quick } });
    await app.popover();
    const window = await app.window('jobs');
    await window.getByRole('button', { name: 'Disable' }).click();
    await window.getByRole('button', { name: 'Enable' }).waitFor();
    await inspect(app, window, 'jobs-disabled');
    expect((await app.cli('jobs')).stdout).toMatch(/quick +disabled/);
    await window.getByRole('button', { name: 'Enable' }).click();
    await window.getByRole('button', { name: 'Disable' }).waitFor();
  });
});

describe('what a job says', () => {
  test('is shown as text, never as markup', async () => {
    const markup = '<img src=x onerror="globalThis.taken=1"><b>bold</b>';
    const app = await App.launch({
      jobs: { hostile: { run: ['printf', '%s', markup], description: markup, tags: [markup] } },
    });
    const popover = await app.popover();
    await app.cli('run', 'hostile', '--wait');
    await popover.getByRole('row', { name: /hostile/ }).hover();
    await popover.getByRole('button', { name: 'Log of hostile' }).click();
    const window = await app.window();
    await window.locator('.run-pane').getByText(markup).first().waitFor();
    await app.window('jobs');
    await window.locator('section.view.jobs').getByText(markup).first().waitFor();
    for (const page of [popover, window])
      expect(
        await page.evaluate(() => [document.querySelectorAll('img, b').length, 'taken' in window]),
      ).toEqual([0, false]);
  });
});

describe('the configuration', () => {
  test('broken and mended while the popover is open', async () => {
    const app = await App.launch({ jobs: { quick } });
    const popover = await app.popover();
    await popover.getByRole('row', { name: /quick/ }).waitFor();
    writeFileSync(
      join(app.home, 'soloist.yaml'),
      'jobs:\n  quick:\n    run: echo done\n    shedule: "0 3 * * *"\n',
    );
    await popover.getByText(/"shedule" is not a key/).waitFor();
    await popover.getByRole('button', { name: 'Open soloist.yaml:4' }).waitFor();
    // What was good before is still in force.
    await popover.getByRole('row', { name: /every hour/ }).waitFor();
    await eventually('the tray says so', async () =>
      (await app.tray()).tooltip.includes('configuration is broken'),
    );
    await inspect(app, popover, 'popover-broken-configuration');
    configure(app.home, { quick, added: quick });
    await popover.getByRole('row', { name: /added/ }).waitFor();
    expect(await popover.getByText(/"shedule" is not a key/).count()).toBe(0);
  });

  test('is begun from the popover where there is none, and opened in the editor', async () => {
    const app = await App.launch({
      home: emptyHome(),
      environment: { VISUAL: '', EDITOR: '' },
    });
    const popover = await app.popover();
    await popover.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    await inspect(app, popover, 'popover-empty');
    await app.recordOpened();
    await popover.getByRole('button', { name: 'Open configuration' }).click();
    await popover.getByRole('row', { name: /hello/ }).waitFor();
    await eventually('it is opened', async () =>
      (await app.opened()).some((path) => path.endsWith('soloist.yaml')),
    );
  });
});
