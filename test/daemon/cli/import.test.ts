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
import { CLI, run, soloist, soloistWithoutPrivilege } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const CRONTAB = `MAILTO=ada@example.org
# Nightly backup
30 2 * * * restic backup ~/Documents
*/5 * * * * /home/ada/bin/poll
`;

/** A file with this text in a folder of its own. */
function fileWith(text: string | Buffer, name = 'crontab'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

/** A home with a configuration of this text. */
function homeWith(text: string): { home: string; file: string } {
  const home = newHome();
  mkdirSync(home, { recursive: true });
  const file = join(home, 'soloist.yaml');
  writeFileSync(file, text);
  return { home, file };
}

/** A folder with a program `crontab` that is this script. */
function withCrontab(script: string): NodeJS.ProcessEnv {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'crontab'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'crontab'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}

describe('shown only', () => {
  test('is a configuration as it is printed, with all else as comments', async () => {
    const home = newHome();
    const { exitCode, stdout, stderr } = await soloist(home, ['import', 'crontab', fileWith(CRONTAB)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('# What could not be carried over');
    expect(stdout).toContain('#   line 1: MAILTO=ada@example.org had to be left out.');
    expect(stdout).toContain('#   Put a # before lines 3 and 4 of ');
    expect(existsSync(home)).toBe(false);
    const checked = await soloist(home, ['config', 'check', fileWith(stdout, 'printed.yaml')]);
    expect(checked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is fine: 2 jobs') });
  });

  test('as JSON, the same as data', async () => {
    const { stdout } = await soloist(newHome(), ['import', 'crontab', fileWith(CRONTAB), '--json']);
    const { ok, command, data } = JSON.parse(stdout);
    expect({ ok, command, format: data.format, written: data.written }).toEqual({
      ok: true,
      command: 'import',
      format: 'crontab',
      written: null,
    });
    expect(data.jobs).toMatchObject([
      {
        name: 'nightly-backup',
        line: 3,
        settings: { run: 'restic backup ~/Documents', schedule: '30 2 * * *' },
      },
      { name: 'poll', line: 4 },
    ]);
    expect(data.remarks[0]).toMatchObject({ line: 1, job: null, kind: 'left-out' });
    expect(data.configuration).toContain('nightly-backup:');
  });

  test('your own crontab is what crontab -l prints', async () => {
    const environment = withCrontab('[ "$1" = -l ] && echo "@daily /home/ada/bin/report"');
    const { stdout } = await soloist(newHome(), ['import', 'crontab'], { environment });
    expect(stdout).toContain('  # crontab -l, line 1\n  report:\n');
    expect(stdout).toContain('#   Put a # before line 1 with: crontab -e');
  });

  test('standard input is -', async () => {
    const words = [CLI, 'import', 'crontab', '-'].map((word) => `'${word}'`).join(' ');
    const shell = await run('/bin/sh', ['-c', `echo '@daily from-input' | '${process.execPath}' ${words}`]);
    expect(shell.stdout).toContain('# standard input, line 1');
  });

  test('several property lists have names of their own', async () => {
    const plist = (label: string): string =>
      fileWith(
        `<plist version="1.0"><dict><key>Label</key><string>${label}</string><key>Program</key><string>/bin/x</string></dict></plist>`,
        'job.plist',
      );
    const files = [plist('com.example.sync'), plist('org.example.sync')];
    const { stdout } = await soloist(newHome(), ['import', 'launchd', ...files, '--json']);
    expect(JSON.parse(stdout).data.jobs.map(({ name }: { name: string }) => name)).toEqual([
      'sync',
      'sync-2',
    ]);
  });

  test('of several files, those that cannot be read do not keep the others away', async () => {
    const good = fileWith(
      '<plist version="1.0"><dict><key>Label</key><string>org.example.sync</string><key>Program</key><string>/bin/x</string></dict></plist>',
      'good.plist',
    );
    const binary = fileWith(Buffer.from('bplist00\u00d1\u0001', 'latin1'), 'binary.plist');
    const home = newHome();
    const { exitCode, stdout, stderr } = await soloist(home, ['import', 'launchd', binary, good, '--write']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Added 1 job');
    expect(stdout).toContain(`the whole file had to be left out. ${binary} cannot be read: it is a binary`);
    const none = await soloist(home, ['import', 'launchd', binary, '/nowhere/x.plist']);
    expect(none).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(binary) });
  });

  test('a file of JavaScript is run only when that is asked for', async () => {
    const made = join(temporaryFolder(), 'made');
    const text = `require('fs').writeFileSync(${JSON.stringify(made)}, '');module.exports = { apps: [{ name: 'api', script: '/srv/api.js' }] };`;
    const file = fileWith(text, 'ecosystem.config.js');
    const refused = await soloist(newHome(), ['import', 'pm2', file]);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('--run-file') });
    expect(existsSync(made)).toBe(false);
    const { stdout } = await soloist(newHome(), ['import', 'pm2', file, '--run-file']);
    expect(stdout).toContain('  api:\n');
  });
});

describe('what cannot be read is refused in words', () => {
  test.each([
    ['no such file', () => ['crontab', '/nowhere/crontab'], 'cannot be read: there is no such file.'],
    ['a folder', () => ['crontab', temporaryFolder()], 'cannot be read: it is a folder.'],
    ['not UTF-8', () => ['crontab', fileWith(Buffer.from([0x23, 0xe4, 0x0a]))], 'it is not text in UTF-8.'],
    [
      'binary',
      () => ['launchd', fileWith(Buffer.from('bplist00\u00d1\u0001', 'latin1'), 'a.plist')],
      'plutil -convert xml1',
    ],
    ['no property list', () => ['launchd', fileWith('<plist><dict>', 'a.plist')], '<plist> is not closed'],
  ])('%s', async (_, words, expected) => {
    const { exitCode, stdout, stderr } = await soloist(newHome(), ['import', ...words()]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('no crontab, and no program of that name', async () => {
    const environment = withCrontab('echo "no crontab for ada" >&2; exit 1');
    const none = await soloist(newHome(), ['import', 'crontab'], { environment });
    expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^You have no crontab\. /) });
    const missing = await soloist(newHome(), ['import', 'crontab'], {
      environment: { PATH: temporaryFolder() },
    });
    expect(missing).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is no program "crontab"'),
    });
  });

  test('an unknown format is wrong usage', async () => {
    expect((await soloist(newHome(), ['import', 'systemd', 'x'])).exitCode).toBe(2);
  });

  test('an empty crontab has no jobs, which is no failure', async () => {
    const home = newHome();
    const { exitCode, stdout } = await soloist(home, ['import', 'crontab', fileWith('# nothing\n')]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '# There are no jobs in it.\n' });
    const written = await soloist(home, ['import', 'crontab', fileWith(''), '--write']);
    expect(written).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing was added') });
    expect(existsSync(join(home, 'soloist.yaml'))).toBe(false);
  });
});

