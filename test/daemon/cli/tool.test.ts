import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  installTool,
  renewExtras,
  type ToolPlace,
  toolState,
  uninstallTool,
} from '../../../main/tool/tool.ts';
import { MARK, wrapperText } from '../../../main/tool/wrapper.ts';
import { CLI, run, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A person with nothing in their folder, and these folders on their PATH, relative to it. */
function person(...folders: readonly string[]) {
  const user = temporaryFolder();
  const bin = join(user, '.local/bin');
  const path = [...folders.map((folder) => join(user, folder)), '/usr/bin', '/bin'].join(':');
  const environment = {
    HOME: user,
    PATH: path,
    SHELL: '/bin/zsh',
    XDG_DATA_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
  };
  const home = join(user, 'home');
  const tool = (...words: readonly string[]) =>
    soloist(home, ['tool', ...words], { environment, node: process.execPath });
  return { user, bin, environment, home, tool };
}

const place = (user: string, more: Partial<ToolPlace> = {}): ToolPlace => ({
  command: ['/bin/echo', 'ran', "it's"],
  searchPath: join(user, '.local/bin'),
  user,
  shell: '/bin/bash',
  platform: 'linux',
  ...more,
});

test('is put on the PATH with its manual and completions, runs, and is taken away', async () => {
  const { user, bin, environment, home, tool } = person('bin', '.local/bin');
  expect(await tool('status')).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('not installed'),
  });
  expect(await tool('install')).toMatchObject({
    exitCode: 0,
    stdout: `The command-line tool is ${bin}/soloist.\n`,
  });
  const typed = await run(
    '/bin/sh',
    ['-c', `soloist --home '${home}' status; soloist --home '${home}' run 'a b' -- "c d"`],
    {
      environment,
    },
  );
  expect(typed.stdout).toContain('not running');
  expect(typed.stderr).toContain('No daemon is running');
  expect(await tool('status')).toMatchObject({ exitCode: 0 });
  // Again changes nothing.
  expect(await tool('install')).toMatchObject({ exitCode: 0 });
  const extras = [
    '.local/share/man/man1/soloist.1',
    '.local/share/bash-completion/completions/soloist',
    '.config/fish/completions/soloist.fish',
  ].map((path) => join(user, path));
  for (const path of extras) expect(existsSync(path), path).toBe(true);
  expect(await tool('uninstall')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('not installed'),
  });
  for (const path of [...extras, join(bin, 'soloist')]) expect(existsSync(path), path).toBe(false);
  expect(await tool('uninstall')).toMatchObject({ exitCode: 0 });
});

test('where no folder of the PATH is the person’s, it says what makes terminals find it', async () => {
  const { bin, tool } = person();
  const installed = await tool('install');
  expect(installed.exitCode).toBe(1);
  expect(installed.stdout).toContain(`${bin}/soloist, where your terminals do not look`);
  expect(installed.stdout).toContain(process.platform === 'darwin' ? '>> ~/.zprofile' : '>> ~/.zshrc');
  expect(await tool('status')).toMatchObject({ exitCode: 1, stdout: installed.stdout });
  expect(await tool('uninstall')).toMatchObject({ exitCode: 0 });
});

test.each([
  ['/usr/bin/fish', 'linux', 'fish_add_path ~/.local/bin'],
  ['/bin/bash', 'linux', '~/.bashrc'],
  ['/usr/bin/zsh', 'linux', '~/.zshrc'],
  ['/bin/zsh', 'darwin', '~/.zprofile'],
  ['/bin/sh', 'linux', '~/.profile'],
  ['/bin/bash', 'darwin', '~/.bash_profile'],
  [undefined, 'darwin', '~/.profile'],
] as const)('what to do is told for the shell %s on %s', (shell, platform, advice) => {
  const { user } = person();
  const state = installTool(place(user, { searchPath: '/usr/bin', shell, platform }));
  expect(state).toMatchObject({ kind: 'not-on-path', advice: expect.stringContaining(advice) });
});

// How a terminal window starts a shell: as a login shell on macOS only.
const kind = process.platform === 'darwin' ? '-lic' : '-ic';

test.each(['bash', 'zsh', 'fish'])('the advice for %s makes new terminals find it', async (shell) => {
  const program = ['/bin', '/usr/bin'].map((folder) => join(folder, shell)).find((path) => existsSync(path));
  if (program === undefined) return console.log(`SKIPPED: the advice for ${shell}, which is not here`);
  const { user, bin, environment } = person();
  const state = installTool(
    place(user, { searchPath: environment.PATH, shell: program, platform: process.platform }),
  );
  const advice = state.kind === 'not-on-path' ? state.advice : '';
  const more = { ...environment, ZDOTDIR: undefined };
  await run(program, ['-c', advice], { environment: more });
  const { stdout } = await run(program, [kind, 'command -v soloist'], { environment: more });
  expect(stdout).toBe(`${bin}/soloist\n`);
});

