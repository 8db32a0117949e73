import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandOutput, killOwner, ownerOf, soloist } from '../support/command-line.ts';
import { contentOf } from '../support/former-homes.ts';
import { temporaryFolder } from '../support/temporary.ts';

/*
 * Somebody went back to an older version: what the newer one wrote is refused in words, and stays as it is.
 */

let home = '';
const path = (...below: string[]): string => join(home, ...below);
const cli = (...words: string[]): Promise<CommandOutput> => soloist(home, words);

async function must(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await cli(...words);
  if (exitCode !== 0)
    throw new Error(`soloist ${words.join(' ')} exited with ${exitCode}: ${stdout}${stderr}`);
  return stdout;
}

/** All bytes but those that each start writes: the owner's files and its log. */
const content = () =>
  Object.fromEntries(
    Object.entries(contentOf(home)).filter(
      ([name]) => !/^(daemon\.|logs\/|runs\/|history\/alive$)/.test(name),
    ),
  );

/** Has a database say that it is of another version, and do what that one might have done. */
function raise(file: string, version: number, how: 'closed' | 'in its log' = 'closed'): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
    CREATE TABLE future (what TEXT); INSERT INTO future VALUES ('something'); PRAGMA user_version = ${version}`);
  const [whole, log] = [readFileSync(file), readFileSync(`${file}-wal`)];
  database.close();
  if (how === 'closed') return;
  writeFileSync(file, whole);
  writeFileSync(`${file}-wal`, log);
}

beforeEach(() => {
  home = join(temporaryFolder(), 'home');
  mkdirSync(path('vault'), { recursive: true, mode: 0o700 });
  writeFileSync(path('vault', 'Tea.md'), 'Tea with milk and honey.\n');
  writeFileSync(path('vault', 'Honey.md'), 'Honey for tea, with milk.\n');
  writeFileSync(
    path('soloist.yaml'),
    `jobs:
  hello: { run: echo hello }
  links: { use: links, with: { vault: vault } }
  shots: { use: screenshots, watch: shots, with: { vault: vault, ocr: false } }
`,
  );
  mkdirSync(path('shots'));
});
afterEach(async () => {
  await cli('down', '--timeout', '5s');
  killOwner(home);
});

test.for(['closed', 'in its log'] as const)('a history of a newer version (%s) is refused', async (how) => {
  await must('up');
  await must('run', 'hello', '--wait');
  await must('down');
  const file = path('history', 'history.sqlite');
  raise(file, 99, how);
  const before = content();

  const { exitCode, stderr } = await cli('up');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /The history .*history\.sqlite was written by a newer Soloist \(its version is 99, this one knows up to \d+\)/,
  );
  expect(stderr).toContain('Install the newer Soloist again, or move the file elsewhere');
  // The index of a log is no content: SQLite makes it anew.
  const { 'history/history.sqlite-shm': _, ...after } = content();
  expect(after).toEqual(before);
  expect((await cli('status')).exitCode).toBe(3);
  expect((await cli('doctor')).stdout).toContain('was written by a newer Soloist');
});

test.for(['closed', 'in its log'] as const)(
  'the links and the screenshots of a newer version (%s) are refused, and the other jobs run',
  async (how) => {
    await must('up');
    await must('run', 'links', '--wait');
    await must('run', 'shots', '--wait');
    await must('down');
    const files = [path('actions', 'links', 'links.sqlite'), path('actions', 'shots', 'screenshots.db')];
    for (const file of files) {
      expect(existsSync(file), file).toBe(true);
      raise(file, 42, how);
    }
    const logs = how === 'closed' ? [] : files.map((file) => `${file}-wal`);
    const of = () => [...files, ...logs].map((file) => readFileSync(file, 'base64'));
    const before = of();

    await must('up');
    const links = await cli('run', 'links', '--wait');
    expect(links.exitCode).toBe(1);
    expect(links.stdout + links.stderr).toMatch(
      /The list of suggested links .*links\.sqlite was written by a newer Soloist \(its version is 42, this one knows up to 1\)/,
    );
    expect(links.stdout + links.stderr).toContain(
      'Install the newer Soloist again, or move the file elsewhere',
    );
    const listed = await cli('links', 'list');
    expect(listed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('its version is 42') });
    const shots = await cli('run', 'shots', '--wait');
    expect(shots.exitCode).toBe(1);
    expect(shots.stdout + shots.stderr).toMatch(
      /screenshots\.db was written by a newer Soloist \(its version is 42, this one knows up to 1\)/,
    );
    writeFileSync(path('shots', 'Screenshot_20261101_091400.png'), 'no picture');
    const dry = await cli('screenshots', 'import', '--dry-run', path('shots'));
    expect(dry).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('its version is 42') });
    expect(await must('run', 'hello', '--wait')).toBe('hello\n');
    await must('down');
    expect(of()).toEqual(before);
  },
);

test('an owner record of a newer version with fields of its own is read', async () => {
  await must('up');
  await must('down');
  const record = path('daemon.owner.json');
  const owner = JSON.parse(readFileSync(record, 'utf8'));
  writeFileSync(
    record,
    JSON.stringify({ ...owner, version: '9.9.9', generation: 41, planet: { name: 'Mars' } }),
  );
  expect((await cli('status')).exitCode).toBe(3);
  await must('up');
  expect(ownerOf(home)?.generation).toBe(42);
});

test('a key that this version does not know is named with its line, and that a newer one may know it', async () => {
  writeFileSync(path('soloist.yaml'), 'jobs:\n  hello:\n    run: echo hello\n    zodiac: virgo\n');
  const before = content();
  const { exitCode, stderr } = await cli('up');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /soloist\.yaml:4:5: "zodiac" is not a key of jobs\.hello; expected .*\. A newer Soloist may know it\./,
  );
  expect(content()).toEqual(before);
});
