import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { soloist, soloistWithoutPrivilege } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** A home with a configuration of this text. */
function homeWith(text: string): { home: string; file: string } {
  const home = newHome();
  mkdirSync(home, { recursive: true });
  const file = join(home, 'soloist.yaml');
  writeFileSync(file, text);
  return { home, file };
}

const BROKEN = 'jobs:\n  backup:\n    rum: restic\n    every: 5x\n';

describe('init', () => {
  test('writes a valid file for its owner only, that names a schema which is there', async () => {
    const home = newHome();
    const file = join(home, 'soloist.yaml');
    const { exitCode, stdout, stderr } = await soloist(home, ['init']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(file);
    expect([modeOf(file), modeOf(home)]).toEqual([0o600, 0o700]);
    const [, url = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? [];
    const schema = JSON.parse(readFileSync(new URL(url), 'utf8'));
    expect(schema.properties).toHaveProperty('jobs');
    expect(await soloist(home, ['config', 'check'])).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(new RegExp(`^${file} is fine: 1 job, times in .+\\.\n$`)),
      stderr: '',
    });
  });

  test('makes the folders of another file, in a home with a space, as the daemon finds it', async () => {
    const home = join(temporaryFolder(), 'my home');
    const file = join(temporaryFolder(), 'a b', 'c', 'jobs.yaml');
    expect((await soloist(home, ['init', '--config', file])).exitCode).toBe(0);
    expect([modeOf(file), modeOf(join(file, '..'))]).toEqual([0o600, 0o700]);
    const [, url = ''] = /\$schema=(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? [];
    expect(existsSync(new URL(url))).toBe(true);
  });

  test('leaves any file that is there as it is, also a link to nothing', async () => {
    const { home, file } = homeWith('# mine\n');
    const { exitCode, stdout, stderr } = await soloist(home, ['init']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`There is a configuration already: ${file}.`);
    expect(readFileSync(file, 'utf8')).toBe('# mine\n');

    const link = join(temporaryFolder(), 'soloist.yaml');
    symlinkSync('nowhere', link);
    const { stdout: json } = await soloist(home, ['init', '--config', link, '--json']);
    expect(JSON.parse(json)).toMatchObject({ ok: false, error: { code: 'configuration-exists' } });
  });

  test('of two at one time, one writes', async () => {
    const home = newHome();
    const both = await Promise.all([soloist(home, ['init']), soloist(home, ['init'])]);
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    expect(readdirSync(home).sort()).toEqual(['soloist.schema.json', 'soloist.yaml']);
  });

  test('says why it cannot write, and leaves nothing half done', async () => {
    const home = newHome();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const below = join(folder, 'file', 'soloist.yaml');
    expect(await soloist(home, ['init', '--config', below])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`cannot be written: ${join(folder, 'file')} is not a folder. `),
    });
    // The system lets nobody make a folder there.
    if (process.platform === 'linux')
      expect((await soloist(home, ['init', '--config', '/proc/none/soloist.yaml'])).stderr).toContain(
        'The configuration /proc/none/soloist.yaml cannot be written: ',
      );
    // The home cannot be used: then there is no configuration either.
    writeFileSync(home, '');
    const file = join(folder, 'soloist.yaml');
    expect((await soloist(home, ['init', '--config', file])).stderr).toContain('is not a folder');
    expect(existsSync(file)).toBe(false);
  });
});

