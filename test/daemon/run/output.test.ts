import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLastLines } from '../../../main/daemon/run/output-read.ts';
import { createOutputPipes } from '../../../main/daemon/run/pipes.ts';
import { forkedAway, Playground, until } from './support.ts';

let playground: Playground;

beforeEach(() => {
  playground = new Playground();
});

afterEach(() => playground.close());

/** What this process has in memory outside of the JavaScript heap and in it, in bytes. */
function residentBytes(): number {
  return process.memoryUsage.rss();
}

describe('a run that writes without end', () => {
  const megabytes = process.env.SOLOIST_OUTPUT_MB === undefined ? 64 : Number(process.env.SOLOIST_OUTPUT_MB);

  it(`keeps the beginning and the end of ${megabytes} MB, in bounded memory`, {
    timeout: 600_000,
  }, async () => {
    const bytes = megabytes * 1_000_000;
    const before = residentBytes();
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, residentBytes());
    }, 10);
    // No events are kept here, which would be a memory of all that was written.
    const run = await playground.start(`yes 0123456789 | head -c ${bytes - 6}; echo; echo last`, {
      observe: () => {},
      output: { file: join(playground.folder, 'long.log'), limit: 10_000_000, streams: 'together' },
    });
    const end = await run.ended();
    clearInterval(timer);
    console.log(
      `${megabytes} MB in ${end.endedAt - end.startedAt} ms, ${Math.round((peak - before) / 1e6)} MB more memory`,
    );
    expect(end.outcome.kind).toBe('succeeded');
    expect(end.output.bytes).toBe(bytes);
    expect(end.output.problem).toBeUndefined();
    const [cut] = end.output.cuts;
    expect(cut).toMatchObject({ offset: 5_000_000, reason: 'limit' });
    expect(bytes - (cut?.length ?? 0)).toBeLessThanOrEqual(10_000_000);
    const last = await readLastLines(join(playground.folder, 'long.log'), 1);
    expect(last.map((part) => part.kind === 'text' && String(Buffer.from(part.bytes)))).toEqual(['last\n']);
    expect(peak - before).toBeLessThan(150_000_000);
  });
});

