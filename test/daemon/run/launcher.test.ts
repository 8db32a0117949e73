import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../../main/daemon/run/command.ts';
import { END_RUN, GUARD_NAME } from '../../../main/daemon/run/guard.ts';
import { type Exit, type Launch, type LaunchRequest, launch } from '../../../main/daemon/run/launcher.ts';
import { GRACE_MS, Playground, shellText, until } from './support.ts';

/**
 * Each shell of this computer that can be `/bin/sh` somewhere. More can be named in SOLOIST_TEST_SHELLS (by
 * `:`).
 */
function shells(): (readonly [name: string, program: string])[] {
  const named = (process.env.SOLOIST_TEST_SHELLS ?? '').split(':').filter(Boolean);
  const usual = ['dash', 'bash', 'zsh', 'busybox', 'mksh', 'ksh'].flatMap((name) => [
    `/bin/${name}`,
    `/usr/bin/${name}`,
  ]);
  const found = [...named, ...usual].filter((program) => existsSync(program));
  return [...new Map(found.map((program) => [basename(program), program] as const))];
}

let playground: Playground;
let shell: string;
let count = 0;

beforeEach(() => {
  playground = new Playground();
  shell = '/bin/sh';
});

afterEach(() => playground.close());

/** Launches a command with its output going to a file. */
async function start(command: Command, changes: Partial<LaunchRequest> = {}) {
  const file = join(playground.folder, `${++count}.txt`);
  const descriptor = openSync(file, 'a');
  const request = playground.request(command);
  const output = { stdout: descriptor, stderr: descriptor };
  let launched: Launch;
  try {
    launched = await launch({ ...request, ...changes, output }, shell);
  } finally {
    closeSync(descriptor);
  }
  const output_ = (): string => readFileSync(file, 'utf8');
  const finish = async (): Promise<Exit> => {
    const exit = await launched.exited;
    await launched.dismissGuard();
    return exit;
  };
  return { launched, output: output_, finish };
}

async function run(
  command: Command,
  changes: Partial<LaunchRequest> = {},
): Promise<{ exit: Exit; output: string }> {
  const { launched, output, finish } = await start(command, changes);
  launched.go();
  return { exit: await finish(), output: output() };
}

