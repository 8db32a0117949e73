import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertsTable } from '../../../main/cli/alerts.ts';
import type { AlertView } from '../../../main/daemon/jobs/views.ts';
import { type CommandOutput, eventually, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { alert as alertView, noon } from '../../unit/shell/views.ts';

let home = '';
beforeEach(() => {
  home = newHome();
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(
    join(home, 'soloist.yaml'),
    `defaults: { cwd: ${home} }
jobs:
  flaky: { run: test -e good }
  odd: { run: ["/no/such\\e[31mprogram"] }
  watcher: { run: 'exit 0', watch: ${home}/inbox }
`,
  );
});
afterEach(() => soloist(home, ['down']));

const cli = (...words: string[]): Promise<CommandOutput> => soloist(home, words);
const alerts = async (...words: string[]): Promise<readonly AlertView[]> =>
  JSON.parse((await cli('alerts', ...words, '--json')).stdout).data.alerts;
const fields = (all: readonly AlertView[]) => all.map(({ kind, state, count }) => [kind, state, count]);

test('alerts are listed, acknowledged, and archived once they are over', async () => {
  expect(await cli('up')).toMatchObject({ exitCode: 0, stderr: '' });
  await eventually('the missing folder is noticed', async () => (await alerts()).length === 1);
  await cli('run', 'flaky', '--wait');
  await cli('run', 'flaky', '--wait');
  const [failing, watch] = await alerts();
  expect(failing).toMatchObject({ kind: 'failing', job: 'flaky', subject: null, count: 2, state: 'open' });
  expect(watch).toMatchObject({ kind: 'watch', job: 'watcher', subject: join(home, 'inbox') });

  const { exitCode, stdout, stderr } = await cli('alerts');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^ID +STATE +SINCE +TIMES +WHAT$/);
  expect(lines[1]).toMatch(
    new RegExp(
      `^${failing?.id} +open +(now|\\d+(\\.\\d)? s ago) +2 +flaky failed with exit code 1\\. Its log says more\\.`,
    ),
  );
  expect(lines.slice(3)).toEqual(['', "See 'soloist help watching'."]);

  const acknowledged = await cli('alerts', 'ack', failing?.id ?? '');
  expect(acknowledged).toMatchObject({ exitCode: 0, stderr: '' });
  expect(acknowledged.stdout).toMatch(new RegExp(`^${failing?.id} +acknowledged`, 'm'));
  expect(fields(await alerts('ack', '--all'))).toEqual([
    ['failing', 'acknowledged', 2],
    ['watch', 'acknowledged', 1],
  ]);

  // What stands is not archived; what is over goes to where only --all shows it.
  writeFileSync(join(home, 'good'), '');
  await cli('run', 'flaky', '--wait');
  expect(fields(await alerts())).toEqual([['watch', 'acknowledged', 1]]);
  expect(fields(await alerts('--all'))[0]).toEqual(['failing', 'resolved', 2]);
  expect(fields(await alerts('archive'))).toEqual([['watch', 'acknowledged', 1]]);
  expect(fields(await alerts('--all'))).toEqual([
    ['failing', 'archived', 2],
    ['watch', 'acknowledged', 1],
  ]);
  mkdirSync(join(home, 'inbox'));
  await eventually('the folder is noticed', async () => (await alerts()).length === 0);
  expect(await cli('alerts')).toMatchObject({ exitCode: 0, stdout: 'No alerts.\n' });
  expect(await cli('alerts', 'ack', '--all')).toMatchObject({ exitCode: 0, stdout: 'No alerts.\n' });

  // The next failure is an alert of its own.
  rmSync(join(home, 'good'));
  await cli('run', 'flaky', '--wait');
  expect(fields(await alerts())).toEqual([['failing', 'open', 1]]);
});

test('what an alert says does not reach the terminal as commands', async () => {
  expect(await cli('up')).toMatchObject({ exitCode: 0 });
  await cli('run', 'odd', '--wait');
  await eventually('it is told', async () => (await alerts()).some(({ job }) => job === 'odd'));
  const { stdout } = await cli('alerts');
  expect(stdout).toContain('/no/such\uFFFD[31mprogram');
  expect(stdout).not.toContain('\u001b');
});

test('errors are sentences with exit code 1, wrong use has 2', async () => {
  for (const words of [['alerts'], ['alerts', 'ack', '1'], ['alerts', 'archive']])
    expect(await cli(...words), words.join(' ')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `No daemon is running in ${home}. Start it with 'soloist up'.\n`,
    });
  expect(await cli('alerts', 'ack')).toMatchObject({
    exitCode: 2,
    stderr: 'Which alert is not said. Give the id of one alert, or --all.\n',
  });
  expect(await cli('alerts', 'ack', '1', '--all')).toMatchObject({
    exitCode: 2,
    stderr: 'There is both an alert and --all. Give the id of one alert, or --all.\n',
  });
  expect(await cli('up')).toMatchObject({ exitCode: 0 });
  expect(await cli('alerts', 'ack', '99')).toMatchObject({
    exitCode: 1,
    stderr:
      'There is no alert "99". See \'soloist alerts --all\'; those that are over are kept for three months.\n',
  });
});

test('the table has each state, and counts', () => {
  const states = ['open', 'acknowledged', 'resolved', 'archived'] as const;
  const all = states.map((state, index) => alertView({ id: String(index), state, count: 10 ** index }));
  expect(alertsTable(all, noon, false)).toBe(
    [
      'ID  STATE         SINCE       TIMES  WHAT',
      '0   open          60 min ago  1      sync was given up after 10 failures.',
      '1   acknowledged  60 min ago  10     sync was given up after 10 failures.',
      '2   resolved      60 min ago  100    sync was given up after 10 failures.',
      '3   archived      60 min ago  1000   sync was given up after 10 failures.',
      '',
      "See 'soloist help services'.",
    ].join('\n'),
  );
});
