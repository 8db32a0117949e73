import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess } from '../../../main/daemon/process/identity.ts';
import { beginRun, notStarted, prepareRun } from '../../../main/daemon/run/run.ts';
import { GRACE_MS, Playground, shellText, type TestRun, until } from './support.ts';

let playground: Playground;

beforeEach(() => {
  playground = new Playground();
});

afterEach(() => playground.close());

async function expectNothingLeft(): Promise<void> {
  expect(await playground.alive()).toEqual([]);
}

describe('a run that ends by itself', () => {
  it('has an outcome, an output in order and nothing left behind', async () => {
    const run = await playground.start('for i in 1 2 3; do echo out $i; echo err $i >&2; done; exit 3');
    const end = await run.ended();
    expect(end).toMatchObject({
      outcome: { kind: 'failed', cause: { kind: 'exit', code: 3 } },
      exit: { kind: 'exit', code: 3 },
      output: { bytes: 36, cuts: [] },
      ended: [],
      left: [],
    });
    expect(end.endedAt).toBeGreaterThanOrEqual(end.startedAt);
    expect(await run.output()).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
    expect(run.events.at(0)).toEqual({ kind: 'started', at: end.startedAt, process: run.run.process });
    expect(run.events.at(-1)).toEqual({ kind: 'ended', end });
    await expectNothingLeft();
  });

  it('succeeds with the codes that its job says', async () => {
    const run = await playground.start('exit 24', { successCodes: [0, 24] });
    expect((await run.ended()).outcome).toEqual({ kind: 'succeeded', exitCode: 24 });
  });

  it('fails with the signal that ended it', async () => {
    const run = await playground.start('kill -s SEGV $$; sleep 5');
    expect((await run.ended()).outcome).toEqual({
      kind: 'failed',
      cause: { kind: 'signal', signal: 'SIGSEGV' },
    });
  });

  it('can open its output by name, as scripts do', async () => {
    const run = await playground.start('echo one > /dev/stdout; echo two > /dev/stderr; echo three');
    await run.ended();
    expect(await run.output()).toBe('one\ntwo\nthree\n');
  });

  it('tells which stream a text came through, if asked to', async () => {
    const file = join(playground.folder, 'apart.log');
    const run = await playground.start('echo out; sleep 0.05; echo err >&2; sleep 0.05; echo out', {
      output: { file, limit: 1_000, streams: 'apart' },
    });
    await run.ended();
    const told = run.events.flatMap((event) => (event.kind === 'output' ? [event.stream] : []));
    expect(told).toEqual(['stdout', 'stderr', 'stdout']);
    expect(readFileSync(file, 'utf8')).toBe('out\nerr\nout\n');
    expect(readFileSync(`${file}.index`, 'utf8')).toContain('"stream":"stderr"');
  });

  it('keeps binary output as it is', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256));
    writeFileSync(join(playground.folder, 'bytes'), bytes);
    const run = await playground.start('cat bytes');
    expect((await run.ended()).output.bytes).toBe(bytes.length);
    expect(Buffer.compare(readFileSync(run.file), bytes)).toBe(0);
  });

  it('can be followed while it goes on', async () => {
    const run = await playground.start('for i in 1 2 3 4 5; do echo $i; sleep 0.02; done');
    const texts: string[] = [];
    for await (const part of run.run.follow())
      if (part.kind === 'text') texts.push(String(Buffer.from(part.bytes)));
    expect(texts.join('')).toBe('1\n2\n3\n4\n5\n');
    await run.ended();
  });

  it('tells what processor time and memory it took, where the system does', async () => {
    if (process.platform !== 'linux') return;
    // Two seconds at most for something that takes a fraction of one.
    const run = await playground.start(
      'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo counted; (while [ $i -gt 0 ]; do i=$((i-1)); done); sleep 0.3',
    );
    const { usage } = await run.ended();
    expect(usage.cpuMs).toBeGreaterThan(20);
    expect(usage.cpuMs).toBeLessThan(20_000);
    expect(usage.peakMemoryBytes).toBeGreaterThan(100_000);
  });
});

