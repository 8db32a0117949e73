import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { up } from '../../../main/cli/up.ts';
import type { Installation } from '../../../main/installation.ts';
import {
  CLI,
  eventually,
  isRunning,
  killOwner,
  ownerOf,
  processesNaming,
  psColumn,
  run,
  soloist,
} from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { installationOf } from '../../support/installation.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const homes: string[] = [];
function cliHome(): string {
  const home = newHome();
  homes.push(home);
  return home;
}
afterEach(async () => {
  for (const home of homes.splice(0)) if (existsSync(home)) await soloist(home, ['down', '--timeout', '1s']);
});

const pidOf = (home: string): number => ownerOf(home)?.pid ?? 0;
const since = 'since \\d\\d:\\d\\d';

/** Kills the daemon of a home and waits until it is gone. */
async function crash(home: string): Promise<void> {
  const pid = pidOf(home);
  killOwner(home);
  await eventually('it is dead', async () => !(await isRunning(pid)));
}

const dyingDaemon = (): Installation =>
  installationOf(process.execPath, new URL('../../fixtures/dying-daemon.ts', import.meta.url).pathname);

describe('up', () => {
  test('starts the daemon in the background and returns when it answers', async () => {
    const home = cliHome();
    const { exitCode, stdout, stderr } = await soloist(home, ['up']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`Daemon started with PID ${pidOf(home)} (home ${home}).\n`);
    expect(await processesNaming(home)).toEqual([pidOf(home)]);
    expect(psColumn(pidOf(home), 'pgid'), 'it leads a process group of its own').toBe(String(pidOf(home)));
  });

  test('with a daemon running: exit 1, who it is, and what to do', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    const { exitCode, stdout, stderr } = await soloist(home, ['up']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `^Daemon already running with PID ${pidOf(home)} \\(headless, ${since}\\)\\. Use 'soloist down' to stop it first\\.\nSee 'soloist help lock'\\.\n$`,
      ),
    );
  });

  test('--ensure with a daemon running: exit 0, and it is the same', async () => {
    const home = cliHome();
    expect((await soloist(home, ['up', '--ensure'])).exitCode).toBe(0);
    const pid = pidOf(home);
    const { exitCode, stdout } = await soloist(home, ['up', '--ensure']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Daemon runs with PID ${pid} \\(headless, ${since}\\)\\.\n$`));
    expect(pidOf(home)).toBe(pid);
  });

  test('after a crash: starts, no other step needed', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    await crash(home);
    expect((await soloist(home, ['up'])).exitCode).toBe(0);
    expect(ownerOf(home)).toMatchObject({ generation: 2, lastCrash: { generation: 1 } });
  });

  test('prints why the daemon could not start', async () => {
    const home = cliHome();
    mkdirSync(join(home, 'daemon.lock'), { recursive: true });
    const { exitCode, stderr } = await soloist(home, ['up']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/daemon\.lock cannot be used: it is a folder\. Mend that/);
  });

  test('prints what a daemon said that died before it could tell', async () => {
    const home = cliHome();
    const installation = dyingDaemon();
    const context = {
      home,
      configuration: join(home, 'soloist.yaml'),
      json: false,
      color: false,
      installation,
    };
    const options = { wait: 30_000, ensure: false, takeOver: false, startedBy: 'a test' };
    await expect(up(context, options)).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringMatching(
        /ended while it was starting \(exit code 9\), having said:\nno memory left/,
      ),
    });
  });

  test('gives up waiting after --wait, and says how to go on', async () => {
    const home = cliHome();
    const installation = dyingDaemon();
    const context = { home, configuration: 'hang', json: false, color: false, installation };
    const options = { wait: 300, ensure: false, takeOver: false, startedBy: 'a test' };
    await expect(up(context, options)).rejects.toMatchObject({
      code: 'start-not-finished',
      message: 'The daemon did not answer within 0.3 s.',
      hint: expect.stringContaining('soloist status'),
    });
    for (const pid of await processesNaming(home)) process.kill(pid, 'SIGKILL');
  });

  test('does not stay in the folder where it was started', async () => {
    const home = cliHome();
    await soloist(home, ['up'], { cwd: '/usr' });
    const { stdout } = await run('lsof', ['-a', '-d', 'cwd', '-Fn', '-p', String(pidOf(home))]);
    expect(stdout.trim().split('\n').at(-1)).toBe(`n${home}`);
  });

  test('a home given as a relative path is the one seen from the folder of the caller', async () => {
    const home = cliHome();
    const { exitCode } = await soloist('', ['--home', 'home', 'up'], { cwd: join(home, '..') });
    expect(exitCode).toBe(0);
    expect((await soloist(home, ['status'])).exitCode).toBe(0);
  });

  test('the daemon does not die with the terminal or the process group of the starter', async () => {
    const home = cliHome();
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${CLI}" --home "${home}" up; sleep 60`], {
      detached: true,
      stdio: 'ignore',
    });
    await eventually('it runs', () => existsSync(join(home, 'daemon.sock')));
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
    expect((await soloist(home, ['status'])).exitCode).toBe(0);
  });
});

