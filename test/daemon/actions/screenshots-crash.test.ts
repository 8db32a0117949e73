import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { editNote } from '../../../main/daemon/actions/notes/edit-note.ts';
import { tinyPicture } from '../../support/pictures.ts';
import { type TestVault, testVault } from '../../support/vaults.ts';

const program = resolve(import.meta.dirname, '../../fixtures/screenshots-run.ts');

/** More of them with SOLOIST_CRASHES=200. */
const CRASHES = Number(process.env.SOLOIST_CRASHES ?? 60);
const WRITTEN = '---\r\nmood: good\r\n---\r\n# Written by a person\r\n\r\n- [ ] milk';

const dieAtStep = resolve(import.meta.dirname, '../../fixtures/die-at-step.ts');

/** `step`: it kills itself before so many steps on the file system. */
async function importer(vault: TestVault, step?: number): Promise<ChildProcess> {
  const { settings, arrivals, state } = vault;
  const child = fork(program, [JSON.stringify({ settings, paths: [arrivals], state, patience: 0 })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(step === undefined
      ? {}
      : { execArgv: ['--import', dieAtStep], env: { ...process.env, SOLOIST_DIE_AT: String(step) } }),
  });
  await once(child, 'message');
  return child;
}

const pictures = Array.from({ length: 8 }, (_, number) => tinyPicture(1_000 + number));
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function vaultOfTwoDays(afterwards: 'copy' | 'move', count = pictures.length): TestVault {
  const vault = testVault({ afterwards });
  mkdirSync(vault.path('Daily'));
  writeFileSync(vault.path('Daily/2026-11-29.md'), WRITTEN);
  for (const [number, picture] of pictures.slice(0, count).entries()) {
    // The first day has a note already, the second has none; one picture is there under two names.
    const day = number % 2 === 0 ? '20261129' : '20261130';
    writeFileSync(join(vault.arrivals, `Screenshot_${day}_09${10 + number}00_App.png`), picture);
  }
  writeFileSync(join(vault.arrivals, 'Screenshot_20261129_235900_App.png'), pictures[0] ?? '');
  return vault;
}

const filesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
const isTemporary = (file: string): boolean => file.endsWith('.soloist-tmp');

/** What is wrong with a vault; `isDone`: after a run that came to its end. */
function wrongs(vault: TestVault, isDone: boolean, count = pictures.length): string[] {
  const expected = pictures.slice(0, count).map(sha);
  const wrong: string[] = [];
  const stored = filesIn(vault.path('Media/Screenshots')).filter((file) => !isTemporary(file));
  const there = stored.map((file) => sha(readFileSync(file))).sort();
  if (new Set(there).size !== there.length) wrong.push('a picture is there twice');
  if (there.some((hash) => !expected.includes(hash))) wrong.push('a picture is cut');
  const left = filesIn(vault.arrivals).map((file) => sha(readFileSync(file)));
  if (expected.some((hash) => !there.includes(hash) && !left.includes(hash))) wrong.push('a picture is lost');

  const notes = filesIn(vault.path('Daily')).filter((file) => !isTemporary(file));
  const texts = notes.map((file) => readFileSync(file, 'utf8'));
  const entry = /\d\d:\d\d · App\r?\n!\[\[Media\/Screenshots\/([^\]]+)\]\]\r?\n/g;
  const entries = texts.flatMap((text) => [...text.matchAll(entry)].map(([, name = '']) => name));
  if (entries.length !== new Set(entries).size) wrong.push('an entry is there twice');
  for (const name of entries)
    if (!existsSync(vault.path(`Media/Screenshots/${name}`))) wrong.push('an entry is without its picture');
  for (const [index, text] of texts.entries()) {
    const start = notes[index]?.endsWith('2026-11-29.md') ? WRITTEN : '# 2026-11-30\n';
    if (!text.startsWith(start)) wrong.push('a note is lost or cut');
    const rest = text.slice(start.length).replaceAll(entry, '').trim();
    if (rest !== '') wrong.push(`an entry is cut: ${JSON.stringify(rest)}`);
  }
  if (!isDone) return wrong;
  if (there.length !== expected.length) wrong.push(`${there.length} pictures`);
  if (entries.length !== expected.length) wrong.push(`${entries.length} entries`);
  const all = [...filesIn(vault.path('Media/Screenshots')), ...filesIn(vault.path('Daily'))];
  if (all.some(isTemporary)) wrong.push('a temporary file is left');
  if (vault.settings.afterwards === 'move' && left.length > 0)
    wrong.push(`${left.length} files were not moved`);
  return wrong;
}

