import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { topic } from '../../../main/cli/help/topics.ts';
import { codeBlocks, pages } from './pages.ts';
import { type Scene, scene } from './scene.ts';
import { helpOf, leaves, root } from './synopsis.ts';

const page = topic('exit-codes')?.markdown ?? '';

const JOBS = `
jobs:
  good: { run: "true" }
  fails: { run: "exit 3" }
  killed: { run: "kill -KILL $$" }
  slow: { run: [sleep, "1000"], timeout: 100ms }
  long: { run: [sleep, "1000"] }
  broken: { run: "true", env_file: not-there.env }
`;

const one: Scene = scene('none');
afterAll(() => one.end());
const pid = (): number => Number(readFileSync(join(one.home, 'daemon.pid'), 'utf8'));

/** What the page claims, in its words, and the commands that have to end so, in this order. */
const claims: readonly {
  readonly claim: string;
  readonly before?: () => unknown;
  readonly words: readonly string[];
  readonly code: number;
}[] = [
  { claim: '3 if it does not run', words: ['status'], code: 3 },
  { claim: '3 if no daemon answers', words: ['health'], code: 3 },
  { claim: '1 for a failure that it explains', words: ['jobs'], code: 1 },
  { claim: '2 for wrong usage', words: ['status', '--nonsense'], code: 2 },
  { claim: '2 for wrong usage', words: ['help', 'nonsense'], code: 2 },
  { claim: '0 for success', before: () => write(JOBS), words: ['config', 'check'], code: 0 },
  { claim: '0 for success', words: ['up'], code: 0 },
  { claim: '1 if a daemon runs already', words: ['up'], code: 1 },
  { claim: '0 with `--ensure`', words: ['up', '--ensure'], code: 0 },
  { claim: '0 if the daemon runs', words: ['status'], code: 0 },
  { claim: 'that of the job', words: ['run', 'good', '--wait'], code: 0 },
  { claim: 'that of the job', words: ['run', 'fails', '--wait'], code: 3 },
  { claim: '128 and the number of the signal', words: ['run', 'killed', '--wait'], code: 137 },
  { claim: '124 if it timed out', words: ['run', 'slow', '--wait'], code: 124 },
  { claim: '0 if it was started or waits', words: ['run', 'long'], code: 0 },
  { claim: '1 if it was skipped', words: ['run', 'long'], code: 1 },
  { claim: '125 if it was cancelled, skipped or lost', words: ['run', 'long', '--wait'], code: 125 },
  { claim: '126 if it could not be started', words: ['run', 'broken', '--wait'], code: 126 },
  { claim: '1 if the daemon did not let it run', words: ['run', 'unknown', '--wait'], code: 1 },
  { claim: '1 for a warning', words: ['health'], code: 1 },
  { claim: '1 if it is not', words: ['tool', 'status'], code: 1 },
  {
    claim: '4 if it runs but does not answer within 2 s',
    before: () => process.kill(pid(), 'SIGSTOP'),
    words: ['status'],
    code: 4,
  },
  { claim: '1 if it crashed', before: () => process.kill(pid(), 'SIGKILL'), words: ['status'], code: 1 },
  { claim: '1 if it is broken', before: () => write('jobs: {x'), words: ['config', 'check'], code: 1 },
];

function write(text: string): void {
  writeFileSync(join(one.home, 'soloist.yaml'), text);
}

test('commands end with the exit codes that the page tells', { timeout: 120_000 }, async () => {
  for (const { claim, before, words, code } of claims) {
    expect(page).toContain(claim);
    before?.();
    const { exitCode, stdout, stderr } = await one.run(words);
    expect(exitCode, `${words.join(' ')}: ${claim}\n${stdout}${stderr}`).toBe(code);
  }
});

test('each command tells its exit codes at the end of its help, as the page says', () => {
  const silent = leaves().filter(({ command }) => !/Exit codes/.test(helpOf(command)));
  expect(silent.map(({ name }) => name)).toEqual([]);
  // What the page says of `soloist status` is all of it.
  const status = leaves().find(({ name }) => name === 'status');
  expect(page).toContain('or runs on another computer');
  expect(status && helpOf(status.command)).toContain('running on another computer');
});

test('the README and the first help name what has exit codes of its own', () => {
  const readme = pages.find(({ path }) => path === 'README.md')?.markdown ?? '';
  const [told = ''] = /^`soloist status` exits with 0(?:.+\n)+/m.exec(readme) ?? [];
  for (const text of [helpOf(root), told])
    for (const words of [/run (?:JOB )?--wait/, /health[`']/, /soloist help exit-codes/])
      expect(text).toMatch(words);
});

test('the page with the calls over HTTP has the address of the usual home', () => {
  const programs = pages.find(({ path }) => path.endsWith('programs.md'));
  const others = programs === undefined ? [] : codeBlocks(programs).filter(({ kind }) => kind === 'other');
  expect(others).toEqual([
    {
      kind: 'other',
      text: 'curl --unix-socket ~/.local/state/soloist/daemon.sock http://localhost/v1/status',
    },
  ]);
});
