import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, follow, type StreamEvent } from '../../../main/control/client.ts';
import { contract } from '../../../main/control/contract.ts';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import { eventually, run } from '../../support/command-line.ts';
import { daemonIn } from '../../support/daemons.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { MemoryJobs } from './memory-jobs.ts';

const LONG = 30_000;
let socket = '';
let daemon: Daemon;
let jobs: MemoryJobs | undefined;

const newJobs = (): MemoryJobs =>
  new MemoryJobs(temporaryFolder(), {
    hello: { command: 'echo "hello $*"', every: 300_000 },
    'a & b=c?': { command: 'exit 3' },
    sleeper: { command: 'exec sleep 60' },
  });

beforeEach(async () => {
  const home = newHome();
  socket = join(home, 'daemon.sock');
  jobs = newJobs();
  daemon = daemonIn(home, {
    standing: [controlPart({ stop: (daemon) => void daemon.stop(), jobs: () => jobs })],
  });
  await daemon.start();
});
afterEach(async () => {
  for (const child of jobs?.children.values() ?? []) child.kill('SIGKILL');
  await daemon.stop();
});

/** What curl gets, as status and body. */
async function curl(...words: string[]): Promise<{ status: number; body: unknown }> {
  const { stdout } = await run('curl', ['-s', '-w', '\n%{http_code}', '--unix-socket', socket, ...words]);
  const [body = '', status = ''] = stdout.trim().split(/\n(?=\d+$)/);
  return { status: Number(status), body: JSON.parse(body) };
}
const get = (path: string) => curl(`http://localhost${path}`);
const post = (path: string, body: unknown) => curl('-d', JSON.stringify(body), `http://localhost${path}`);

const ended = (id: string): Promise<void> =>
  eventually('it ended', () => jobs?.runs.find((run) => run.id === id)?.state === 'ended');

test('a job is run with words, and the answers are as the contract says', async () => {
  const { run: begun } = await ask(socket, 'run', LONG, { job: 'hello', words: ['you', '-x'] });
  await ended(begun.id);
  const { run: shown } = await ask(socket, 'show', LONG, { id: begun.id });
  expect(contract.show.answer.schema.parse({ run: shown }).run).toMatchObject({
    id: begun.id,
    outcome: { kind: 'succeeded', exitCode: 0 },
    output: { bytes: 'hello you -x\n'.length },
  });
  const listed = contract.jobs.answer.schema.parse(await ask(socket, 'jobs', LONG));
  expect(listed.jobs.map(({ name }) => name)).toEqual(['hello', 'a & b=c?', 'sleeper']);
  expect(listed.jobs[0]?.last?.id).toBe(begun.id);
});

test('names reach the daemon whatever is in them, by query as by body', async () => {
  const { run: begun } = await ask(socket, 'run', LONG, { job: 'a & b=c?' });
  await ended(begun.id);
  const { runs } = await ask(socket, 'runs', LONG, { job: 'a & b=c?', failed: true, limit: 5 });
  expect(runs.map(({ id }) => id)).toEqual([begun.id]);
  expect((await ask(socket, 'runs', LONG, { failed: false })).runs).toHaveLength(1);
});

test('pages of runs follow each other', async () => {
  for (const _ of [1, 2, 3]) await ask(socket, 'run', LONG, { job: 'hello' });
  const first = await get('/v1/runs?limit=2');
  expect(first).toMatchObject({ status: 200, body: { next: '2' } });
  const second = await ask(socket, 'runs', LONG, { limit: 2, cursor: '2' });
  expect(second.runs).toHaveLength(1);
  expect(second.next).toBeNull();
  const future = new Date(Date.now() + 60_000).toISOString();
  expect((await ask(socket, 'runs', LONG, { since: future })).runs).toEqual([]);
});

test('pause and resume, of one and of all, say who it was', async () => {
  expect(await ask(socket, 'pause', LONG, { job: 'hello', by: 'a test' })).toEqual({ jobs: ['hello'] });
  expect(jobs?.list()[0]?.paused?.by).toBe('a test');
  expect((await post('/v1/pause', { job: null })).body).toEqual({ jobs: ['a & b=c?', 'sleeper'] });
  expect(jobs?.list()[1]?.paused?.by).toBe('the control socket');
  expect((await ask(socket, 'resume', LONG, { job: null })).jobs).toHaveLength(3);
});