describe('what a job leaves behind', () => {
  it('is ended with it: a child in its group', async () => {
    const run = await playground.start(`sleep ${playground.token} & echo started`);
    const end = await run.ended();
    expect(end.outcome).toEqual({ kind: 'succeeded', exitCode: 0 });
    expect(end.ended).toHaveLength(1);
    expect(end.left).toEqual([]);
    await expectNothingLeft();
  });

  it('is given a moment to end by itself', async () => {
    const run = await playground.start('(sleep 0.1; echo late; echo later) & echo first');
    const end = await run.ended();
    expect(end.ended).toEqual([]);
    expect(await run.output()).toBe('first\nlate\nlater\n');
  });

  it.each([
    ['in a group of its own', (token: string) => `set -m; sleep ${token} & sleep ${token} & :`],
    ['that ignores SIGTERM', (token: string) => `(trap '' TERM; sleep ${token}; sleep ${token}) & :`],
    ['stopped', (token: string) => `sh -c 'kill -s STOP $$; exec sleep ${token}' & sleep 0.1`],
  ])('is ended with it: a child %s', async (_, text) => {
    const run = await playground.start(text(playground.token));
    const end = await run.ended();
    expect(end.ended.length).toBeGreaterThan(0);
    expect(end.left).toEqual([]);
    await expectNothingLeft();
  });
});

/** The output without what some shells say of a child that was ended by a signal. */
async function saidByJob(run: TestRun): Promise<string> {
  return (await run.output()).replace(/^Terminated.*\n/gm, '');
}

describe('a run that is cancelled', () => {
  it('is told, and ends with the outcome and the reason', async () => {
    const run = await playground.start(
      `trap 'echo told; exit 0' TERM; echo ready; while :; do sleep 0.02; done`,
    );
    await until('it runs', () => run.written().includes('ready'));
    const end = await run.run.cancel('a person');
    expect(end.outcome).toEqual({ kind: 'cancelled', reason: 'a person' });
    expect(end.exit).toEqual({ kind: 'exit', code: 0 });
    expect(await saidByJob(run)).toBe('ready\ntold\n');
    await expectNothingLeft();
  });

  it('is told once, and what it starts to clean up may finish', async () => {
    const cleanUp = 'echo cleaning; sleep 0.1; sh -c "sleep 0.05; echo cleaned"; exit 0';
    const run = await playground.start(`trap '${cleanUp}' TERM; echo ready; while :; do sleep 0.02; done`, {
      graceMs: 5_000,
    });
    await until('it runs', () => run.written().includes('ready'));
    await run.run.cancel('a person');
    expect(await saidByJob(run)).toBe('ready\ncleaning\ncleaned\n');
  });

  it('leaves what it starts in its last moment to finish within the grace', async () => {
    const run = await playground.start(
      "trap '(sleep 0.2; echo cleaned) & exit 0' TERM; echo ready; while :; do sleep 0.02; done",
      { graceMs: 5_000 },
    );
    await until('it runs', () => run.written().includes('ready'));
    await run.run.cancel('a person');
    expect(await saidByJob(run)).toBe('ready\ncleaned\n');
  });

  it('is killed after its grace if it ignores SIGTERM, with everything that does', async () => {
    const run = await playground.start(
      `trap '' TERM; sleep ${playground.token} & sh -c 'sleep ${playground.token} & wait' & echo ready; wait`,
    );
    await until('it runs', () => run.written().includes('ready'));
    const asked = Date.now();
    const end = await run.run.cancel('a person');
    expect(Date.now() - asked).toBeGreaterThanOrEqual(GRACE_MS);
    expect(end.exit).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    await expectNothingLeft();
  });

  it('can be hurried', async () => {
    const run = await playground.start(`trap '' TERM; echo ready; sleep ${playground.token}`, {
      graceMs: 3_600_000,
    });
    await until('it runs', () => run.written().includes('ready'));
    const first = run.run.cancel('a person');
    await sleep(50);
    await run.run.cancel('an impatient person', 0);
    expect((await first).outcome).toEqual({ kind: 'cancelled', reason: 'a person' });
    await expectNothingLeft();
  });

  it('has ended by itself if it was quicker', async () => {
    const run = await playground.start('exit 7');
    await run.ended();
    expect((await run.run.cancel('a person')).outcome).toEqual({
      kind: 'failed',
      cause: { kind: 'exit', code: 7 },
    });
  });

  it('ends as soon as it does, whatever its grace', async () => {
    const run = await playground.start(`echo ready; exec sleep ${playground.token}`, { graceMs: 3_600_000 });
    await until('it runs', () => run.written().includes('ready'));
    expect((await run.run.cancel('a person')).exit).toEqual({ kind: 'signal', signal: 'SIGTERM' });
    await expectNothingLeft();
  });
});