describe.each(shells())('launch with %s as sh', (name, program) => {
  beforeEach(() => {
    const folder = join(playground.folder, name);
    mkdirSync(folder);
    // By the name of the link, these shells know that they are to be a plain sh.
    shell = join(folder, 'sh');
    symlinkSync(program, shell);
  });

  it('reports every exit code and signal exactly', async () => {
    for (const code of [0, 1, 2, 42, 126, 127, 128, 137, 143, 255])
      expect((await run(shellText(`exit ${code}`))).exit).toEqual({ kind: 'exit', code });
    for (const signal of ['HUP', 'INT', 'QUIT', 'KILL', 'TERM', 'USR1', 'SEGV', 'PIPE'])
      expect((await run(shellText(`kill -s ${signal} $$; sleep 5`))).exit).toEqual({
        kind: 'signal',
        signal: `SIG${signal}`,
      });
  });

  it('runs the very words of a list, and a text with its arguments', async () => {
    const words = ['a b', '', '$HOME', '*', "it's", '"', '\\', 'two\nlines', '-n', 'ö'];
    const list = { kind: 'program', program: 'printf', arguments: ['[%s]', ...words] } as const;
    expect((await run(list)).output).toBe(words.map((word) => `[${word}]`).join(''));
    expect((await run(shellText('printf "[%s]" "$@"', ...words))).output).toBe(
      words.map((word) => `[${word}]`).join(''),
    );
  });

  it('does nothing before it is let go', async () => {
    const { launched, output, finish } = await start(shellText('echo begun'));
    await sleep(100);
    expect(output()).toBe('');
    launched.go();
    expect(await finish()).toEqual({ kind: 'exit', code: 0 });
    expect(output()).toBe('begun\n');
  });

  it('never runs what was abandoned, and leaves nothing of it', async () => {
    const { launched, output } = await start(shellText('echo begun'));
    await launched.abandon();
    await until('nothing is left', async () => (await playground.alive()).length === 0);
    expect(output()).toBe('');
  });

  it('makes the recorded process the job, in a group and session of its own', async () => {
    const text = 'echo $$ $PPID; read line; exit 0';
    const input = join(playground.folder, 'line');
    writeFileSync(input, 'x\n');
    const { launched, output, finish } = await start(shellText(text), {
      input: { kind: 'file', path: input },
    });
    launched.go();
    await finish();
    expect(output()).toBe(`${launched.process.pid} ${process.pid}\n`);
    expect(launched.process.group).toBe(launched.process.pid);
  });

  it('hands the job its three descriptors and its environment, and nothing else', async () => {
    const list = process.platform === 'linux' ? 'ls /proc/self/fd' : 'ls /dev/fd';
    // What this process was given itself, it hands on; a plain child shows it.
    const plain = execFileSync('/bin/sh', ['-c', list], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect((await run(shellText(list))).output).toBe(plain);
    const environment = {
      PATH: process.env.PATH ?? '',
      TOKEN: playground.token,
      SAID: 'a\nb=c',
      'odd.name': '1 2',
    };
    const { output } = await run({ kind: 'program', program: 'env', arguments: [] }, { environment });
    const told = output.split('\n').filter((line) => line !== '' && !/^(_|SHLVL|OLDPWD|LOGNAME)=/.test(line));
    expect(new Set(told)).toEqual(
      new Set([
        `PATH=${environment.PATH}`,
        `TOKEN=${environment.TOKEN}`,
        'SAID=a',
        'b=c',
        'odd.name=1 2',
        `PWD=${playground.folder}`,
        expect.stringMatching(/^SOLOIST_RUN_MARK=/),
      ]),
    );
  });

  it('has no surprise for a job that waits for all its children', async () => {
    const text = 'sleep 0.05 & sleep 0.01 & wait; echo done';
    expect((await run(shellText(text))).output).toBe('done\n');
    const program = 'for my $i (1..3) { fork or exit } $n++ while wait != -1; print "$n children"';
    if (existsSync('/usr/bin/perl'))
      expect((await run({ kind: 'program', program: 'perl', arguments: ['-e', program] })).output).toBe(
        '3 children',
      );
  });

  it('leaves signals to the job as they are by default', async () => {
    if (process.platform !== 'linux') return;
    const { output } = await run(shellText('grep -E "^Sig(Ign|Blk)" /proc/self/status'));
    const [blocked, ignored] = output.match(/[0-9a-f]{16}/g)?.toSorted() ?? [];
    // Node itself ignores SIGPIPE (13) and hands that on in some versions; nothing else may be.
    expect(BigInt(`0x${blocked}`)).toBe(0n);
    expect(BigInt(`0x${ignored}`) & ~(1n << 12n)).toBe(0n);
  });

  it('ends the group within its grace when the pipe closes, also what ignores SIGTERM', async () => {
    const { launched, output } = await start(
      shellText(
        `trap 'echo asked' TERM; (trap '' TERM; exec sleep ${playground.token}) & echo ready; while :; do sleep 0.05; done`,
      ),
    );
    launched.go();
    await until('the job runs', () => output().includes('ready'));
    const closed = Date.now();
    await launched.abandon();
    await until('nothing is left', async () => (await playground.alive()).length === 0);
    expect(output()).toContain('asked');
    expect(Date.now() - closed).toBeGreaterThanOrEqual(GRACE_MS);
  });

  it('has a guard that outlives what the job sends to its group', async () => {
    const { launched, output, finish } = await start(
      shellText(
        `trap '' HUP INT TERM USR1 PIPE; for s in HUP INT TERM USR1 PIPE; do kill -s $s 0; done; echo sent; exec sleep ${playground.token}`,
      ),
    );
    launched.go();
    await until('the signals are sent', () => output().includes('sent'));
    await sleep(50);
    expect((await playground.alive()).filter((one) => one.command.includes(GUARD_NAME))).toHaveLength(1);
    process.kill(-launched.process.pid, 'SIGKILL');
    expect(await finish()).toEqual({ kind: 'signal', signal: 'SIGKILL' });
  });

  it('leaves no guard behind, even one that the job has stopped', async () => {
    const { finish, launched } = await start(shellText('kill -s STOP 0; exit 3'));
    launched.go();
    await until('the job has stopped itself', async () => {
      const state = execFileSync('ps', ['-o', 'state=', '-p', String(launched.process.pid)], {
        encoding: 'utf8',
      });
      return state.startsWith('T');
    });
    process.kill(launched.process.pid, 'SIGCONT');
    expect(await finish()).toEqual({ kind: 'exit', code: 3 });
    await until('nothing is left', async () => (await playground.alive()).length === 0);
  });
});

describe('launch', () => {
  it('gives the job the input it was promised', async () => {
    const cat: Command = { kind: 'program', program: 'cat', arguments: [] };
    expect((await run(cat)).output).toBe('');
    const text = 'two\nlines, and no end';
    expect((await run(cat, { input: { kind: 'text', text } })).output).toBe(text);
    expect((await run(shellText('cat /dev/stdin'), { input: { kind: 'text', text } })).output).toBe(text);
    // Nobody has to feed a job that does not read.
    const long = { kind: 'text', text: 'x'.repeat(2_000_000) } as const;
    expect((await run(shellText('exit 0'), { input: long })).exit).toEqual({ kind: 'exit', code: 0 });
    expect((await run(shellText('wc -c'), { input: long })).output.trim()).toBe('2000000');
    const path = join(playground.folder, 'input');
    writeFileSync(path, text);
    expect((await run(cat, { input: { kind: 'file', path } })).output).toBe(text);
  });

  it('names an input that cannot be read', async () => {
    const cat: Command = { kind: 'program', program: 'cat', arguments: [] };
    const path = join(playground.folder, 'none');
    await expect(start(cat, { input: { kind: 'file', path } })).rejects.toMatchObject({
      code: 'input_unreadable',
      message: expect.stringContaining('does not exist'),
    });
    await expect(start(cat, { input: { kind: 'file', path: playground.folder } })).rejects.toMatchObject({
      code: 'input_unreadable',
      message: expect.stringContaining('is not a file'),
    });
  });

  it('runs a script that does not say what it is for, as shells do', async () => {
    const script = join(playground.folder, 'script');
    writeFileSync(script, 'echo "as a script"\n', { mode: 0o755 });
    expect(await run({ kind: 'program', program: script, arguments: [] })).toEqual({
      exit: { kind: 'exit', code: 0 },
      output: 'as a script\n',
    });
  });

  it('refuses a command that is longer than the system takes', async () => {
    const text = `: ${'x'.repeat(4_000_000)}`;
    await expect(start(shellText(text))).rejects.toMatchObject({ code: 'start_failed' });
    expect(await playground.alive()).toEqual([]);
  });

  it('keeps what is to outlive its daemon when the pipe closes', async () => {
    const { launched, output, finish } = await start(
      shellText(`echo ready; exec sleep ${playground.token}`),
      {
        orphans: 'keep',
      },
    );
    launched.go();
    await until('the job runs', () => output().includes('ready'));
    await sleep(50);
    const alive = await playground.alive();
    expect(alive.map((one) => one.pid)).toEqual([launched.process.pid]);
    process.kill(launched.process.pid, 'SIGTERM');
    expect(await finish()).toEqual({ kind: 'signal', signal: 'SIGTERM' });
  });
});

describe('the end of a run without /proc', () => {
  it('finds what carries the mark in the list that macOS gives', async () => {
    if (process.platform !== 'linux') return;
    const folder = join(playground.folder, 'tools');
    mkdirSync(folder);
    // What `ps -A -E -ww -o pid=,command=` prints there: the words of each command, and then its environment.
    const list = `for one in /proc/[0-9]*; do
      echo "  \${one#/proc/} $(tr '\\0' ' ' 2>/dev/null < $one/cmdline)$(tr '\\0' ' ' 2>/dev/null < $one/environ)"
    done`;
    writeFileSync(join(folder, 'ps'), `#!/bin/sh\n${list}\n`, { mode: 0o755 });
    const text = END_RUN.replace('/proc/self/environ', '/nowhere').replace('PATH=', `PATH=${folder}:`);
    const mark = playground.request(shellText('')).mark;
    const environment = { PATH: process.env.PATH ?? '', TOKEN: playground.token };
    const marked = (program: string, value: string) =>
      spawn('/bin/sh', ['-c', program], {
        detached: true,
        stdio: 'ignore',
        env: { ...environment, SOLOIST_RUN_MARK: value },
      });
    marked(`exec sleep ${playground.token}`, mark);
    marked(`trap '' TERM; sleep ${playground.token}`, mark);
    const other = marked(`exec sleep ${playground.token}`, `${mark.slice(0, -1)}0.`);
    await until('they are there', async () => {
      const alive = await playground.alive();
      return alive.filter((one) => one.command === `sleep ${playground.token}`).length === 3;
    });
    const end = spawn('/bin/sh', ['-c', `trap '' TERM; ${text}`, GUARD_NAME, mark, '0.3'], {
      detached: true,
      stdio: 'ignore',
      env: environment,
    });
    expect(await once(end, 'exit')).toEqual([null, 'SIGKILL']);
    expect((await playground.alive()).map((one) => one.pid)).toEqual([other.pid]);
  });
});