test('cancel ends what is going', async () => {
  const { run: begun } = await ask(socket, 'run', LONG, { job: 'sleeper' });
  await eventually('it runs', () => jobs?.children.has(begun.id) ?? false);
  const { runs } = await ask(socket, 'cancel', LONG, { target: 'sleeper' });
  expect(runs.map(({ id }) => id)).toEqual([begun.id]);
  await ended(begun.id);
});

test('next takes its limit as text or number', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect((await ask(socket, 'next', LONG, { until, limit: 1 })).runs).toMatchObject([{ job: 'hello' }]);
  expect(contract.next.input.parse({ until, limit: '7' })).toEqual({ until, limit: 7 });
  expect(contract.next.input.parse({ until })).toEqual({ until, limit: 50 });
});

describe('refuses', () => {
  const refusals: [string, () => Promise<{ status: number; body: unknown }>, number, string][] = [
    ['a job that is not there', () => post('/v1/run', { job: 'nobody' }), 404, 'unknown-job'],
    ['a run that is not there', () => get('/v1/run?id=00000000'), 404, 'unknown-run'],
    ['a run without a job', () => post('/v1/run', {}), 400, 'invalid-input'],
    ['a key that is not known', () => post('/v1/run', { job: 'hello', now: true }), 400, 'invalid-input'],
    [
      'an argument with a NUL',
      () => post('/v1/run', { job: 'hello', words: ['a\0b'] }),
      400,
      'invalid-input',
    ],
    ['a pause of nothing', () => post('/v1/pause', {}), 400, 'invalid-input'],
    ['a pause of what sounds like all', () => post('/v1/pause', { job: 'all' }), 400, 'invalid-input'],
    ['a limit of 0', () => get('/v1/runs?limit=0'), 400, 'invalid-input'],
    ['a limit of 1001', () => get('/v1/runs?limit=1001'), 400, 'invalid-input'],
    ['a limit that is no number', () => get('/v1/runs?limit=1e2'), 400, 'invalid-input'],
    ['a flag that is none', () => get('/v1/runs?failed=yes'), 400, 'invalid-input'],
    ['a time that is none', () => get('/v1/next?until=tomorrow'), 400, 'invalid-input'],
    ['the wrong method', () => post('/v1/jobs', {}), 405, 'wrong-method'],
  ];
  test.for(refusals)('%s', async ([, refused, status, code]) => {
    expect(await refused()).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } });
  });

  test('everything about jobs while there are none', async () => {
    jobs = undefined;
    const answers = await Promise.all([
      get('/v1/jobs'),
      post('/v1/run', { job: 'hello' }),
      post('/v1/cancel', { target: 'hello' }),
      post('/v1/pause', { job: null }),
      post('/v1/resume', { job: null }),
      get('/v1/runs'),
      get('/v1/run?id=00000000'),
      get('/v1/next?until=2030-01-01T00:00:00Z'),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'no-jobs' } } });
    }
  });
});

test('events tell runs and jobs, also those after the daemon has started again', async () => {
  const events: StreamEvent[] = [];
  const watching = (async () => {
    for await (const event of follow(socket, AbortSignal.timeout(LONG))) events.push(event);
  })();
  const told = (name: string) => events.filter(({ event }) => event === name).length;
  const former = jobs;
  await eventually('it listens', () => former?.listeners === 1);
  former?.tell({ kind: 'jobs' });
  await eventually('jobs are told', () => told('jobs') === 1);

  jobs = newJobs();
  await daemon.restart();
  await eventually('other jobs are told', () => told('jobs') === 2);
  expect(former?.listeners).toBe(0);
  const { run: begun } = await ask(socket, 'run', LONG, { job: 'hello' });
  await ended(begun.id);
  await daemon.stop();
  await watching;
  expect(jobs.listeners).toBe(0);

  const schemas = contract.events.answer.events;
  for (const { event, data } of events) schemas[event as keyof typeof schemas].parse(data);
  const states = events.flatMap(({ event, data }) => (event === 'run' ? schemas.run.parse(data).state : []));
  expect(states).toEqual(['queued', 'running', 'ended']);
});
