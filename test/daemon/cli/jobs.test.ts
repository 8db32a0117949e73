import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controlPart } from '../../../main/control/control-part.ts';
import type { Daemon } from '../../../main/daemon/daemon.ts';
import type { RunView } from '../../../main/daemon/jobs/views.ts';
import { CLI, type CommandOutput, eventually, run, soloist } from '../../support/command-line.ts';
import { daemonIn } from '../../support/daemons.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { MemoryJobs } from '../control/memory-jobs.ts';

let home = '';
let daemon: Daemon;
let jobs: MemoryJobs;

beforeEach(async () => {
  home = newHome();
  jobs = new MemoryJobs(temporaryFolder(), {
    hello: { command: 'echo "hello $*"', every: 180_000 },
    'two words': { command: 'exit 3' },
    slow: { command: 'echo begun; while [ ! -e "$1" ]; do sleep 0.05; done; echo done' },
  });
  daemon = daemonIn(home, {
    standing: [controlPart({ stop: (daemon) => void daemon.stop(), jobs: () => jobs })],
  });
  await daemon.start();
});
afterEach(async () => {
  for (const child of jobs.children.values()) child.kill('SIGKILL');
  await daemon.stop();
});

const cli = (...words: string[]): Promise<CommandOutput> => soloist(home, words);
const dataOf = async (...words: string[]) => JSON.parse((await cli(...words, '--json')).stdout).data;
const last = (): RunView => {
  const run = jobs.runs.at(-1);
  if (run === undefined) throw new Error('there is no run');
  return run;
};
const ended = (): Promise<void> => eventually('it ended', () => last().state === 'ended');

/** A `soloist` that goes on; what it has printed so far, and how it ends. */
function begin(...words: string[]) {
  const child = spawn(process.execPath, [CLI, ...words], {
    env: { ...process.env, NO_COLOR: '1', SOLOIST_HOME: home, SOLOIST_CONFIG: '' },
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      printed[name] += text;
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, printed, exit };
}

describe('jobs', () => {
  test('are a table, aligned, with times from now', async () => {
    await jobs.run('two words', []);
    await ended();
    jobs.pause('slow', 'a test');
    const { exitCode, stdout, stderr } = await cli('jobs');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^JOB +STATE +NEXT +LAST +OUTCOME +SCHEDULE$/);
    expect(lines[1]).toMatch(/^hello {6}waiting {2}in 3 min {2}never {2,}- +every 3 minutes$/);
    expect(lines[2]).toMatch(
      /^two words {2}waiting {2}- +(now|\d+ s ago) +failed \(exit code 3\) {2}by hand$/,
    );
    expect(lines[3]).toMatch(/^slow {7}paused /);
    expect(new Set(lines.map((line) => line.length)).size, 'no padding at the ends').toBeGreaterThan(1);
  });

  test('as JSON, and only their names', async () => {
    expect((await dataOf('jobs')).jobs[0]).toMatchObject({ name: 'hello', schedule: 'every 3 minutes' });
    expect((await cli('jobs', '--names')).stdout).toBe('hello\ntwo words\nslow\n');
  });

  test('without a daemon: exit 1, and how to start it', async () => {
    await daemon.stop();
    for (const words of [
      ['jobs'],
      ['run', 'hello'],
      ['runs'],
      ['show', 'x'],
      ['next'],
      ['pause', '--all'],
      ['logs', 'x'],
    ]) {
      expect(await cli(...words), words.join(' ')).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `No daemon is running in ${home}. Start it with 'soloist up'.\n`,
      });
    }
  });
});

