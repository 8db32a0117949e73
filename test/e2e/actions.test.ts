import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunView } from '../../main/control/views.ts';
import { eventually, isRunning } from '../support/command-line.ts';
import { drawScreenshot } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type TroubledActions, troubledActions } from '../support/troubled-actions.ts';
import { App } from './support.ts';

/*
 * In the app an action is a utility process: a run like any other, whose end nothing else notices.
 */

const ROUNDS = 5;
const talkers = Array.from({ length: 8 }, (_, index) => `talks-${index}`);

let inbox: string;
let actions: TroubledActions;
let app: App;
beforeEach(async () => {
  actions = await troubledActions();
  const { job, vault } = actions;
  inbox = temporaryFolder();
  app = await App.launch({
    jobs: {
      tells: job('tells', { grace: '30s' }),
      limited: job('', { timeout: '1s' }),
      hangs: job('hangs'),
      grows: job('grows'),
      throws: job('throws'),
      rejects: job('rejects'),
      ...Object.fromEntries(
        talkers.map((name) => [name, job('talks', { with: { vault: join(vault, 'none') } })]),
      ),
      succeeds: job('', { with: { vault } }),
      shots: { use: 'screenshots', watch: { path: inbox, settle: '100ms' }, with: { vault } },
      nowhere: job('', { cwd: join(vault, 'none') }),
    },
  });
  await app.popover();
});
afterEach(() => actions.close());

async function last(name: string): Promise<RunView> {
  const [run] = JSON.parse((await app.cli('--json', 'runs', name)).stdout).data.runs;
  if (run === undefined) throw new Error(`${name} has no run`);
  return run;
}

const printed = async (name: string): Promise<string> => (await app.cli('logs', name)).stdout;

/** Runs a job to its end, and tells how it ended. */
async function outcome(name: string): Promise<RunView['outcome']> {
  await app.cli('run', name, '--wait');
  return (await last(name)).outcome;
}

/** Starts a job, and waits until its action has printed a word. */
async function begun(name: string, word: string): Promise<number> {
  await app.cli('run', name);
  await eventually(`${name} has printed ${word}`, async () => (await printed(name)).includes(word));
  return (await last(name)).pid ?? 0;
}

test('ends as it wants to, with all that it printed', async () => {
  expect(await outcome('succeeds')).toEqual({ kind: 'succeeded', exitCode: 0 });
  expect(await printed('succeeds')).toContain('2 notes: 2 new or changed');

  for (const fault of ['throws', 'rejects']) {
    expect(await outcome(fault)).toEqual({ kind: 'failed', cause: { kind: 'exit', code: 70 } });
    expect(await printed(fault)).toMatch(/^Error: a fault in the action\n +at /);
  }
  expect(await outcome('nowhere')).toMatchObject({
    cause: { kind: 'not-started', reason: expect.stringMatching(/^The folder .*none does not exist\.$/) },
  });
});

test(`loses nothing of what ${talkers.length} print at once`, async () => {
  let failures = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(talkers.map((name) => app.cli('run', name, '--wait')));
    for (const name of talkers) {
      // Both streams come by ways of their own, so that a line of one may stand amidst a line of the other.
      const talk = await printed(name);
      const isWhole = talk.includes('that was all of it') && talk.includes('none does not exist.');
      if (!isWhole || (talk.match(/x/g)?.length ?? 0) < 20_000 * 99) failures++;
    }
  }
  console.log(`all that ${talkers.length} actions print at once: ${ROUNDS} rounds, ${failures} failures`);
  expect(failures).toBe(0);
});

test('reads the text of pictures that arrive', async () => {
  // Written again until it is noticed: the folder may not be followed yet.
  const name = join(inbox, 'Screenshot_20261129-091400.png');
  const picture = drawScreenshot(['Meeting moved to Thursday']);
  const note = join(actions.vault, 'Daily/2026-11-29.md');
  await eventually('it is in the note', async () => {
    if (existsSync(note)) return true;
    if ((await app.cli('--json', 'runs', 'shots')).stdout.includes('"runs":[]')) writeFileSync(name, picture);
    await sleep(1_000);
    return existsSync(note);
  });
  expect(readFileSync(note, 'utf8')).toContain('Meeting moved to Thursday');
  await eventually('its run has ended', async () => (await last('shots')).state === 'ended');
  expect((await last('shots')).outcome).toEqual({ kind: 'succeeded', exitCode: 0 });
});

test('is ended at its limits and by a person, and killed if it hangs', async () => {
  expect(await outcome('limited')).toEqual({ kind: 'timed-out' });
  expect(await outcome('grows')).toEqual({ kind: 'failed', cause: { kind: 'signal', signal: 'SIGABRT' } });
  expect(await printed('grows')).toContain('JavaScript heap out of memory');

  const asked = await begun('tells', 'begun');
  await app.cli('cancel', 'tells');
  expect(await printed('tells')).toBe('begun\nThe run was ended (SIGTERM).\n');
  const forced = await begun('hangs', 'hanging');
  await app.cli('cancel', 'hangs');
  expect((await last('hangs')).outcome?.kind).toBe('cancelled');
  expect([await isRunning(asked), await isRunning(forced)]).toEqual([false, false]);

  const killed = await begun('tells', 'begun');
  process.kill(killed, 'SIGKILL');
  await eventually('it is told', async () => (await last('tells')).state === 'ended');
  expect((await last('tells')).outcome).toEqual({
    kind: 'failed',
    cause: { kind: 'signal', signal: 'SIGKILL' },
  });
  expect(await isRunning(app.pid)).toBe(true);
});

test('does not outlive an app that is killed, even if it hangs', async () => {
  const pids = [await begun('tells', 'begun'), await begun('hangs', 'hanging')];
  process.kill(app.pid, 'SIGKILL');
  for (const pid of pids) await eventually('it is gone', async () => !(await isRunning(pid)));
  // Without the app's windows, for the same home.
  expect((await app.cli('up')).exitCode).toBe(0);
  for (const name of ['tells', 'hangs']) expect((await last(name)).outcome).toEqual({ kind: 'lost' });
});