describe('a run with a time limit', () => {
  it('times out', async () => {
    const run = await playground.start(`sleep ${playground.token}`, { timeLimitMs: 100 });
    const end = await run.ended();
    expect(end.outcome).toEqual({ kind: 'timed-out' });
    expect(end.endedAt - end.startedAt).toBeGreaterThanOrEqual(100);
    await expectNothingLeft();
  });

  it('is not disturbed within it', async () => {
    const run = await playground.start('sleep 0.05; echo done', { timeLimitMs: 30_000 });
    expect((await run.ended()).outcome).toEqual({ kind: 'succeeded', exitCode: 0 });
  });
});

describe('the start of a run', () => {
  it('waits until its process is recorded', async () => {
    const mark = join(playground.folder, 'begun');
    const request = playground.request(shellText(`echo $$ > ${mark}`));
    let recorded: number | undefined;
    const run = await beginRun(await prepareRun(request, await playground.tools()), async (identity) => {
      await sleep(100);
      expect(existsSync(mark)).toBe(false);
      expect(await identifyProcess(identity.pid)).toMatchObject({
        processStarted: identity.processStarted,
      });
      recorded = identity.pid;
    });
    await run.ended;
    expect(Number(readFileSync(mark, 'utf8'))).toBe(recorded);
  });

  it('is given up, and the job never runs, if its process cannot be recorded', async () => {
    const mark = join(playground.folder, 'begun');
    const request = playground.request(shellText(`echo > ${mark}`));
    const prepared = await prepareRun(request, await playground.tools());
    const refused = beginRun(prepared, () => Promise.reject(new Error('the history is full')));
    await expect(refused).rejects.toThrow('the history is full');
    await expectNothingLeft();
    expect(existsSync(mark)).toBe(false);
    expect(readdirSync(playground.folder)).toEqual(['pipes']);
  });

  it('can be prepared before it is due', async () => {
    const prepared = await prepareRun(playground.request(shellText('echo begun')), await playground.tools());
    await sleep(50);
    const run = prepared.go();
    expect((await run.ended).output.bytes).toBe(6);
    const unused = await prepareRun(playground.request(shellText('echo begun')), await playground.tools());
    await unused.abandon();
    await expectNothingLeft();
  });

  it('has an outcome if the command cannot start', async () => {
    const tools = await playground.tools();
    const command = { kind: 'program', program: 'no-such-program', arguments: [] } as const;
    const error = await prepareRun(playground.request(command), tools).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'program_missing', hint: expect.any(String) });
    expect(notStarted(error)).toEqual({
      kind: 'failed',
      cause: { kind: 'not-started', reason: expect.stringContaining('no-such-program') },
    });
    expect(readdirSync(playground.folder)).toEqual(['pipes']);
  });
});

describe('a run that outlives its daemon', () => {
  it('writes its file itself, and can be followed and brought within its limit', async () => {
    const file = join(playground.folder, 'kept.log');
    const run = await playground.start(
      'for i in 1 2 3; do echo "line $i"; sleep 0.05; done; head -c 5000 /dev/zero',
      {
        orphans: 'keep',
        output: { file, limit: 1_000, streams: 'together' },
      },
    );
    const texts: string[] = [];
    for await (const part of run.run.follow())
      if (part.kind === 'text') texts.push(String(Buffer.from(part.bytes)));
    expect(texts.join('').slice(0, 21)).toBe('line 1\nline 2\nline 3\n');
    const end = await run.ended();
    expect(end.outcome).toEqual({ kind: 'succeeded', exitCode: 0 });
    expect(end.output).toEqual({
      bytes: 5_021,
      cuts: [{ kind: 'cut', offset: 500, length: 4_021, reason: 'limit' }],
      problem: undefined,
    });
  });
});

describe('many runs at once', () => {
  it('all end with their own output and nothing left behind', async () => {
    const runs = await Promise.all(
      Array.from({ length: 40 }, (_, index) => playground.start(`echo "run ${index}"; exit ${index}`)),
    );
    for (const [index, run] of runs.entries()) {
      expect((await run.ended()).exit).toEqual({ kind: 'exit', code: index });
      expect(await run.output()).toBe(`run ${index}\n`);
    }
    await expectNothingLeft();
  });
});
