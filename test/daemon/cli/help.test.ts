import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { topicNames } from '../../../main/cli/help/topics.ts';
import { runInWords } from '../../../main/cli/show.ts';
import type { RunView } from '../../../main/daemon/jobs/views.ts';
import { CLI, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';

const SOURCES = resolve(import.meta.dirname, '../../../main/cli.ts');

/** The help needs no home, and makes none. */
const help = (...words: string[]) => soloist('/nowhere', ['help', ...words]);

describe('help', () => {
  test('lists all commands and topics, with their titles', async () => {
    const { exitCode, stdout, stderr } = await help();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: soloist .*\n/);
    expect(stdout).toMatch(/^ {2}status \[options\] /m);
    for (const name of [...topicNames(), 'configuration'])
      expect(stdout).toMatch(new RegExp(`^  ${name} +[A-Z]`, 'm'));
  });

  test.for([CLI, SOURCES])('shows topics wherever the program lies: %s', async (program) => {
    const { exitCode, stdout } = await soloist('/nowhere', ['help', 'missed-runs'], { program });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Missed runs: due while /);
    expect(stdout).toContain('\n        missed_grace: 12h\n');
    // Without colours and a terminal.
    expect(stdout).not.toContain('\u001b');
  });

  test('shows a command that has a command above it, and not that one', async () => {
    const { exitCode, stdout } = await help('config', 'check');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: soloist config check /);
    expect(stdout).toContain('Exit codes: 0 it can be used');
    expect((await help('alerts', 'ack')).stdout).toMatch(/^Usage: soloist alerts ack /);
    expect((await help('config')).stdout).toMatch(/^Usage: soloist config /);
  });

  test('shows both where a command and a topic have one name', async () => {
    const { stdout } = await help('jobs');
    expect(stdout).toMatch(/^Usage: soloist jobs [\s\S]+\n\nJobs: what runs, and when\n/);
  });

  test('tells about a key of the configuration', async () => {
    const { exitCode, stdout } = await help('configuration', 'watch.settle');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('a duration from 0s to 1h; default: 2s');
    expect(stdout).not.toContain('patterns');
    expect((await help('configuration')).stdout).toContain('keep_alive.backoff');
  });

  test.for([
    ['gards', 'There is neither a command nor a topic \'gards\'. Did you mean "guards"?\n'],
    ['statsu', 'There is neither a command nor a topic \'statsu\'. Did you mean "status"?\n'],
    ['xyzzy', "There is neither a command nor a topic 'xyzzy'. 'soloist help' lists them.\n"],
    ['config chekc', 'There is no command \'config chekc\'. Did you mean "check"?\n'],
    ['jobs guards', "There is neither a command nor a topic 'jobs guards'. 'soloist help' lists them.\n"],
    ['configuration setle', 'soloist.yaml has no key \'setle\'. Did you mean "settle"?\n'],
  ])('says of %s what may be meant', async ([words = '', stderr = '']) => {
    expect(await help(...words.split(' '))).toEqual({ exitCode: 2, stdout: '', stderr });
  });

  test('is data too', async () => {
    const data = async (...words: string[]) => {
      const { stdout } = await help(...words, '--json');
      const answer = JSON.parse(stdout);
      expect(answer).toMatchObject({ version: 1, ok: true, command: 'help' });
      return answer.data;
    };
    const all = await data();
    expect(all.commands).toContainEqual({ name: 'jobs', description: expect.stringContaining('list') });
    expect(all.topics).toContainEqual({ name: 'guards', title: expect.stringContaining('Guards') });
    expect(await data('guards')).toEqual({
      command: null,
      topic: { name: 'guards', title: expect.any(String), markdown: expect.stringMatching(/^# Guards/) },
    });
    expect(await data('jobs')).toMatchObject({ command: { name: 'jobs' }, topic: { name: 'jobs' } });
    expect((await data('configuration', 'settle')).keys).toMatchObject([
      { path: 'jobs.NAME.watch.settle', otherwise: '2s', example: 'watch: { path: ~/Scans, settle: 5s }' },
    ]);
    expect(JSON.parse((await help('xyzzy', '--json')).stdout)).toMatchObject({
      ok: false,
      error: { code: 'usage' },
    });
  });
});

describe('messages point to topics', () => {
  let home = '';
  afterEach(() => soloist(home, ['down']));

  test('of a configuration that is broken', async () => {
    home = newHome();
    mkdirSync(home, { mode: 0o700 });
    const file = join(home, 'soloist.yaml');
    writeFileSync(file, 'jobs: {}\n');
    await soloist(home, ['up']);
    writeFileSync(file, 'jobs: 5\n');
    const see = "See 'soloist help configuration'.\n";
    expect((await soloist(home, ['config', 'check'])).stdout).toContain(see);
    expect(await soloist(home, ['restart'])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(see),
    });
    expect((await soloist(home, ['status'])).stdout).toContain(see);
    expect((await soloist(home, ['config', 'show'])).stderr).toContain(see);
    expect((await soloist(home, ['guard'])).stdout).toContain("See 'soloist help guards'.");
  });

  test('of a run that was missed', () => {
    const run: RunView = {
      id: '0abcdefg',
      job: 'x',
      trigger: 'cron',
      due: null,
      attempt: 1,
      state: 'ended',
      queuedAt: new Date(0).toISOString(),
      startedAt: null,
      endedAt: new Date(0).toISOString(),
      outcome: { kind: 'skipped', reason: 'missed runs of this job are skipped (3 due times since then)' },
      pid: null,
      usage: null,
      output: null,
    };
    expect(runInWords(run, 0, false)).toMatch(/\n\nSee 'soloist help missed-runs'\.$/);
    const well = { ...run, outcome: { kind: 'succeeded', exitCode: 0 } } as const;
    expect(runInWords(well, 0, false)).not.toContain('soloist help');
  });
});
