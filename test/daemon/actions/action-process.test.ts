import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { RunView } from '../../../main/daemon/jobs/views.ts';
import { eventually, isRunning, killOwner, ownerOf, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { type TroubledActions, troubledActions } from '../../support/troubled-actions.ts';

/*
 * What goes wrong in the process of an action stays there.
 */

let home: string;
let actions: TroubledActions;
beforeEach(async () => {
  home = join(temporaryFolder(), 'home');
  mkdirSync(home, { mode: 0o700 });
  actions = await troubledActions();
});
afterEach(async () => {
  await soloist(home, ['down', '--timeout', '2s']);
  killOwner(home);
  actions.close();
});

async function up(job: Readonly<Record<string, unknown>>): Promise<void> {
  writeFileSync(join(home, 'soloist.yaml'), stringify({ jobs: { one: job } }));
  expect((await soloist(home, ['up'])).exitCode).toBe(0);
}

async function last(): Promise<RunView> {
  const { stdout } = await soloist(home, ['--json', 'runs', 'one']);
  const [run] = JSON.parse(stdout).data.runs;
  if (run === undefined) throw new Error('there is no run');
  return run;
}

const printed = async (): Promise<string> => (await soloist(home, ['logs', 'one'])).stdout;

test.each(['throws', 'rejects'])('an action that %s ends with 70 and its stack', async (trouble) => {
  await up(actions.job(trouble));
  await soloist(home, ['run', 'one', '--wait']);
  expect((await last()).outcome).toEqual({ kind: 'failed', cause: { kind: 'exit', code: 70 } });
  expect(await printed()).toMatch(/^Error: a fault in the action\n +at .*trouble\.cjs/);
});

test('all that an action prints is kept, also right before its end', async () => {
  const vault = join(actions.vault, 'none');
  await up(actions.job('talks', { with: { vault } }));
  await soloist(home, ['run', 'one', '--wait']);
  expect((await last()).outcome).toEqual({ kind: 'failed', cause: { kind: 'exit', code: 1 } });
  const lines = (await printed()).split('\n');
  expect(lines.filter((line) => /^x{99}$/.test(line))).toHaveLength(20_000);
  expect(lines).toContain('that was all of it');
  // The sentence and the way out.
  expect(lines.filter((line) => line.includes(`${vault} does not exist.`))).toHaveLength(1);
});

test('an action that takes too much memory fails, which the daemon survives and tells', async () => {
  await up(actions.job('grows'));
  const daemon = ownerOf(home)?.pid;
  await soloist(home, ['run', 'one', '--wait']);
  expect((await last()).outcome).toEqual({ kind: 'failed', cause: { kind: 'signal', signal: 'SIGABRT' } });
  expect(await printed()).toContain('JavaScript heap out of memory');
  expect(ownerOf(home)?.pid).toBe(daemon);
  expect((await soloist(home, ['alerts'])).stdout).toContain('one was ended by SIGABRT');
});

test('an action that hangs is killed after its grace', async () => {
  await up(actions.job('hangs'));
  await soloist(home, ['run', 'one']);
  await eventually('it hangs', async () => (await printed()).includes('hanging'));
  const { pid } = await last();
  expect((await soloist(home, ['cancel', 'one'])).exitCode).toBe(0);
  expect((await last()).outcome?.kind).toBe('cancelled');
  expect(await isRunning(pid ?? 0)).toBe(false);
});

test('an action that hangs does not outlive a daemon that is killed', async () => {
  await up(actions.job('hangs'));
  await soloist(home, ['run', 'one']);
  await eventually('it hangs', async () => (await printed()).includes('hanging'));
  const { pid } = await last();
  process.kill(ownerOf(home)?.pid ?? 0, 'SIGKILL');
  await eventually('it is gone', async () => !(await isRunning(pid ?? 0)));
});

test('an action that is ended says so, without a stack', async () => {
  await up(actions.job('tells', { grace: '30s' }));
  await soloist(home, ['run', 'one']);
  await eventually('it has begun', async () => (await printed()).includes('begun'));
  await soloist(home, ['cancel', 'one']);
  expect((await last()).outcome?.kind).toBe('cancelled');
  expect(await printed()).toBe('begun\nThe run was ended (SIGTERM).\n');
});

test('a failed action is tried again', async () => {
  const retry = { attempts: 2, backoff: '0s..1s' };
  await up(actions.job('', { with: { vault: join(actions.vault, 'none') }, retry, on_start: true }));
  await eventually('it has failed twice', async () => {
    const { attempt, state } = await last();
    return attempt === 2 && state === 'ended';
  });
});

test('words for an action are refused, and nothing is run', async () => {
  await up(actions.job());
  const refused = await soloist(home, ['run', 'one', '--', 'more']);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('takes no words')]);
  expect(JSON.parse((await soloist(home, ['--json', 'runs', 'one'])).stdout).data.runs).toEqual([]);
});

test('what an action keeps is private', async () => {
  await up(actions.job('', { with: { vault: join(actions.vault, 'none') } }));
  await soloist(home, ['run', 'one', '--wait']);
  const state = join(home, 'actions', 'one');
  expect(existsSync(state) && statSync(state).mode & 0o777).toBe(0o700);
});