test('completions that somebody wrote themselves, as their help says, are no hindrance and stay', async () => {
  const { user, tool } = person('.local/bin');
  const own = join(user, '.local/share/bash-completion/completions/soloist');
  mkdirSync(dirname(own), { recursive: true });
  writeFileSync(own, '# mine\n');
  expect(await tool('install')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(existsSync(join(user, '.local/share/man/man1/soloist.1'))).toBe(true);
  expect((await tool('uninstall')).exitCode).toBe(0);
  expect(readFileSync(own, 'utf8')).toBe('# mine\n');
});

test('of two installations, the command that is named renews the tool for the one that was asked', async () => {
  const { user, bin, environment, tool } = person('.local/bin');
  const other = place(user, { command: ['/bin/echo', 'the other one'] });
  installTool(other);
  const { stdout } = await tool('status');
  expect(stdout).toContain('is for Soloist at another place');
  const [, command = ''] = /\n\n {2}(.*)\n$/.exec(stdout) ?? [];
  expect((await run('/bin/sh', ['-c', command], { environment })).stdout).toBe(
    `The command-line tool is ${bin}/soloist.\n`,
  );
  expect(toolState(other)).toMatchObject({ kind: 'stale' });
  expect((await tool('uninstall')).stdout).toContain(command);
});

test('a tool of another installation that comes first, and cannot be renewed, is named', () => {
  const { user, bin } = person();
  const first = join(user, 'package');
  mkdirSync(first);
  writeFileSync(join(first, 'soloist'), wrapperText(['/bin/echo', 'of a package']), { mode: 0o755 });
  installTool(place(user));
  const both = place(user, { searchPath: `${first}:${bin}` });
  expect(toolState(both)).toEqual({
    kind: 'shadowed',
    path: join(bin, 'soloist'),
    by: join(first, 'soloist'),
  });
  // Where it can be renewed, it is.
  expect(installTool(both)).toEqual({ kind: 'installed', path: join(first, 'soloist') });
});

test('another program of that name is never touched', async () => {
  const { user, bin, tool } = person('.local/bin');
  mkdirSync(bin, { recursive: true });
  const foreign = '#!/bin/sh\necho another\n';
  writeFileSync(join(bin, 'soloist'), foreign, { mode: 0o755 });
  for (const words of [['install'], ['uninstall']]) {
    const refused = await tool(...words);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(`${bin}/soloist is another program, not Soloist's.`);
  }
  expect((await tool('status')).stdout).toContain(`${bin}/soloist is another program named soloist`);
  expect(readFileSync(join(bin, 'soloist'), 'utf8')).toBe(foreign);
  // Beside one that comes first on the PATH.
  const state = toolState(place(user, { searchPath: `${bin}:${join(user, 'bin')}` }));
  expect(state).toEqual({ kind: 'foreign', path: join(bin, 'soloist') });
});

test('an app that was moved: the tool says so, and is renewed', async () => {
  const { user, bin } = person('.local/bin');
  const old = join(temporaryFolder(), 'Soloist app');
  writeFileSync(old, '#!/bin/sh\necho old "$@"\n', { mode: 0o755 });
  installTool(place(user, { command: [old, '--cli', '--'] }));
  const tool = join(bin, 'soloist');
  expect((await run(tool, ['a b', '*'])).stdout).toBe('old --cli -- a b *\n');
  chmodSync(old, 0o644);
  const gone = await run(tool, ['status']);
  expect(gone.exitCode).toBe(127);
  expect(gone.stderr).toContain(`no longer at ${old}`);
  expect(toolState(place(user))).toEqual({ kind: 'stale', path: tool });
  expect(installTool(place(user))).toEqual({ kind: 'installed', path: tool });
  expect((await run(tool, ['x'])).stdout).toBe("ran it's x\n");
  expect(uninstallTool(place(user))).toEqual({ kind: 'none' });
});

test('Windows has none yet, and says why', () => {
  const state = toolState(place('/nobody', { platform: 'win32' }));
  expect(state).toMatchObject({ kind: 'unsupported' });
  expect(() => installTool(place('/nobody', { platform: 'win32' }))).toThrow(/cannot print/);
});

test('the manual page has every command, and the formatter has nothing to say against it', async () => {
  const { home } = person();
  const { stdout } = await soloist(home, ['man']);
  for (const name of ['up', 'tool install', 'links review', 'config check', 'run'])
    expect(stdout).toMatch(new RegExp(`^\\.SS ${name}( |$)`, 'm'));
  expect(stdout).not.toMatch(/undefined|\[object/);
  const page = join(temporaryFolder(), 'soloist.1');
  writeFileSync(page, stdout);
  const groff = await run('/bin/sh', [
    '-c',
    'command -v groff >/dev/null || exit 0; groff -man -Tutf8 -ww -z "$0"',
    page,
  ]);
  expect(groff).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('the manual page says of a command what its --help says', async () => {
  const { home } = person();
  const { stdout } = await soloist(home, ['man']);
  const section = (name: string) =>
    stdout.split(/^(?=\.S[SH] )/m).find((text) => text.startsWith(`.SS ${name}`)) ?? '';
  // Defaults, what its words mean, and its notes as a paragraph of their own, not as a part of the last option.
  expect(section('down')).toContain('(default: "10s")');
  expect(section('help')).toContain('.I name\na command such as config check, or a topic');
  expect(section('completion')).toContain('bash, zsh or fish');
  expect(section('status')).toMatch(/\n\.PP\nExit codes: 0 running/);
});

test('the app is not opened where nobody would see it', async () => {
  const { home } = person();
  const environment = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined };
  const refused = await soloist(home, ['app'], { environment });
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/The menu-bar app cannot be opened\. .*'soloist up' starts the daemon/s);
});

test('another program that comes first is named, and only ours is taken away', async () => {
  const { user, bin, tool } = person('first', '.local/bin');
  await tool('install');
  const first = join(user, 'first/soloist');
  mkdirSync(join(user, 'first'));
  writeFileSync(first, '#!/bin/sh\n', { mode: 0o755 });
  expect(await tool('status')).toMatchObject({
    exitCode: 1,
    stdout: `The command-line tool is ${bin}/soloist, but your terminals find another program first: ${first}. Remove or rename that one.\n`,
  });
  expect((await tool('uninstall')).exitCode).toBe(0);
  expect(existsSync(join(bin, 'soloist'))).toBe(false);
  expect(existsSync(first)).toBe(true);
});

test('what npm has linked is this installation already', async () => {
  const { bin, tool } = person('.local/bin');
  mkdirSync(bin, { recursive: true });
  chmodSync(CLI, 0o755);
  symlinkSync(CLI, join(bin, 'soloist'));
  expect(await tool('status')).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await tool('install')).exitCode).toBe(0);
  expect(readlinkSync(join(bin, 'soloist'))).toBe(CLI);
  // It was not put there by `tool install`, and so it is not taken away: what else would, is said.
  expect(await tool('uninstall')).toMatchObject({
    exitCode: 1,
    stdout: `${bin}/soloist is left as it is, since 'soloist tool install' did not write it. What npm has linked goes by 'npm uninstall --global soloist'.\n`,
  });
  expect(readlinkSync(join(bin, 'soloist'))).toBe(CLI);
});