describe('run', () => {
  test('begins a run with words and returns', async () => {
    const { exitCode, stdout } = await cli('run', 'hello', '--', '--json', '-x', 'a b');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `Run ${last().id} of hello is queued. 'soloist logs ${last().id} -f' shows its output.\n`,
    );
    await ended();
    expect((await cli('logs', 'hello')).stdout).toBe('hello --json -x a b\n');
  });

  test('--wait shows the output while it is written, and exits as the job', async () => {
    const go = join(temporaryFolder(), 'go');
    const { printed, exit } = begin('run', 'slow', '--wait', '--', go);
    await eventually('the first line is shown', () => printed.stdout === 'begun\n');
    expect(last().state).toBe('running');
    writeFileSync(go, '');
    expect(await exit).toBe(0);
    expect(printed.stdout).toBe('begun\ndone\n');
    expect(printed.stderr).toMatch(new RegExp(`^Run ${last().id} of slow succeeded after .+ s\\.\n$`));
    expect(await cli('run', 'two words', '--wait')).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining('failed (exit code 3)'),
    });
  });

  test('--wait --json prints the result alone', async () => {
    const { exitCode, stdout } = await cli('run', 'two words', '--wait', '--json');
    expect(exitCode).toBe(3);
    const { data } = JSON.parse(stdout);
    expect(data).toMatchObject({ exitCode: 3, run: { state: 'ended', outcome: { kind: 'failed' } } });
  });

  test('a signal that ends the job is an exit code, as in shells', async () => {
    const { exit, printed } = begin('run', 'slow', '--wait');
    await eventually('it has begun', () => printed.stdout === 'begun\n');
    expect(await cli('cancel', 'slow')).toMatchObject({
      exitCode: 0,
      stdout: `Cancelled run ${last().id} of slow.\n`,
    });
    expect(await exit).toBe(143);
  });

  test('a run that is skipped is no success', async () => {
    jobs.isBusy = true;
    expect(await cli('run', 'hello')).toMatchObject({
      exitCode: 1,
      stdout: `Run ${last().id} of hello was skipped (its last run is still going).\n`,
    });
    expect((await cli('run', 'hello', '--wait')).exitCode).toBe(125);
  });

  test('a daemon that ends under it is told, and the exit code is 1', async () => {
    const { exit, printed } = begin('run', 'slow', '--wait');
    await eventually('it has begun', () => printed.stdout === 'begun\n');
    await daemon.stop();
    expect(await exit).toBe(1);
    expect(printed.stderr).toBe(
      `The daemon ended while run ${last().id} was going. When it runs again, 'soloist show ${last().id}' tells what became of it.\n`,
    );
  });

  test('a job that is not there: exit 1, and the likely one', async () => {
    expect(await cli('run', 'helo')).toMatchObject({
      exitCode: 1,
      stderr: "There is no job 'helo'. Did you mean hello?\n",
    });
  });
});

test('pause and resume take a job or --all, and not both or none', async () => {
  expect((await cli('pause', 'hello')).stdout).toBe('Paused: hello.\n');
  expect(jobs.list()[0]?.paused?.by).toBe('soloist pause');
  expect((await cli('pause', 'hello')).stdout).toBe('Nothing to do: paused already.\n');
  expect((await cli('pause', '--all')).stdout).toBe('Paused: two words, slow.\n');
  expect((await cli('resume', 'hello')).stdout).toBe('Resumed: hello.\n');
  expect(await dataOf('resume', '--all')).toEqual({ jobs: ['two words', 'slow'] });
  expect((await cli('pause')).exitCode).toBe(2);
  expect((await cli('pause', 'hello', '--all')).exitCode).toBe(2);
});