describe('down', () => {
  test('leaves no process, no daemon.pid, no socket', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    const pid = pidOf(home);
    const { exitCode, stdout } = await soloist(home, ['down']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^Daemon stopped \\(it was PID ${pid} \\(headless, ${since}\\)\\)\\.\n$`),
    );
    expect(await processesNaming(home)).toEqual([]);
    for (const name of ['daemon.pid', 'daemon.sock', 'daemon.host.lock'])
      expect(existsSync(join(home, name)), name).toBe(false);
  });

  test('with nothing running: says so and exits 0', async () => {
    const home = cliHome();
    expect(await soloist(home, ['down'])).toMatchObject({
      exitCode: 0,
      stdout: `No daemon is running in ${home}.\n`,
    });
    expect(existsSync(home), 'and makes nothing').toBe(false);
    await soloist(home, ['up']);
    await soloist(home, ['down']);
    expect(await soloist(home, ['down'])).toMatchObject({
      exitCode: 0,
      stdout: `No daemon is running in ${home}.\n`,
    });
  });

  test('after a crash: clears what it left', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    await crash(home);
    const { exitCode, stdout } = await soloist(home, ['down']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^No daemon is running: PID \d+ had crashed\. What it left was cleared\.\n$/);
    for (const name of ['daemon.pid', 'daemon.sock', 'daemon.host.lock'])
      expect(existsSync(join(home, name)), name).toBe(false);
    expect((await soloist(home, ['status'])).exitCode).toBe(3);
  });

  test('ends a suspended daemon by force after the timeout, lock and children included', async () => {
    const home = cliHome();
    // In a daemon without jobs yet, the children are those of a stand-in: a debugger's shell would be one.
    const program = new URL('../../fixtures/parent-daemon.ts', import.meta.url).pathname;
    const parent = spawn(process.execPath, [program, home], { stdio: 'ignore' });
    const gone = new Promise((resolve) => parent.once('exit', resolve));
    await eventually(
      'its children run',
      async () => (await processesNaming(`child-of-${home}`)).length === 3,
    );
    parent.kill('SIGSTOP');
    const { exitCode, stdout } = await soloist(home, ['down', '--timeout', '300ms']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Daemon ended by force after 0\.3 s \(it was PID \d+ .*\), with \d children\.\n$/,
    );
    await gone;
    expect(await processesNaming(`child-of-${home}`)).toEqual([]);
    for (const name of ['daemon.pid', 'daemon.sock', 'daemon.host.lock'])
      expect(existsSync(join(home, name)), name).toBe(false);
    expect((await soloist(home, ['up'])).exitCode).toBe(0);
  });

  test('a live stranger with the PID of a dead daemon is not signalled', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    await crash(home);
    const stranger = spawn('sleep', ['60']);
    try {
      const path = join(home, 'daemon.owner.json');
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), pid: stranger.pid }));
      expect((await soloist(home, ['status'])).exitCode).toBe(1);
      expect((await soloist(home, ['down'])).exitCode).toBe(0);
      expect((await soloist(home, ['up'])).exitCode).toBe(0);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });
});

describe('restart', () => {
  test('keeps the process and its lock', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    const before = ownerOf(home);
    expect(await soloist(home, ['restart'])).toMatchObject({
      exitCode: 0,
      stdout: `Daemon restarted (PID ${pidOf(home)}).\n`,
    });
    expect(ownerOf(home)).toEqual(before);
  });

  test('starts a daemon that does not run', async () => {
    const home = cliHome();
    expect((await soloist(home, ['restart'])).exitCode).toBe(0);
    expect(ownerOf(home)).toMatchObject({ startedBy: 'soloist restart' });
  });
});

describe('status', () => {
  test('0 running: state, PID, kind, uptime, version, home, lock and last crash', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    const { exitCode, stdout } = await soloist(home, ['status']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Soloist daemon: running\n/);
    expect(stdout).toContain(`${pidOf(home)} (headless, started by soloist up)`);
    expect(stdout).toMatch(new RegExp(`Uptime +\\d+ s \\(${since}\\)`));
    expect(stdout).toContain(`Home           ${home}\n`);
    expect(stdout).toContain(`Lock           ${join(home, 'daemon.lock')} (held)\n`);
    expect(stdout).toMatch(/Version +\d+\.\d+\.\d+\n/);
    expect(stdout).toContain('Last crash     none known\n');
  });

  test('3 not running, in a home that is not there, and in one that was stopped', async () => {
    const home = cliHome();
    expect(await soloist(home, ['status'])).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^Soloist daemon: not running\n/),
    });
    expect(existsSync(home)).toBe(false);
    await soloist(home, ['up']);
    await soloist(home, ['down']);
    expect((await soloist(home, ['status'])).exitCode).toBe(3);
  });

  test('1 crashed, and the crash stays known after the next start', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    const pid = pidOf(home);
    await crash(home);
    const crashed = await soloist(home, ['status']);
    expect(crashed).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^Soloist daemon: crashed\n/),
    });
    expect(crashed.stdout).toMatch(new RegExp(`Last crash +PID ${pid}, started`));
    await soloist(home, ['up']);
    expect(await soloist(home, ['status'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Last crash     PID ${pid}`),
    });
  });

  test('4 running but not answering', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    process.kill(pidOf(home), 'SIGSTOP');
    expect(await soloist(home, ['status'])).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('not answering'),
    });
    process.kill(pidOf(home), 'SIGCONT');
    expect((await soloist(home, ['status'])).exitCode).toBe(0);
  });

  test('of a daemon whose record is gone still finds it by its socket', async () => {
    const home = cliHome();
    await soloist(home, ['up']);
    const pid = pidOf(home);
    process.kill(pid, 'SIGSTOP');
    rmSync(join(home, 'daemon.owner.json'));
    expect((await soloist(home, ['status'])).exitCode).toBe(4);
    process.kill(pid, 'SIGCONT');
    await eventually('it ends itself', async () => !(await isRunning(pid)));
  });

  test('--watch tells each change', async () => {
    const home = cliHome();
    const child = spawn(process.execPath, [CLI, '--home', home, 'status', '--watch', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const states: string[] = [];
      let pending = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (pending + text).split('\n');
        pending = lines.pop() ?? '';
        states.push(...lines.map((line) => JSON.parse(line).data.state));
      });
      await eventually('it says stopped', () => states.at(-1) === 'stopped');
      await soloist(home, ['up']);
      await eventually('it says running', () => states.at(-1) === 'running');
      await soloist(home, ['down']);
      await eventually('it says stopped again', () => states.at(-1) === 'stopped');
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('every command', () => {
  test('--json prints one line of the documented shape, also for errors', async () => {
    const home = cliHome();
    const lines: [string[], object][] = [
      [['status'], { ok: true, command: 'status', data: { state: 'stopped', home, owner: null } }],
      [['up'], { ok: true, command: 'up', data: { started: true, owner: { kind: 'headless' } } }],
      [['up'], { ok: false, error: { code: 'already-running', hint: expect.any(String) } }],
      [['up', '--ensure'], { ok: true, command: 'up', data: { started: false } }],
      [['restart'], { ok: true, command: 'restart', data: { restarted: true, problem: null } }],
      [['status'], { ok: true, command: 'status', data: { state: 'running', lock: { held: true } } }],
      [['down'], { ok: true, command: 'down', data: { stopped: true, forced: false } }],
      [['down'], { ok: true, command: 'down', data: { stopped: false } }],
      [['completion', 'fish'], { ok: true, command: 'completion', data: { shell: 'fish' } }],
      [['completion', 'tcsh'], { ok: false, error: { code: 'usage' } }],
      [['up', '--wait', 'long'], { ok: false, error: { code: 'usage' } }],
      [['dance'], { ok: false, error: { code: 'usage' } }],
    ];
    for (const [words, shape] of lines) {
      const { stdout } = await soloist(home, [...words, '--json']);
      expect(stdout.split('\n'), words.join(' ')).toHaveLength(2);
      expect(JSON.parse(stdout), words.join(' ')).toMatchObject({ version: 1, ...shape });
    }
  });

  test('wrong usage exits 2 and suggests the likely word', async () => {
    const home = cliHome();
    expect(await soloist(home, ['stauts'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('(Did you mean status?)'),
    });
    expect(await soloist(home, ['up', '--ensrue'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('(Did you mean --ensure?)'),
    });
    expect(await soloist(home, ['up', '--wait', 'soon'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('such as 500ms, 10s or 2m'),
    });
    expect((await soloist(home, [])).exitCode).toBe(2);
  });

  test('--version and help', async () => {
    const home = cliHome();
    expect(await soloist(home, ['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(await soloist(home, ['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('up [options]'),
    });
    expect(await soloist(home, ['help', 'status'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Exit codes: 0 running'),
    });
  });

  test('works with the Node that runs npm, the oldest that is supported included', async () => {
    const home = cliHome();
    const node = process.env.npm_node_execpath ?? process.execPath;
    expect(await soloist(home, ['up'], { node })).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await soloist(home, ['status'], { node })).exitCode).toBe(0);
    expect((await soloist(home, ['restart'], { node })).exitCode).toBe(0);
    expect((await soloist(home, ['down'], { node })).exitCode).toBe(0);
  });
});

describe('completion', () => {
  test('bash completes commands, options and their words', async () => {
    const home = cliHome();
    const { stdout } = await soloist(home, ['completion', 'bash']);
    const complete = (...words: string[]): string[] => {
      // The bash of macOS (3.2) has these not.
      const script = `enable -n mapfile readarray
${stdout}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _soloist; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
    };
    expect(complete('soloist', 'st')).toEqual(['status']);
    expect(complete('soloist', 'up', '--e')).toEqual(['--ensure']);
    expect(complete('soloist', 'import', 'cr')).toEqual(['crontab']);
    expect(complete('soloist', 'import', 'crontab', '--wr')).toEqual(['--write']);
    expect(complete('soloist', 'import', 'crontab', CLI.slice(0, -2))).toContain(CLI);
    expect(complete('soloist', '--json', 'down', '--t')).toEqual(['--timeout']);
    expect(complete('soloist', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
    expect(complete('soloist', 'help', 'rest')).toEqual(['restart']);
    // A word is not offered a second time; what takes a file is offered files.
    expect(complete('soloist', 'tool', '')).toContain('install');
    expect(complete('soloist', 'tool', 'install', '')).not.toContain('install');
    expect(complete('soloist', 'tool', '--json', 'i')).toEqual(['install']);
    expect(complete('soloist', 'config', 'check', CLI.slice(0, -2))).toContain(CLI);
    expect(complete('soloist', 'screenshots', 'import', CLI.slice(0, -2))).toContain(CLI);
  });

  /** Runs a shell on its completion script, which is in $SCRIPT; undefined, and said, if it is not installed. */
  async function inShell(shell: string, words: string): Promise<string | undefined> {
    const { stdout } = await soloist(cliHome(), ['completion', shell]);
    const script = join(temporaryFolder(), 'script');
    writeFileSync(script, stdout);
    try {
      const environment = { ...process.env, SCRIPT: script };
      return execFileSync(shell, [...(shell === 'zsh' ? ['-f'] : []), '-c', words], {
        encoding: 'utf8',
        env: environment,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      console.log(`skipped: ${shell} is not installed here`);
      return undefined;
    }
  }

  test('fish completes commands, options and their words', async () => {
    const complete = (line: string) => inShell('fish', `source $SCRIPT; complete -C '${line}'`);
    const commands = await complete('soloist st');
    if (commands === undefined) return;
    expect(commands).toMatch(/^status\tsay whether the daemon runs/);
    expect(await complete('soloist up --e')).toContain('--ensure');
    expect(await complete('soloist completion ')).toMatch(/bash/);
    expect(await complete('soloist completion bash ')).toBe('');
    expect(await complete('soloist tool ')).toBe('install\nstatus\nuninstall\n');
    expect(await complete('soloist tool install ')).toBe('');
    expect(await complete(`soloist config check ${CLI.slice(0, -2)}`)).toContain(CLI);
    expect(await complete(`soloist --config ${CLI.slice(0, -2)}`)).toContain(CLI);
    // Files only where one is meant.
    expect(await complete('soloist app ')).toBe('');
  });

  test('zsh takes its script, sourced or from a folder of functions', async () => {
    const begin = 'autoload -U compinit; compinit -D;';
    const sourced = await inShell('zsh', `${begin} source $SCRIPT; print -r -- $_comps[soloist]`);
    if (sourced === undefined) return;
    expect(sourced).toBe('_soloist\n');
    const folder = 'mkdir $SCRIPT.d; cp $SCRIPT $SCRIPT.d/_soloist; fpath=($SCRIPT.d $fpath);';
    expect(await inShell('zsh', `${folder} ${begin} print -r -- $_comps[soloist]`)).toBe('_soloist\n');
  });
});

test.each([['--help'], ['man'], ['config', 'schema'], ['completion', 'bash']])(
  'soloist %s ends quietly when its reader goes away',
  async (...words) => {
    const command = [process.execPath, CLI, ...words].map((word) => `'${word}'`).join(' ');
    const output = await run('/bin/bash', [
      '-c',
      `set -o pipefail; ${command} | true; exit \${PIPESTATUS[0]}`,
    ]);
    expect(output).toMatchObject({ exitCode: 0, stderr: '' });
  },
);