/** A crash may leave a temporary file in a folder in which nothing was left to do: it is gone with the next edit. */
async function tidy(vault: TestVault): Promise<void> {
  await editNote(vault.path('Daily/2026-11-29.md'), () => undefined);
  mkdirSync(vault.path('Media/Screenshots'), { recursive: true });
  await editNote(vault.path('Media/Screenshots/none.md'), () => undefined);
}

test('killed before each single step on the file system, and run again: the same holds', async () => {
  const failures: string[] = [];
  let step = 1;
  for (let isOver = false; !isOver; step++) {
    const vault = vaultOfTwoDays(step % 2 === 0 ? 'copy' : 'move', 2);
    const child = await importer(vault, step);
    const exit = once(child, 'exit');
    child.send('go');
    const [exitCode, signal] = await exit;
    if (signal === null) expect(exitCode).toBe(0);
    isOver = signal === null;
    const say = (when: string, wrong: string): void => void failures.push(`step ${step}, ${when}: ${wrong}`);
    for (const wrong of wrongs(vault, isOver, 2)) say('after the crash', wrong);
    await vault.run();
    await tidy(vault);
    for (const wrong of wrongs(vault, true, 2)) say('after the next run', wrong);
  }
  console.log(`  ${step - 1} steps, ${failures.length} failures`);
  expect(failures).toEqual([]);
  expect(step).toBeGreaterThan(20);
}, 1_200_000);

test(`killed at ${CRASHES} random instants of an import, and run again: no note lost, doubled or cut; no picture twice`, async () => {
  // How long one takes, so that the instants spread over all of it.
  const whole = vaultOfTwoDays('copy');
  const first = await importer(whole);
  const begin = performance.now();
  first.send('go');
  await once(first, 'exit');
  const duration = performance.now() - begin;
  expect(wrongs(whole, true)).toEqual([]);

  const failures: string[] = [];
  let inTime = 0;
  for (let round = 0; round < CRASHES; round++) {
    const vault = vaultOfTwoDays(round % 2 === 0 ? 'copy' : 'move');
    const child = await importer(vault);
    const exit = once(child, 'exit');
    child.send('go');
    await sleep(Math.random() * duration);
    child.kill('SIGKILL');
    const [, signal] = await exit;
    if (signal === 'SIGKILL') inTime++;
    const say = (when: string, wrong: string): void =>
      void failures.push(`round ${round}, ${when}: ${wrong}`);
    for (const wrong of wrongs(vault, false)) say('after the crash', wrong);
    await vault.run();
    await tidy(vault);
    for (const wrong of wrongs(vault, true)) say('after the next run', wrong);
  }
  console.log(
    `  ${CRASHES} rounds, ${inTime} of them killed before their end (${Math.round(duration)} ms), ${failures.length} failures`,
  );
  expect(failures).toEqual([]);
  // Else the test shows nothing.
  expect(inTime).toBeGreaterThan(CRASHES / 2);
}, 1_200_000);

test('two processes bring in the same pictures at the same time, and a third writes to the note: nothing twice, nothing lost', async () => {
  const failures: string[] = [];
  for (let round = 0; round < 5; round++) {
    const vault = vaultOfTwoDays('copy');
    // One of another job, which knows of nothing that the other does.
    const other: TestVault = { ...vault, state: join(vault.state, 'other') };
    mkdirSync(other.state);
    const children = await Promise.all([importer(vault), importer(vault), importer(other)]);
    const exits = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('go');
    let lines = 0;
    const end = Promise.all(exits);
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await editNote(vault.path('Daily/2026-11-30.md'), (bytes) =>
        bytes === undefined ? undefined : Buffer.concat([bytes, Buffer.from(`\nmine ${lines}\n`)]),
      );
      lines++;
    }
    expect(await end).toEqual(children.map(() => [0, null]));
    const note = vault.read('Daily/2026-11-30.md');
    const mine = [...note.matchAll(/^mine (\d+)$/gm)].map(([, number]) => Number(number));
    if (new Set(mine).size !== mine.length) failures.push(`round ${round}: a line twice`);
    const since = Array.from({ length: lines }, (_, number) => number).filter(
      (number) => number >= (mine[0] ?? 0),
    );
    if (mine.join() !== since.join()) failures.push(`round ${round}: a line lost`);
    writeFileSync(vault.path('Daily/2026-11-30.md'), note.replace(/\nmine \d+\n/g, ''));
    for (const wrong of wrongs(vault, true)) failures.push(`round ${round}: ${wrong}`);
  }
  expect(failures).toEqual([]);
}, 600_000);