describe('runs and show', () => {
  test('runs are listed newest first, filtered and limited', async () => {
    for (const job of ['hello', 'two words', 'hello']) {
      await jobs.run(job, []);
      await ended();
    }
    const [first, second, third] = jobs.runs.map(({ id }) => id);
    const listed = async (...words: string[]) => {
      const lines = (await cli('runs', ...words)).stdout.trimEnd().split('\n');
      return lines.map((line) => line.split(/ {2,}/)[0]);
    };
    expect(await listed()).toEqual(['RUN', third, second, first]);
    expect(await listed('hello')).toEqual(['RUN', third, first]);
    expect(await listed('--failed')).toEqual(['RUN', second]);
    expect(await listed('--since', '1h')).toHaveLength(4);
    expect(await listed('--since', '999999w')).toHaveLength(4);
    expect(await listed('--limit', '1')).toEqual(['RUN', third, 'There are older ones; --limit shows more.']);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await listed('--since', '1ms')).toEqual(['There are no such runs.']);
    for (const limit of ['0', '1001', 'x']) expect((await cli('runs', '--limit', limit)).exitCode).toBe(2);
    expect((await cli('runs', 'nobody')).exitCode).toBe(1);
  });

  test('show says all of a run', async () => {
    await jobs.run('two words', []);
    await ended();
    const { exitCode, stdout } = await cli('show', last().id);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^Run      ${last().id}\nJob      two words\nOutcome  failed \\(exit code 3\\)\nTrigger  person\nQueued   \\d\\d:\\d\\d \\(`,
      ),
    );
    expect(stdout).toContain(`Output   0 bytes in ${last().output?.file}`);
    expect((await dataOf('show', last().id)).run).toEqual(last());
    expect((await cli('show', '00000000')).exitCode).toBe(1);
  });
});

test('next looks as far ahead as it is asked', async () => {
  const { stdout } = await cli('next', '--for', '5m');
  expect(stdout).toMatch(/^DUE {2,}JOB\n[-\d :]+ {2}in 3 min {2}hello\n$/);
  expect((await cli('next', '--for', '1m')).stdout).toBe('Nothing is due within 1 minute.\n');
  expect((await dataOf('next')).runs).toMatchObject([{ job: 'hello' }]);
  expect((await cli('next', '--for', '999999w')).exitCode).toBe(0);
});

describe('logs', () => {
  test('of a run that has ended: all, or its last lines; of a job, the latest', async () => {
    const [first] = [await jobs.run('hello', ['a\nb\nc'])];
    await ended();
    await jobs.run('hello', ['again']);
    await ended();
    expect((await cli('logs', first?.id ?? '')).stdout).toBe('hello a\nb\nc\n');
    expect((await cli('logs', first?.id ?? '', '-n', '2')).stdout).toBe('b\nc\n');
    expect((await cli('logs', first?.id ?? '', '-f', '-n', '1')).stdout).toBe('c\n');
    expect((await cli('logs', 'hello')).stdout).toBe('hello again\n');
    expect(await dataOf('logs', 'hello')).toMatchObject({ run: { id: last().id }, output: 'hello again\n' });
    const { stdout } = await cli('logs', 'hello', '-f', '--json');
    expect(JSON.parse(stdout).data).toEqual({
      kind: 'text',
      offset: 0,
      at: null,
      stream: 'output',
      text: 'hello again\n',
    });
  });

  test('-f follows a run to its end, byte by byte', async () => {
    const go = join(temporaryFolder(), 'go');
    await jobs.run('slow', [go]);
    const { printed, exit } = begin('logs', 'slow', '-f');
    await eventually('the first line is shown', () => printed.stdout === 'begun\n');
    appendFileSync(last().output?.file ?? '', 'Ⓢ'.repeat(100_000));
    await eventually('what is added is shown', () => printed.stdout.length > 100_000);
    writeFileSync(go, '');
    expect(await exit).toBe(0);
    expect(printed.stderr).toBe('');
    expect(printed.stdout.length).toBeGreaterThan(100_000);
  });

  test('a run without output, a job without runs, and what is neither', async () => {
    jobs.isBusy = true;
    const { id } = await jobs.run('hello', []);
    expect(await cli('logs', id)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `Run ${id} of hello has no output, or none any more.\n`,
    });
    expect(await cli('logs', 'slow')).toMatchObject({
      exitCode: 1,
      stderr: "slow has not run yet. 'soloist run slow' runs it now.\n",
    });
    expect((await cli('logs', 'solw')).stderr).toBe("There is no job or run 'solw'. Did you mean slow?\n");
    expect((await cli('logs', '00000000')).exitCode).toBe(1);
  });

  test('a reader that goes away is no error', async () => {
    await jobs.run('hello', ['x'.repeat(100_000), '\n', 'y'.repeat(100_000)]);
    await ended();
    const environment = { NODE: process.execPath, CLI, SOLOIST_HOME: home };
    const { stdout, stderr } = await run('bash', ['-c', '"$NODE" "$CLI" logs hello | head -c 5'], {
      environment,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'hello', stderr: '' });
  });
});

describe('logs of the daemon, which needs none', () => {
  const line = (msg: string): string =>
    `${JSON.stringify({ level: 30, time: Date.UTC(2026, 10, 23), msg })}\n`;
  let folder = '';
  beforeEach(async () => {
    await daemon.stop();
    home = newHome();
    folder = join(home, 'logs');
    mkdirSync(folder, { recursive: true });
  });

  test('are shown for people, the last lines of all days', async () => {
    expect(await cli('logs')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `There is no log in ${home} yet.\n`,
    });
    writeFileSync(join(folder, 'daemon-2026-11-22.log'), line('one') + line('two'));
    writeFileSync(join(folder, 'daemon-2026-11-23.log'), `${line('three')}no JSON at all\n`);
    const { exitCode, stdout } = await cli('logs', 'daemon', '--lines', '3');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^\[2026-11-2\d \d\d:\d\d:\d\d\] INFO: two\n\[.+\] INFO: three\nno JSON at all\n$/,
    );
    const { entries } = await dataOf('logs', '-n', '2');
    expect(entries).toEqual([expect.objectContaining({ msg: 'three' }), 'no JSON at all']);
  });

  test('no escape sequence in it reaches the terminal', async () => {
    writeFileSync(
      join(folder, 'daemon-2026-11-22.log'),
      `${line('a\u001b[31mb\u009b1mc')}${line('back\\u001bslash')}\u001b[2J{"cut\n`,
    );
    const { stdout } = await cli('logs');
    expect(stdout).toMatch(/INFO: a\uFFFD\[31mb\uFFFD1mc\n.*INFO: back\\u001bslash\n\uFFFD\[2J\{"cut\n$/);
  });

  test('-f shows what is added, through the change of the day, every line once', async () => {
    const first = join(folder, 'daemon-2026-11-22.log');
    writeFileSync(first, line('one') + line('two'));
    const { child, printed, exit } = begin('logs', '-f', '-n', '1', '--json');
    const shown = () =>
      printed.stdout
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text).data.entry.msg);
    await eventually('it begins', () => shown().length === 1);
    const expected = ['two'];
    for (let day = 22; day < 26; day++) {
      for (let number = 0; number < 50; number++) {
        appendFileSync(join(folder, `daemon-2026-11-${day}.log`), line(`${day}.${number}`));
        expected.push(`${day}.${number}`);
      }
    }
    await eventually('all are shown', () => shown().length >= expected.length);
    expect(shown()).toEqual(expected);
    child.kill('SIGTERM');
    await exit;
  });
});

describe('completion of job names', () => {
  const script = async (shell: string): Promise<string> => {
    const file = join(temporaryFolder(), 'script');
    writeFileSync(file, (await cli('completion', shell)).stdout);
    return file;
  };

  /** Runs a shell in which `soloist` is the built one; undefined, and said, if it is not installed. */
  async function inShell(shell: string, words: string[]): Promise<string | undefined> {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'soloist'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, {
      mode: 0o755,
    });
    const environment = { PATH: `${folder}:${process.env.PATH}`, SOLOIST_HOME: home, SOLOIST_CONFIG: '' };
    try {
      return (await run(shell, words, { environment })).stdout;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      console.log(`skipped: ${shell} is not installed here`);
      return undefined;
    }
  }

  async function inBash(...words: string[]): Promise<string[]> {
    const line = words.map((word) => `'${word}'`).join(' ');
    const shown = await inShell('bash', [
      '-c',
      `source ${await script('bash')}; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _soloist; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]);
    return shown?.trim().split('\n') ?? [];
  }

  test('bash, quoting names that need it', async () => {
    expect(await inBash('soloist', 'run', 'he')).toEqual(['hello']);
    expect(await inBash('soloist', 'pause', 'two')).toEqual(['two\\ words']);
    expect(await inBash('soloist', 'logs', '')).toEqual(expect.arrayContaining(['daemon', 'hello', 'slow']));
    expect(await inBash('soloist', 'config', 'ch')).toEqual(['check']);
    expect(await inBash('soloist', 'runs', '--f')).toEqual(['--failed']);
    await daemon.stop();
    expect(await inBash('soloist', 'run', 'he'), 'quiet without a daemon').toEqual(['']);
  });

  test('fish', async () => {
    const complete = async (line: string) =>
      inShell('fish', ['-c', `source ${await script('fish')}; complete -C '${line}'`]);
    const names = await complete('soloist run ');
    if (names === undefined) return;
    expect(names).toContain('hello');
    expect(names).toMatch(/two( |\\ )words/);
    expect(await complete('soloist config ')).toContain('check');
  });

  test('zsh', async () => {
    // What is given to the shell's own command for adding candidates.
    const words = `autoload -U compinit; compinit -D; source ${await script('zsh')}; compadd() { print -rl -- $names }; _soloist_names jobs daemon`;
    const names = await inShell('zsh', ['-f', '-c', words]);
    if (names === undefined) return;
    expect(names).toBe('hello\ntwo words\nslow\ndaemon\n');
  });
});
