import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { ScreenshotsSettings } from '../../../main/daemon/actions/action.ts';
import { type CommandOutput, run, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { tinyPicture } from '../../support/pictures.ts';
import { type TestVault, testVault } from '../../support/vaults.ts';

const program = resolve(import.meta.dirname, '../../fixtures/screenshots-import.ts');

type Jobs = readonly { readonly name: string; readonly settings: ScreenshotsSettings }[];
const jobsOf = ({ settings }: TestVault): Jobs => [{ name: 'phone', settings }];

const words = (home: string, folder: string, jobs: Jobs, wish: object, ...more: string[]): string[] => [
  program,
  home,
  folder,
  JSON.stringify(jobs),
  JSON.stringify(wish),
  ...more,
];

const imported = (
  home: string,
  folder: string,
  jobs: Jobs,
  wish: object = {},
  ...more: string[]
): Promise<CommandOutput> => run(process.execPath, words(home, folder, jobs, wish, ...more));

function backlog(vault: TestVault, count: number): void {
  for (let number = 0; number < count; number++) {
    const folder = join(vault.arrivals, number % 3 === 0 ? 'older' : '.');
    mkdirSync(folder, { recursive: true });
    const time = new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10).replaceAll('-', '');
    writeFileSync(join(folder, `Screenshot_${time}_120000_App.png`), tinyPicture(5_000 + number));
  }
}

test('a backlog is brought in, with a line for each and a sum; interrupted, it goes on where it was', async () => {
  const vault = testVault();
  backlog(vault, 40);
  const home = newHome();
  const dry = await imported(home, vault.arrivals, jobsOf(vault), { dryRun: true });
  expect(dry).toMatchObject({ exitCode: 0, stderr: '' });
  expect(dry.stdout).toMatch(
    /^\[1\/40\] Screenshot_20260101_120000_App\.png: would go into Daily\/2026-01-01\.md as /,
  );
  expect(dry.stdout.trimEnd().split('\n').at(-1)).toBe('40 would be brought in.');
  expect(readdirSync(vault.settings.vault)).toEqual([]);
  expect(existsSync(home)).toBe(false);

  const child = spawn(process.execPath, words(home, vault.arrivals, jobsOf(vault), {}), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let isAsked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (!isAsked && said.includes('[3/40]')) isAsked = child.kill('SIGINT');
  });
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(130);
  expect(said).toMatch(/Interrupted after \d+ of 40\. The same command goes on from there\.\n$/);
  const before = vault.pictures().length;
  expect(before).toBeGreaterThanOrEqual(3);
  expect(before).toBeLessThan(40);

  const { stdout, exitCode: second } = await imported(home, vault.arrivals, jobsOf(vault));
  expect(second).toBe(0);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    `${40 - before} brought in, ${before} in the vault already.`,
  );
  expect(vault.pictures()).toHaveLength(40);
  expect(readdirSync(vault.path('Daily'))).toHaveLength(40);
}, 120_000);

test('as JSON it says what became of each file; what is left is exit code 1', async () => {
  const vault = testVault();
  backlog(vault, 1);
  const { stdout, exitCode } = await imported(newHome(), vault.arrivals, jobsOf(vault), {}, 'json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    command: 'screenshots import',
    data: {
      job: 'phone',
      counts: { imported: 1 },
      files: [{ outcome: { kind: 'imported', note: 'Daily/2026-01-01.md', text: { kind: 'none' } } }],
    },
  });
});

test('the job is the only one with use: screenshots, or the one named; anything else is wrong usage', async () => {
  const [one, two] = [testVault(), testVault()];
  backlog(one, 1);
  const jobs = [
    { name: 'one', settings: one.settings },
    { name: 'two', settings: two.settings },
  ];
  const home = newHome();
  const unclear = await imported(home, one.arrivals, jobs);
  expect(unclear).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unclear.stderr).toBe('Several jobs say "use: screenshots". Name one with --job: one, two.\n');
  expect((await imported(home, one.arrivals, jobs, { job: 'three' })).exitCode).toBe(2);
  expect((await imported(home, one.arrivals, jobs, { job: 'two' })).exitCode).toBe(0);
  expect(two.pictures()).toHaveLength(1);
  expect(await imported(home, one.arrivals, [])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('No job of the configuration says "use: screenshots".'),
  });
  expect(await imported(home, join(one.arrivals, 'missing'), jobsOf(one))).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('is not a folder.'),
  });
});

test('the built program has the command', async () => {
  const home = newHome();
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'soloist.yaml'), 'jobs: {}\n');
  const { exitCode, stderr } = await soloist(home, ['screenshots', 'import', home]);
  expect(stderr).toContain('No job of the configuration says "use: screenshots".');
  expect(exitCode).toBe(1);
});
