import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually, ownerOf, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';

const GOOD = 'log: { level: debug }\n';
const BROKEN = 'log:\n  levle: debug\n';

let home = '';
let file = '';
beforeEach(() => {
  home = newHome();
  mkdirSync(home, { mode: 0o700 });
  file = join(home, 'soloist.yaml');
});
afterEach(() => soloist(home, ['down']));

async function problem(): Promise<{ message: string } | null> {
  const { stdout } = await soloist(home, ['status', '--json']);
  return JSON.parse(stdout).data.configuration.problem;
}

test('a broken configuration at the start: up says the file, the line and the likely word', async () => {
  writeFileSync(file, BROKEN);
  const { exitCode, stderr } = await soloist(home, ['up']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${file}:2:3`);
  expect(stderr).toContain('level');
  expect(existsSync(join(home, 'daemon.pid'))).toBe(false);
});

test('a file that appears, is broken, is mended and is deleted while the daemon runs', async () => {
  expect((await soloist(home, ['up'])).exitCode).toBe(0);
  const { pid } = ownerOf(home) ?? {};
  writeFileSync(file, BROKEN);
  await eventually(
    'the problem is shown',
    async () => (await problem())?.message.includes(`${file}:2:3`) ?? false,
  );
  expect((await soloist(home, ['status'])).stdout).toContain(
    'The configuration is broken, the former one stays in force',
  );

  // As most editors save.
  writeFileSync(`${file}~`, GOOD);
  renameSync(`${file}~`, file);
  await eventually('the problem is gone', async () => (await problem()) === null);

  rmSync(file);
  await eventually(
    'the absence is shown',
    async () => (await problem())?.message.includes('no file') ?? false,
  );
  writeFileSync(file, GOOD);
  await eventually('the problem is gone again', async () => (await problem()) === null);
  expect(ownerOf(home)?.pid).toBe(pid);
});

test('restart with a broken configuration: exit 1, the reason, and the daemon runs on the former one', async () => {
  writeFileSync(file, GOOD);
  expect((await soloist(home, ['up'])).exitCode).toBe(0);
  writeFileSync(file, BROKEN);
  const { exitCode, stdout } = await soloist(home, ['restart']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^Daemon restarted with its former configuration \(PID \d+\), since the new one is broken: /,
  );
  expect(stdout).toContain(`${file}:2:3`);
  expect((await soloist(home, ['status'])).exitCode).toBe(0);
  writeFileSync(file, GOOD);
  expect((await soloist(home, ['restart'])).exitCode).toBe(0);
});

test('an unreadable configuration is said so', async () => {
  mkdirSync(file);
  const { exitCode, stderr } = await soloist(home, ['up']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${file} is not a file`);
});