describe('check', () => {
  test('shows every problem with its position, line and caret, and exits 1', async () => {
    const { home, file } = homeWith(BROKEN);
    const { exitCode, stdout, stderr } = await soloist(home, ['config', 'check']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toContain(`${file}:2:3: "run" is missing in jobs.backup`);
    expect(stdout).toContain(
      `${file}:3:5: "rum" is not a key of jobs.backup. Did you mean "run"?\n 3 |     rum: restic\n   |     ^^^\n`,
    );
    expect(stdout).toContain(`${file}:4:12: jobs.backup.every is "5x"`);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`3 problems: ${file} cannot be used as it is.`);
  });

  test('as JSON, the same problems', async () => {
    const { home } = homeWith(BROKEN);
    const { exitCode, stdout } = await soloist(home, ['config', 'check', '--json']);
    expect(exitCode).toBe(1);
    const { data } = JSON.parse(stdout);
    expect(data.usable).toBe(false);
    expect(data.problems.map((problem: { place: { line: number } }) => problem.place.line)).toEqual([
      2, 3, 4,
    ]);
  });

  test('takes another file, and names it as the person did', async () => {
    const { home } = homeWith(BROKEN);
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'other.yaml'),
      'jobs:\n  a:\n    run: x\n  b: { run: y, keep_alive: true, enabled: false }\n',
    );
    expect(await soloist(home, ['config', 'check', 'other.yaml'], { cwd: folder })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^other\.yaml is fine: 1 job and 1 service \(1 disabled\), times in /),
    });
    writeFileSync(join(folder, 'empty.yaml'), '');
    expect((await soloist(home, ['config', 'check', 'empty.yaml'], { cwd: folder })).stdout).toMatch(
      /is fine: no jobs, /,
    );
  });

  test('checks schedules as the daemon does', async () => {
    const { home } = homeWith('jobs:\n  a: { run: x, schedule: "61 * * * *" }\n');
    const { exitCode, stdout } = await soloist(home, ['config', 'check']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/soloist\.yaml:2:\d+: jobs\.a\.schedule/);
  });

  test.for([
    ['there is none', (): string => join(temporaryFolder(), 'none.yaml'), 'no-configuration'],
    ['a folder', (): string => temporaryFolder(), 'configuration-unreadable'],
    ['not a file', (): string => '/dev/null', 'configuration-unreadable'],
  ] as const)('says what cannot be read: %s', async ([, path, code]) => {
    const { exitCode, stdout } = await soloist(newHome(), ['config', 'check', path(), '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code, hint: expect.any(String) } });
  });

  test('says what cannot be read: no permission', async () => {
    const { home, file } = homeWith('jobs: {}\n');
    chmodSync(file, 0);
    const { stderr } = await soloistWithoutPrivilege(home, ['config', 'check']);
    expect(stderr).toContain('cannot be read: permission denied');
  });

  test('a file that is too large, without reading it', async () => {
    const { home, file } = homeWith(' '.repeat(4_000_001));
    const { exitCode, stdout } = await soloist(home, ['config', 'check']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${file}: The file has 4 MB; the largest that is read has 4 MB.`);
  });

  test('escape sequences of a file do not reach the terminal', async () => {
    const { home } = homeWith('jobs:\n  "a\\e[31m": { rum: "\u009b31m" }\n');
    const { stdout } = await soloist(home, ['config', 'check']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('path, schema and show', () => {
  test('path tells where the file would be', async () => {
    const home = newHome();
    const file = join(home, 'soloist.yaml');
    expect((await soloist(home, ['config', 'path'])).stdout).toBe(`${file}\n`);
    const { stdout } = await soloist(home, ['config', 'path', '--config', '/somewhere/x.yaml', '--json']);
    expect(JSON.parse(stdout).data).toEqual({ path: '/somewhere/x.yaml', exists: false });
    expect(existsSync(home), 'nothing was made').toBe(false);
  });

  test('schema is the one that init writes', async () => {
    const home = newHome();
    const { stdout } = await soloist(home, ['config', 'schema']);
    await soloist(home, ['init']);
    expect(stdout).toBe(readFileSync(join(home, 'soloist.schema.json'), 'utf8'));
    expect(JSON.parse(stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
  });

  test('show prints a file that says the same, and everything', async () => {
    const { home } = homeWith(
      'timezone: UTC\njobs:\n  a: { run: [echo, "1"], every: 90s, env: { TOKEN: secret } }\n',
    );
    const { exitCode, stdout } = await soloist(home, ['config', 'show']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('    every: 1m30s\n');
    expect(stdout).toContain('      TOKEN: secret\n');
    const shown = join(temporaryFolder(), 'shown.yaml');
    writeFileSync(shown, stdout);
    expect((await soloist(home, ['config', 'show', shown])).stdout).toBe(stdout);
  });

  test('show refuses a broken file with its first problem', async () => {
    const { home, file } = homeWith(BROKEN);
    expect(await soloist(home, ['config', 'show'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`${file}:2:3: "run" is missing in jobs.backup`),
    });
  });
});

describe('edit', () => {
  test('writes a first file, opens it in $VISUAL with its arguments, and checks what was saved', async () => {
    const home = newHome();
    const file = join(home, 'soloist.yaml');
    // An editor that replaces the file, given as a command with arguments.
    const editor = join(temporaryFolder(), 'my-editor');
    writeFileSync(editor, `#!/bin/sh\nprintf 'jobs: { %s: { rum: x } }\\n' "$1" > "$2"\n`, { mode: 0o755 });
    const environment = { VISUAL: `${editor} 'hello world'`, EDITOR: 'false' };
    const { exitCode, stdout } = await soloist(home, ['config', 'edit'], { environment });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${file}:1:`);
    expect(stdout).toContain('cannot be used as it is');
    expect(readFileSync(file, 'utf8')).toContain('hello world');
  });

  test('leaves the file to an editor that changes nothing, and brings the schema up to date', async () => {
    const { home, file } = homeWith('jobs: {}\n');
    const { exitCode, stdout } = await soloist(home, ['config', 'edit'], {
      environment: { VISUAL: '', EDITOR: 'true' },
    });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is fine') });
    expect(readFileSync(file, 'utf8')).toBe('jobs: {}\n');
    expect(existsSync(join(home, 'soloist.schema.json'))).toBe(true);
  });

  test('says that the editor failed', async () => {
    const environment = { VISUAL: 'no-such-editor', EDITOR: '' };
    expect(await soloist(newHome(), ['config', 'edit'], { environment })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("The editor 'no-such-editor' failed (exit code 127)."),
    });
  });
});
