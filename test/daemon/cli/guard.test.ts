import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { endGuarded } from '../../../main/cli/guard.ts';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Guard } from '../../../main/daemon/config/configuration.ts';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import { Guards } from '../../../main/daemon/health/guards/guards.ts';
import type { HealthOf } from '../../../main/daemon/health/report.ts';
import { CLI, type CommandOutput, run, soloist } from '../../support/command-line.ts';
import { Copies } from '../../support/copies.ts';
import { daemonIn } from '../../support/daemons.ts';
import { newHome } from '../../support/homes.ts';
import { installationOf } from '../../support/installation.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const logger = pino({ level: 'silent' });

let home: string;
let copies: Copies;
let guards: Guards;
let daemon: Daemon;

const notThis = (): never => {
  throw new Error('only guards are tested here');
};

beforeEach(async () => {
  home = newHome();
  copies = new Copies();
  guards = new Guards({ logger, alerts: { met() {}, gone() {}, standing: () => [] }, graceMs: 1_000 });
  configure({});
  const health: HealthOf = {
    guards: (name) => guards.views(name),
    endGuarded: (name, processes) => guards.end(name, processes),
    look: notThis,
    metrics: notThis,
    strays: notThis,
    endStrays: notThis,
  };
  daemon = daemonIn(home, {
    standing: [controlPart({ stop: (daemon) => void daemon.stop(), health: () => health })],
  });
  await daemon.start();
});

function configure(guard: Partial<Guard>): void {
  const name = 'notes-daemon';
  const one: Guard = { name, match: copies.match, max: 1, keep: 'oldest', act: 'alert', ...guard };
  const none: Guard = { ...one, name: 'none', match: 'no process has this in its command line', max: 0 };
  guards.configured(new Map([one, none].map((guard) => [guard.name, guard])));
}

const cli = (...words: string[]): Promise<CommandOutput> => soloist(home, words);
const livingPids = async (): Promise<number[]> => (await copies.living()).map(({ pid }) => pid);

