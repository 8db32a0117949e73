import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readEnvFile } from '../../../main/daemon/config/env-file.ts';
import {
  type LoginEnvironmentOptions,
  readLoginEnvironment,
} from '../../../main/daemon/config/login-environment.ts';
import { SoloistError } from '../../../main/daemon/errors.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'soloist-login-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program in the place of a shell. */
function fakeShell(script: string): string {
  const path = join(folder, 'shell');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const read = (shell: string | undefined, more: Partial<LoginEnvironmentOptions> = {}) =>
  readLoginEnvironment({
    environment: {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      OWN: 'own',
      ...(shell === undefined ? {} : { SHELL: shell }),
    },
    platform: process.platform,
    shell: undefined,
    ...more,
  });

async function isGone(pid: number): Promise<boolean> {
  for (let round = 0; round < 400; round += 1) {
    try {
      process.kill(pid, 0);
      // A zombie that nobody has waited for yet is gone as well.
      if (existsSync('/proc') && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '')))
        return true;
    } catch {
      return true;
    }
    await sleep(25);
  }
  return false;
}

describe.skipIf(process.platform === 'win32')('the login environment', () => {
  const shells = ['/bin/bash', '/bin/zsh', '/bin/dash', '/usr/bin/fish', '/bin/tcsh', '/bin/ksh'].filter(
    (shell) => existsSync(shell),
  );

  test.each(shells)('of a real %s', async (shell) => {
    const environment = {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      SHELL: shell,
      MULTI: 'one\nTWO=two',
      EMPTY: '',
    };
    const result = await read(shell, { environment });
    expect(result).toMatchObject({
      kind: 'login',
      shell,
      variables: { MULTI: 'one\nTWO=two', EMPTY: '', HOME: folder },
    });
    for (const name of ['_', 'PWD', 'OLDPWD', 'SHLVL', 'SOLOIST_READING_ENVIRONMENT']) {
      expect(result.variables).not.toHaveProperty(name);
    }
  });

  test.skipIf(!existsSync('/bin/bash'))('start-up files are read, whatever they print', async () => {
    writeFileSync(
      join(folder, '.bash_profile'),
      'echo Welcome; printf "A=noise\\0"; echo oops >&2\nexport PATH="$HOME/bin:$PATH" GREETING="a b" GUARD="$SOLOIST_READING_ENVIRONMENT"\n. "$HOME/.bashrc"',
    );
    writeFileSync(
      join(folder, '.bashrc'),
      'case $- in *i*) export INTERACTIVE=yes;; esac\nread -p "Name? " name\n',
    );
    writeFileSync(join(folder, '.bash_logout'), 'echo Bye');
    const { kind, variables } = await read('/bin/bash');
    expect(kind).toBe('login');
    expect(variables).toMatchObject({ GREETING: 'a b', INTERACTIVE: 'yes', GUARD: '1' });
    expect(variables.PATH?.startsWith(`${folder}/bin:`)).toBe(true);
    expect(variables).not.toHaveProperty('A');
  });

  test('a shell that hangs is ended with all it started, after its limit', async () => {
    const shell = fakeShell(
      `trap '' TERM HUP INT; sleep 1000 & echo $! > ${folder}/child; echo $$ > ${folder}/own; wait; sleep 1000`,
    );
    const result = await read(shell, { limit: 700 });
    expect(result).toMatchObject({
      kind: 'own',
      reason: `Your shell ${shell} did not answer within 700 milliseconds.`,
      variables: { OWN: 'own' },
    });
    for (const name of ['child', 'own']) {
      expect(await isGone(Number(readFileSync(join(folder, name), 'utf8')))).toBe(true);
    }
  });

  test('what a start-up file leaves running is ended, and does not hold up the answer', async () => {
    const shell = fakeShell(`sleep 1000 & echo $! > ${folder}/child; eval "$2"`);
    const started = performance.now();
    expect((await read(shell)).kind).toBe('login');
    console.log(`answered after ${Math.round(performance.now() - started)} ms`);
    expect(await isGone(Number(readFileSync(join(folder, 'child'), 'utf8')))).toBe(true);
  });

  test.each([
    ['exit 3', 'ended with exit code 3 and did not tell its environment.'],
    ['echo "This account is not available" >&2; exit 1', 'It said: This account is not available'],
    ['kill -9 $$', 'ended by signal SIGKILL'],
    ['echo hello', 'ended with exit code 0'],
    ['exec cat /dev/zero', 'printed too much'],
  ])('%s', async (script, reason) => {
    const result = await read(fakeShell(script));
    expect(result).toMatchObject({
      kind: 'own',
      reason: expect.stringContaining(reason),
      variables: { OWN: 'own' },
    });
  });

  test('a shell that is not there, is no program, or is not known', async () => {
    expect(await read('/nowhere/zsh')).toMatchObject({
      kind: 'own',
      reason: expect.stringContaining('there is no such program'),
    });
    expect(await read(folder)).toMatchObject({
      kind: 'own',
      reason: expect.stringContaining('permission denied'),
    });
    expect(await read(undefined)).toMatchObject({
      kind: 'own',
      reason: expect.stringContaining('SHELL is not set'),
    });
    expect(await read(undefined, { shell: fakeShell('eval "$2"') })).toMatchObject({ kind: 'login' });
  });

  test('twenty answers at once are each complete', async () => {
    const shell = fakeShell('eval "$2"');
    const big = 'x'.repeat(100_000);
    const environment = { PATH: '/usr/bin:/bin', SHELL: shell, BIG: big, LAST: 'z' };
    const results = await Promise.all(
      Array.from({ length: 20 }, () => read(shell, { environment, limit: 30_000 })),
    );
    for (const { kind, variables } of results) {
      expect([kind, variables.BIG?.length, variables.LAST]).toEqual(['login', 100_000, 'z']);
    }
  });
});

test('on Windows it is the environment of the process', async () => {
  expect(await read('/bin/sh', { platform: 'win32' })).toMatchObject({
    kind: 'system',
    variables: { OWN: 'own' },
  });
});

describe('reading a file of variables', () => {
  const failure = (path: string): unknown => {
    try {
      return readEnvFile(path);
    } catch (error) {
      return error instanceof SoloistError ? error.toJSON() : error;
    }
  };

  test('its variables, or the file, line and reason', () => {
    const path = join(folder, '.env');
    writeFileSync(path, 'A=1\n');
    expect({ ...readEnvFile(path) }).toEqual({ A: '1' });
    writeFileSync(path, 'A=1\noops\n');
    expect(failure(path)).toMatchObject({
      code: 'env-file-unusable',
      message: `The env_file ${path}:2 cannot be used: expected NAME=value.`,
    });
    writeFileSync(path, Buffer.from([0x41, 0x3d, 0xff]));
    expect(failure(path)).toMatchObject({ message: expect.stringContaining('not text in UTF-8') });
    expect(failure(join(folder, 'missing'))).toMatchObject({ code: 'env-file-unusable' });
    expect(failure(folder)).toMatchObject({ message: expect.stringContaining('it is a folder') });
  });
});
