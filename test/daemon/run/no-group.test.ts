import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ActionMessage, LaunchAction } from '../../../main/daemon/actions/action-message.ts';
import { identifyProcess } from '../../../main/daemon/process/identity.ts';
import type { ActiveRun, RunTools } from '../../../main/daemon/run/active-run.ts';
import type { Exit } from '../../../main/daemon/run/launcher.ts';
import { beginRun, prepareRun } from '../../../main/daemon/run/run.ts';
import { Playground, shellText, until } from './support.ts';

/*
 * In the app, the process of an action is in the group of the app: only exactly it may be signalled. Here it is in the
 * group of the tests, which would end with it.
 */

let playground: Playground;
beforeEach(() => {
  playground = new Playground();
});
afterEach(() => playground.close());

const launchAction: LaunchAction = async (_, { environment, output }) => {
  const stdio = ['ignore', output.stdout, output.stderr] as const;
  const child = spawn('sleep', [playground.token], { env: environment, stdio: [...stdio] });
  const exited = once(child, 'exit').then(
    ([code, signal]): Exit => (signal === null ? { kind: 'exit', code } : { kind: 'signal', signal }),
  );
  const identity = await identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error('it has ended');
  return {
    process: { ...identity, group: identity.pid },
    exited,
    isGroupHeld: () => false,
    go() {},
    async abandon() {
      child.kill();
    },
    async dismissGuard() {},
    release() {},
  };
};

async function begin(changes: Partial<RunTools> = {}): Promise<ActiveRun> {
  const action: ActionMessage = {
    command: {
      kind: 'action',
      action: 'links',
      settings: {
        vault: '',
        exclude: [],
        suggestions: 1,
        threshold: 0,
        section: '',
        embeddings: undefined,
      },
    },
    job: 'one',
    state: '',
    watched: [],
  };
  const tools = { ...(await playground.tools()), launchAction, ...changes };
  return beginRun(await prepareRun(playground.request(shellText('exit 1'), { action }), tools), () => {});
}

test('it is ended alone', async () => {
  const run = await begin();
  const end = await run.cancel('a test');
  expect(end).toMatchObject({ exit: { kind: 'signal', signal: 'SIGTERM' }, left: [] });
  expect(end.ended.map(({ pid }) => pid)).toEqual([run.process.pid]);
});

test('it does not stay when the system lists no processes', async () => {
  const run = await begin({ look: () => Promise.reject(new Error('no list')) });
  await expect(run.cancel('a test')).rejects.toThrow('no list');
  await until('it is gone', async () => (await playground.alive()).length === 0);
});
