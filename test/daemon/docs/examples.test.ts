import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeBlocks, mentions, type Page, pages, ROOT } from './pages.ts';
import { type Scene, scene } from './scene.ts';
import { invocations, isComplete, resolve } from './synopsis.ts';

/** What is not run, and why; each of it is run by a test that sets up what it needs. */
const NOT_RUN: readonly (readonly [beginning: string, why: string])[] = [
  ['app', 'opens a window (test/e2e)'],
  ['tool install', 'writes into folders of the person (test/daemon/cli/tool.test.ts)'],
  ['tool uninstall', 'removes from folders of the person (test/daemon/cli/tool.test.ts)'],
  ['service install', 'is of systemd or launchd (test/daemon/service)'],
  ['service uninstall', 'is of systemd or launchd (test/daemon/service)'],
  ['import', 'reads files of other programs that are not here (test/daemon/cli/import.test.ts)'],
  ['links review', 'needs a terminal (test/daemon/cli/links.test.ts)'],
  ['links accept', 'needs a suggested link (test/daemon/cli/links.test.ts)'],
  ['links dismiss', 'needs a suggested link (test/daemon/cli/links.test.ts)'],
  ['links undo', 'needs a suggested link (test/daemon/cli/links.test.ts)'],
  ['up --foreground', 'goes on until Ctrl-C (test/daemon/cli/cli.test.ts)'],
  ['status --watch', 'goes on until Ctrl-C (test/daemon/cli/cli.test.ts)'],
  ['logs daemon -f', 'goes on until Ctrl-C (test/daemon/cli/jobs.test.ts)'],
  ['doctor --fix', 'mends what it finds on the whole computer (test/daemon/health/doctor.test.ts)'],
];

/** What may end with another exit code than 0, since it tells by it how things are: what `soloist help exit-codes` says. */
const TELLING: Readonly<Record<string, readonly number[]>> = {
  health: [0, 1, 2],
  doctor: [0, 1],
  'tool status': [0, 1],
  'service status': [0, 1],
};

/** Runs a command as a page has it in this line. */
async function tryOut(page: Scene, line: string, words: readonly string[]): Promise<void> {
  // The first configuration is written where there is none.
  const one = words[0] === 'init' && page.hasFile() ? scene('none') : page;
  const { exitCode, stdout, stderr } = await one.run(words);
  const { names } = resolve(words);
  const expected = TELLING[names.join(' ')] ?? [0];
  expect(expected, `${line}\n${stdout}${stderr}`).toContain(exitCode);
}

const isRun = (words: readonly string[]): boolean =>
  !NOT_RUN.some(([beginning]) => words.join(' ').startsWith(beginning)) &&
  (words[0]?.startsWith('--') === true || isComplete(resolve(words)));

/** Runs the blocks of commands of a page, each line after the one before. */
async function blocks(page: Page, shared: Scene): Promise<void> {
  for (const code of codeBlocks(page)) {
    if (code.kind !== 'commands') continue;
    const [first = ''] = code.lines;
    const isFirst = /^soloist init\b/.test(first);
    const one = isFirst ? scene('none') : shared;
    try {
      if (!isFirst) await one.have(/^soloist up\b/.test(first) ? 'stopped' : 'running');
      for (const line of code.lines) {
        for (const { needed } of invocations(line)) if (isRun(needed)) await tryOut(one, line, needed);
      }
    } finally {
      if (isFirst) await one.end();
    }
  }
}

const done = new Set<string>();

/** Runs what sentences name and was not run yet, each with a daemon that runs, or that does not where it is to be started. */
async function sentences(page: Page, shared: Scene): Promise<void> {
  for (const line of mentions(page)) {
    for (const { needed } of invocations(line)) {
      const text = needed.join(' ');
      if (done.has(text) || !isRun(needed)) continue;
      done.add(text);
      await shared.have(needed[0] === 'up' ? 'stopped' : 'running');
      await tryOut(shared, line, needed);
    }
  }
}

const shown = pages.filter(
  (page) => mentions(page).length > 0 || codeBlocks(page).some(({ kind }) => kind === 'commands'),
);

// Several at a time: each has a home of its own.
test.concurrent.for(shown)('$path: what it shows is done', { timeout: 300_000 }, async (page) => {
  const shared = scene('written');
  try {
    await shared.have('running');
    await shared.run(['run', 'hello', '--wait']);
    await blocks(page, shared);
    await sentences(page, shared);
  } finally {
    await shared.end();
  }
});

test('whatever is not run is shown somewhere', () => {
  const all = pages.flatMap((page) => [
    ...mentions(page),
    ...codeBlocks(page).flatMap((code) => (code.kind === 'commands' ? code.lines : [])),
  ]);
  const words = all.flatMap((line) => invocations(line).map((one) => one.words.join(' ')));
  const idle = NOT_RUN.filter(([beginning]) => !words.some((one) => one.startsWith(beginning)));
  expect(idle.map(([beginning]) => beginning)).toEqual([]);
  for (const [, why] of NOT_RUN) {
    const [, test = ''] = /\((test\/[^)]+)\)$/.exec(why) ?? [];
    expect(existsSync(join(ROOT, test)), why).toBe(true);
  }
});