describe('--write', () => {
  test('writes a first configuration; the second time there is nothing to add', async () => {
    const home = newHome();
    const file = join(home, 'soloist.yaml');
    const words = ['import', 'crontab', fileWith(CRONTAB), '--write'];
    const first = await soloist(home, words);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain(`Added 2 jobs to ${file}: nightly-backup, poll.`);
    expect(first.stdout).toContain('To switch the old one off:');
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=file:/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await soloist(home, ['config', 'check'])).stdout).toContain('2 jobs');

    const second = await soloist(home, words);
    expect(second.stdout).toContain('There already, just the same: nightly-backup, poll.');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(home).sort()).toEqual(['soloist.schema.json', 'soloist.yaml']);
  });

  test.each([
    [
      'with comments',
      '# mine\njobs:\n    hello:   # odd spaces\n        run: "echo hello"\n        # schedule: "@daily"\n    # off:\n    #   run: x\n\n# The log.\nlog: { level: debug }\n',
    ],
    [
      'without a last line break',
      'defaults:\n  timeout: 1h\njobs:\n  hello:\n    run: |\n      echo hello\n      echo more',
    ],
    ['in braces', 'jobs: { hello: { run: echo } } # all\nmax_concurrent: 3\n'],
    ['without jobs', 'max_concurrent: 3 # few\n'],
    ['with all jobs as comments', 'jobs:\n  # hello:\n  #   run: echo\nmax_concurrent: 3\n'],
    ['with no jobs in braces', 'jobs: {} # none yet\nmax_concurrent: 3\n'],
    ['with lines of Windows', '# mine\r\njobs:\r\n  hello:\r\n    run: echo\r\n'],
    ['with comments only', '# mine\n'],
    ['that is empty', ''],
  ])('into a file %s, whose lines stay', async (_, before) => {
    const { home, file } = homeWith(before);
    chmodSync(file, 0o640);
    const old = JSON.parse((await soloist(home, ['config', 'show', '--json'])).stdout).data;
    const { exitCode, stdout, stderr } = await soloist(home, [
      'import',
      'crontab',
      fileWith(CRONTAB),
      '--write',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`The file as it was is ${file}.before-import.`);
    expect(readFileSync(`${file}.before-import`, 'utf8')).toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const after = readFileSync(file, 'utf8');
    if (!before.includes('jobs: {'))
      for (const line of before.split('\n')) expect(after.split('\n')).toContain(line);
    if (before.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    const now = JSON.parse((await soloist(home, ['config', 'show', '--json'])).stdout).data;
    expect(now).toMatchObject(old);
    expect(Object.keys(now.jobs)).toEqual([...Object.keys(old.jobs), 'nightly-backup', 'poll']);
    expect(now.jobs.poll).toMatchObject({ run: '/home/ada/bin/poll', schedule: ['*/5 * * * *'] });
  });

  test('says which defaults hold for the new jobs too', async () => {
    const { home } = homeWith('defaults: { timeout: 1h }\njobs:\n  hello:\n    run: echo\n');
    const { stdout } = await soloist(home, ['import', 'crontab', fileWith(CRONTAB), '--write']);
    expect(stdout).toContain('The defaults of the file hold for these jobs too:\n  timeout: 1h\n');
  });

  test('another job of the same name is refused, and both are kept with --rename', async () => {
    const before = 'jobs:\n  # by hand\n  Poll:\n    run: other\n';
    const { home, file } = homeWith(before);
    const words = ['import', 'crontab', fileWith(CRONTAB), '--write'];
    const refused = await soloist(home, words);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain(
      '"Poll" (line 3), where the new one could be "poll-2". Nothing was written.',
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(home)).toEqual(['soloist.yaml']);
    const { stdout } = await soloist(home, [...words, '--rename']);
    expect(stdout).toContain('Added 2 jobs');
    expect((await soloist(home, ['config', 'show'])).stdout).toMatch(/Poll:[\s\S]*poll-2:/);
    expect((await soloist(home, [...words, '--rename'])).stdout).toContain('Nothing was added');
  });

  test('what is told of a job that got another name is told of that name', async () => {
    const { home } = homeWith('jobs:\n  poll:\n    run: other\n');
    const crontab = fileWith('0 5 * * * /home/ada/bin/poll > /dev/null\n');
    const words = ['import', 'crontab', crontab, '--write', '--rename'];
    const told = /line 1, poll-2: \/dev\/null .*'soloist logs poll-2'/;
    expect((await soloist(home, words)).stdout).toMatch(told);
    expect((await soloist(home, words)).stdout).toMatch(told);
  });

  test('a broken file stays as it is', async () => {
    const { home, file } = homeWith('jobs:\n  backup:\n    rum: restic\n');
    const { exitCode, stderr } = await soloist(home, ['import', 'crontab', fileWith(CRONTAB), '--write']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/"run" is missing.*Nothing was written\..*config check/);
    expect(readFileSync(file, 'utf8')).toBe('jobs:\n  backup:\n    rum: restic\n');
    expect(readdirSync(home)).toEqual(['soloist.yaml']);
  });

  test('a file in which no place can be told is refused', async () => {
    const { home, file } = homeWith('{ jobs: { hello: { run: echo } } }\n');
    const { exitCode, stderr } = await soloist(home, ['import', 'crontab', fileWith(CRONTAB), '--write']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('without --write') });
    expect(readFileSync(file, 'utf8')).toBe('{ jobs: { hello: { run: echo } } }\n');
  });

  test('a link stays one, and an older copy is kept', async () => {
    const real = fileWith('jobs:\n  hello:\n    run: echo\n', 'jobs.yaml');
    writeFileSync(`${real}.before-import`, 'older');
    const link = join(temporaryFolder(), 'soloist.yaml');
    symlinkSync(real, link);
    const words = ['import', 'crontab', fileWith(CRONTAB), '--write', '--config', link];
    expect((await soloist(newHome(), words)).stdout).toContain(`${real}.before-import-2.`);
    expect(readFileSync(real, 'utf8')).toContain('  poll:\n');
    expect(readFileSync(`${real}.before-import`, 'utf8')).toBe('older');
  });

  test('where it cannot be written, the reason is said', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const below = join(folder, 'file', 'soloist.yaml');
    const words = ['import', 'crontab', fileWith(CRONTAB), '--write', '--config', below];
    const { exitCode, stderr } = await soloist(newHome(), words);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('cannot be written: '),
    });
  });

  test('a folder that cannot be written to', async () => {
    const { home, file } = homeWith('jobs:\n  hello:\n    run: echo\n');
    chmodSync(home, 0o500);
    const words = ['import', 'crontab', fileWith(CRONTAB), '--write'];
    const { exitCode, stderr } = await soloistWithoutPrivilege(home, words);
    chmodSync(home, 0o700);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('cannot be written'),
    });
    expect(readFileSync(file, 'utf8')).not.toContain('poll');
  });
});