describe('the end of a run', () => {
  it('does not wait for a job that has closed its output', async () => {
    const done = join(playground.folder, 'done');
    const run = await playground.start(`echo first; exec >&- 2>&-; sleep 0.2; : > ${done}; exit 4`);
    const end = await run.ended();
    expect(end.exit).toEqual({ kind: 'exit', code: 4 });
    expect(await run.output()).toBe('first\n');
    execFileSync('test', ['-e', done]);
  });

  it('does not wait for a pipe that somebody it does not know holds open', async () => {
    // The run hands its output to a process that is not of it, which opens it by its name under /proc.
    if (process.platform !== 'linux') return;
    const fifo = join(playground.folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const run = await playground.start(`echo first; read line < ${fifo}; exit 0`);
    await until('the job is there', () => run.written() === 'first\n');
    const output = `/proc/${run.run.process.pid}/fd/1`;
    const holder = `exec 9> ${output}; setsid sleep ${playground.token} > /dev/null 2>&1 < /dev/null &`;
    execFileSync('/bin/sh', ['-c', holder], { env: { PATH: process.env.PATH ?? '' } });
    writeFileSync(fifo, 'go\n');
    const end = await run.ended();
    expect(end.exit).toEqual({ kind: 'exit', code: 0 });
    expect(await run.output()).toBe('first\n');
    expect(await playground.alive()).toHaveLength(1);
  });

  it('takes in all that is still in the pipe', async () => {
    const run = await playground.start('head -c 60000 /dev/zero; exit 0');
    expect((await run.ended()).output.bytes).toBe(60_000);
  });

  it('comes for a tree that fills the pipe and is cut off in the middle of it', async () => {
    const run = await playground.start('trap "" TERM; yes & yes >&2 & wait', { timeLimitMs: 200 });
    const end = await run.ended();
    expect(end.outcome.kind).toBe('timed-out');
    expect(end.output.bytes).toBeGreaterThan(100_000);
    expect(await playground.alive()).toEqual([]);
  });

  it('comes for a daemon that the job has started with its output still open', async () => {
    const away = forkedAway(`trap '' TERM; sleep ${playground.token}`);
    const run = await playground.start(`${away}; sleep ${playground.token} & echo first`);
    const end = await run.ended();
    expect(end.left).toEqual([]);
    expect(await run.output()).toBe('first\n');
    expect(await playground.alive()).toEqual([]);
  });
});

describe('a disk that is full', () => {
  it('does not end the run, and the output says what is missing', async () => {
    const mount = join(playground.folder, 'small-disk');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      console.log('not tested: a small disk can be mounted by root on Linux only');
      return;
    }
    try {
      const file = join(mount, 'run.log');
      const run = await playground.start('head -c 1000000 /dev/zero | tr "\\0" x; echo; echo end; exit 3', {
        output: { file, limit: 10_000_000, streams: 'together' },
      });
      const end = await run.ended();
      expect(end.exit).toEqual({ kind: 'exit', code: 3 });
      expect(end.output.bytes).toBe(1_000_005);
      expect(end.output.problem).toContain('ENOSPC');
      expect(end.output.cuts).toMatchObject([{ reason: 'disk' }]);
      expect(await run.output()).toMatch(/^x{100000,}/);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});

describe('pipes', () => {
  it('are used again once their run is over, and never before', async () => {
    const pipes = await createOutputPipes(join(playground.folder, 'own-pipes'));
    const { default: fs } = await import('node:fs');
    const folder = (): string[] =>
      fs.readdirSync(join(playground.folder, 'own-pipes'), { recursive: true }).map(String);
    const first = await pipes.take();
    const second = await pipes.take();
    const made = folder().length;
    first.reader.resume();
    first.closeWriter();
    await until('the reader has seen the end', () => first.reader.readableEnded);
    await first.close();
    // The second is still held by its writer, so its name is given up.
    await second.close();
    expect(folder().length).toBe(made - 1);
    for (let round = 0; round < 30; round++) {
      const pipe = await pipes.take();
      const received: Buffer[] = [];
      pipe.reader.on('data', (chunk: Buffer) => received.push(chunk));
      fs.writeSync(pipe.writer, `round ${round}`);
      pipe.closeWriter();
      await until('the reader has seen the end', () => pipe.reader.readableEnded);
      await pipe.close();
      expect(String(Buffer.concat(received))).toBe(`round ${round}`);
    }
    expect(folder().length).toBe(made - 1);
    await pipes.close();
    expect(folder()).toEqual([]);
  });

  it('are made anew when somebody has deleted them, in a moderate number', async () => {
    const folder = join(playground.folder, 'own-pipes');
    const { default: fs } = await import('node:fs');
    const pipes = await createOutputPipes(folder);
    await (await pipes.take()).close();
    fs.rmSync(folder, { recursive: true });
    const pipe = await pipes.take();
    pipe.closeWriter();
    await pipe.close();
    // Whatever keeps them from being made, the next try is for no more than this one.
    fs.rmSync(folder, { recursive: true });
    fs.writeFileSync(folder, '');
    for (let times = 0; times < 30; times++) await expect(pipes.take()).rejects.toThrow();
    fs.rmSync(folder);
    const again = await pipes.take();
    const made = fs.readdirSync(folder, { recursive: true }).length;
    expect(made).toBeLessThan(100);
    await again.close();
    await pipes.close();
  });

  it('of a daemon that died are removed by the next one', async () => {
    const folder = join(playground.folder, 'own-pipes');
    const first = await createOutputPipes(folder);
    await (await first.take()).close();
    const second = await createOutputPipes(folder);
    expect(execFileSync('ls', [folder], { encoding: 'utf8' }).trim().split('\n')).toHaveLength(1);
    await second.close();
  });
});