describe('guard', () => {
  test('is a table of counts, and below it the processes where there are too many', async () => {
    const [first, second] = await copies.startMany([[], ['worker']]);
    const { exitCode, stdout, stderr } = await cli('guard');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [counts = '', overfull = '', ...more] = stdout.trimEnd().split('\n\n');
    expect(more).toEqual(["'soloist guard end NAME' ends the extra ones. See 'soloist help guards'."]);
    expect(counts.split('\n')).toEqual([
      expect.stringMatching(/^GUARD +COPIES +MAX +KEEP +ACT +MATCH$/),
      expect.stringMatching(/^notes-daemon +2 +1 +oldest +alert +\//),
      expect.stringMatching(/^none +0 +0 +oldest +alert +no process/),
    ]);
    expect(overfull.split('\n')).toEqual([
      '2 copies of notes-daemon run, and 1 may:',
      expect.stringMatching(/^ +PID +AGE +CPU +MEMORY +COMMAND$/),
      expect.stringMatching(new RegExp(`^ +${first} +[\\d.]+ s +[\\d.]+ s +[\\d.]+ [kM]B +/bin/sh /`)),
      expect.stringMatching(new RegExp(`^extra +${second} `)),
    ]);
    expect((await cli('guard', 'list')).stdout.split('\n')[0]).toBe(counts.split('\n')[0]);
  });

  test('as JSON, and only their names', async () => {
    const [pid] = await copies.startMany([[]]);
    const { data } = JSON.parse((await cli('guard', '--json')).stdout);
    expect(data.guards).toMatchObject([
      { name: 'notes-daemon', max: 1, processes: [{ pid, isExtra: false }] },
      { name: 'none', processes: [] },
    ]);
    expect((await cli('guard', '--names')).stdout).toBe('notes-daemon\nnone\n');
  });

  test('says so if there are none', async () => {
    guards.configured(new Map());
    expect((await cli('guard')).stdout).toContain('There are no guards.');
  });
});

describe('guard end', () => {
  test('with --yes, ends the extra ones and tells of each', async () => {
    const [first, second, third] = await copies.startMany([[], ['worker'], ['deaf']]);
    const { exitCode, stdout, stderr } = await cli('guard', 'end', 'notes-daemon', '--yes');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^extra +${second} `, 'm'));
    expect(stdout).toContain(`Ended PIDs ${second}, ${third}.\n`);
    expect(await livingPids()).toEqual([first]);
    const again = await cli('guard', 'end', 'notes-daemon', '--yes');
    expect(again).toMatchObject({
      exitCode: 0,
      stdout: '1 copy of notes-daemon runs, and 1 may: none is to be ended.\n',
    });
  });

  test('as JSON', async () => {
    const [, second] = await copies.startMany([[], []]);
    const { exitCode, stdout } = await cli('guard', 'end', 'notes-daemon', '--yes', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      command: 'guard end',
      data: { ended: [{ pid: second }], left: [] },
    });
  });

  test('ends nothing without a terminal to ask at', async () => {
    const [, second] = await copies.startMany([[], []]);
    const { exitCode, stdout, stderr } = await cli('guard', 'end', 'notes-daemon');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^extra +${second} `, 'm'));
    expect(stderr).toContain(`no terminal to ask at whether to end PID ${second}. With --yes`);
    const json = await cli('guard', 'end', 'notes-daemon', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, error: { code: 'not-confirmed' } });
    expect(await livingPids()).toHaveLength(2);
  });

  test.each([
    ['yes', true, 0],
    ['no', false, 1],
  ])('asks a person, who says %s', async (_, answer, exitCode) => {
    await copies.startMany([[], [], []]);
    const asked: string[] = [];
    const shown: string[] = [];
    const configuration = join(home, 'soloist.yaml');
    const result = await endGuarded(
      { home, configuration, json: false, color: false, installation: installationOf('') },
      {
        name: 'notes-daemon',
        yes: false,
        askPerson: async (question) => {
          expect(shown, 'it is shown before').toHaveLength(1);
          asked.push(question);
          return answer;
        },
        show: (text) => shown.push(text),
      },
    );
    expect(asked).toEqual(['End the 2 extra ones?']);
    expect(result.exitCode).toBe(exitCode);
    expect(await livingPids()).toHaveLength(answer ? 1 : 3);
  });

  test('ends no process that came after it showed them, and says what was not extra any more', async () => {
    configure({ keep: 'newest', max: 2 });
    const [first, second, third] = await copies.startMany([[], [], []]);
    const result = await endGuarded(
      { home, configuration: '', json: true, color: false, installation: installationOf('') },
      {
        name: 'notes-daemon',
        yes: false,
        askPerson: async () => {
          configure({ keep: 'oldest', max: 2 });
          return true;
        },
        show: () => {},
      },
    );
    expect(result).toMatchObject({
      exitCode: 0,
      text: `PID ${first} is gone already, or not extra any more.`,
    });
    expect(new Set(await livingPids())).toEqual(new Set([first, second, third]));
  });

  test('an unknown guard is told, with the likely one', async () => {
    const { exitCode, stderr } = await cli('guard', 'end', 'note-daemon', '--yes');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'There is no guard "note-daemon". Did you mean "notes-daemon"?\n',
    });
    expect((await cli('guard', 'finish')).exitCode).toBe(2);
    expect((await cli('guard', 'end')).exitCode).toBe(2);
  });
});

test('bash completes the names of guards where they belong', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'script'), (await cli('completion', 'bash')).stdout);
  writeFileSync(join(folder, 'soloist'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, {
    mode: 0o755,
  });
  const complete = async (...words: string[]): Promise<string[]> => {
    const text = `source ${join(folder, 'script')}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}; _soloist; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const environment = { PATH: `${folder}:${process.env.PATH}`, SOLOIST_HOME: home, SOLOIST_CONFIG: '' };
    return (await run('bash', ['-c', text], { environment })).stdout.trim().split('\n');
  };
  expect(await complete('soloist', 'guard', 'e')).toEqual(['end']);
  expect(await complete('soloist', 'guard', 'n')).toEqual(['']);
  expect(await complete('soloist', 'guard', 'end', 'n')).toEqual(['notes-daemon', 'none']);
});
