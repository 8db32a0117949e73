import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually, soloist } from '../../support/command-line.ts';
import { newHome } from '../../support/homes.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../fixtures/vault');

let home = '';
let vault = '';
const command = (...words: string[]) => soloist(home, ['--config', join(vault, 'soloist.yaml'), ...words]);
const note = (day: string): string => readFileSync(join(vault, 'Daily', `${day}.md`), 'utf8');

beforeEach(() => {
  home = newHome();
  vault = join(temporaryFolder(), 'vault');
  cpSync(EXAMPLE, vault, { recursive: true });
  mkdirSync(join(vault, 'inbox'));
});
afterEach(() => command('down'));

test('a notes vault with screenshots arriving, by the real daemon', async () => {
  expect(await command('config', 'check')).toMatchObject({ exitCode: 0 });
  expect(await command('up')).toMatchObject({ exitCode: 0, stderr: '' });
  const jobs = await command('jobs');
  expect(jobs.stdout).toMatch(/backup .*every day at 03:00/);

  // Two arrive at once, one of them slowly, and one that is no screenshot.
  const inbox = (name: string): string => join(vault, 'inbox', name);
  const names = ['Screenshot_20261122-101500.png', 'Screenshot_20261123-093000_Maps.png'];
  for (const name of names) writeFileSync(inbox(name), `the picture ${name}, half`);
  writeFileSync(inbox('IMG_0001.png'), 'a photo');
  for (const name of names) writeFileSync(inbox(name), `the picture ${name}, whole`);

  const index = join(vault, 'Index.md');
  await eventually(
    'the index names both days',
    () => existsSync(index) && readFileSync(index, 'utf8').includes('[[2026-11-23]]'),
  );
  expect(note('2026-11-22')).toBe('# 2026-11-22\n\nA quiet day.\n- ![[Screenshot_20261122-101500.png]]\n');
  expect(note('2026-11-23')).toBe('# 2026-11-23\n\n- ![[Screenshot_20261123-093000_Maps.png]]\n');
  for (const name of names)
    expect(readFileSync(join(vault, 'Media', name), 'utf8')).toBe(`the picture ${name}, whole`);
  expect(existsSync(join(vault, 'Media', 'IMG_0001.png'))).toBe(false);

  const runs = JSON.parse((await command('runs', 'import-screenshots', '--json')).stdout).data.runs;
  expect(runs).toMatchObject([{ trigger: 'watch', outcome: { kind: 'succeeded', exitCode: 0 } }]);
  expect((await command('logs', 'import-screenshots')).stdout).toContain(
    `imported ${names[1]} into Daily/2026-11-23.md`,
  );
  expect(await command('run', 'backup', '--wait')).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(vault, 'backup.tar'))).toBe(true);
});