test('the folder of an unpackaged app is missed too', async () => {
  const { user, bin } = person();
  const command = ['/bin/echo', join(user, 'repository')] as const;
  installTool(place(user, { command }));
  expect(await run(join(bin, 'soloist'), [])).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining(`no longer at ${user}/repository. Open the app where it is now`),
  });
});

const linters = [
  ['groff', ['-man', '-Tutf8', '-ww', '-z']],
  // The page has no date, which would be another one for each build.
  ['mandoc', ['-T', 'lint', '-W', 'warning', '-I', 'os=']],
] as const;

test.each(linters)('the manual page is clean for %s', async (linter, words) => {
  const page = join(temporaryFolder(), 'soloist.1');
  writeFileSync(page, (await soloist(temporaryFolder(), ['man'])).stdout);
  const missing = spawnSync(linter, ['--version']).error;
  if (missing !== undefined) return console.log(`SKIPPED: the manual page by ${linter}, which is not here`);
  const { stdout, stderr } = await run(linter, [...words, page]);
  const said = `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line !== '' && !line.includes('missing date'));
  expect(said).toEqual([]);
});

test('another version’s manual and completions are renewed; what is missing, or another’s, stays so', () => {
  const user = temporaryFolder();
  const at = (name: string): string => join(user, name);
  writeFileSync(at('old'), `# ${MARK}\nold`);
  writeFileSync(at('mine'), 'mine');
  renewExtras({ [at('old')]: 'new', [at('mine')]: 'new', [at('missing')]: 'new' });
  expect(readFileSync(at('old'), 'utf8')).toBe('new');
  expect(readFileSync(at('mine'), 'utf8')).toBe('mine');
  expect(existsSync(at('missing'))).toBe(false);
});
