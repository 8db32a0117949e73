import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { editNote, type NoteChange } from '../../../main/daemon/actions/notes/edit-note.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const writerProgram = resolve(import.meta.dirname, '../../fixtures/note-writer.ts');

const add =
  (text: string): NoteChange =>
  (bytes = Buffer.alloc(0)) =>
    Buffer.concat([bytes, Buffer.from(text)]);

function writer(note: string, label: string, count: number, how: 'ours' | 'append'): ChildProcess {
  return spawn(process.execPath, [writerProgram, note, label, String(count), how], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

test('a note is changed, keeping its mode and every other byte; nothing else is left in the folder', async () => {
  const note = join(temporaryFolder(), 'a note.md');
  const before = Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    Buffer.from('a\r\nb\r\n'),
    Buffer.from([0xff, 0]),
  ]);
  writeFileSync(note, before);
  chmodSync(note, 0o640);
  expect(await editNote(note, add('c'))).toEqual({ path: note, written: true });
  expect(readFileSync(note)).toEqual(Buffer.concat([before, Buffer.from('c')]));
  expect(statSync(note).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(note, '..'))).toEqual(['a note.md']);
});

test('a note that is to stay as it is is not touched', async () => {
  const note = join(temporaryFolder(), 'note.md');
  writeFileSync(note, 'as it is');
  const { ino, mtimeMs } = statSync(note);
  expect((await editNote(note, () => undefined)).written).toBe(false);
  expect((await editNote(note, (bytes) => bytes && Buffer.from(bytes))).written).toBe(false);
  expect(statSync(note)).toMatchObject({ ino, mtimeMs });
});

test('a note that is missing is made, and its folders; one that appears meanwhile is read, not overwritten', async () => {
  const note = join(temporaryFolder(), 'Daily/2026/note.md');
  expect((await editNote(note, add('new'))).written).toBe(true);
  expect(readFileSync(note, 'utf8')).toBe('new');

  rmSync(note);
  let asked = 0;
  await editNote(note, (bytes) => {
    if (asked++ === 0) writeFileSync(note, 'somebody else’s\n');
    return add('ours')(bytes);
  });
  expect(readFileSync(note, 'utf8')).toBe('somebody else’s\nours');
  expect(readdirSync(join(note, '..'))).toEqual(['note.md']);
});

test.for<[string, (note: string) => void]>([
  ['written', (note) => writeFileSync(note, 'other')],
  ['written with the same size', (note) => writeFileSync(note, 'after!')],
  [
    'written with the same size and time',
    (note) => {
      writeFileSync(note, 'after!');
      utimesSync(note, 1e9, 1e9);
    },
  ],
  ['added to', (note) => appendFileSync(note, ' more')],
  [
    'replaced',
    (note) => {
      writeFileSync(`${note}.new`, 'replaced');
      renameSync(`${note}.new`, note);
    },
  ],
  ['deleted', (note) => rmSync(note)],
])('a note that is %s between reading and replacing is read again', async ([, meddle]) => {
  const note = join(temporaryFolder(), 'note.md');
  writeFileSync(note, 'before');
  utimesSync(note, 1e9, 1e9);
  const seen: (string | undefined)[] = [];
  let expected = '';
  await editNote(note, (bytes) => {
    if (seen.length === 0) {
      meddle(note);
      expected = existsSync(note) ? readFileSync(note, 'utf8') : '';
    }
    seen.push(bytes?.toString());
    return add('+')(bytes);
  });
  expect(readFileSync(note, 'utf8')).toBe(`${expected}+`);
  expect(seen.at(-1) ?? '').toBe(expected);
});

test('links are kept: the note that they lead to is edited, also if it is yet to be', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/note.md'), 'a');
  symlinkSync('real/note.md', join(folder, 'link.md'));
  symlinkSync('link.md', join(folder, 'again.md'));
  symlinkSync('real/later.md', join(folder, 'dangling.md'));
  expect((await editNote(join(folder, 'again.md'), add('b'))).path).toBe(join(folder, 'real/note.md'));
  await editNote(join(folder, 'dangling.md'), add('c'));
  expect(readFileSync(join(folder, 'real/note.md'), 'utf8')).toBe('ab');
  expect(readFileSync(join(folder, 'real/later.md'), 'utf8')).toBe('c');
  for (const name of ['link.md', 'again.md', 'dangling.md'])
    expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
});

test('what cannot be a note is refused with the reason, and what `change` throws comes through', async () => {
  const folder = temporaryFolder();
  await expect(editNote(folder, add(''))).rejects.toMatchObject({
    code: 'note-unusable',
    message: `The note ${folder} cannot be used: it is a folder.`,
  });
  writeFileSync(join(folder, 'file'), '');
  await expect(editNote(join(folder, 'file/note.md'), add(''))).rejects.toMatchObject({
    code: 'note-unusable',
  });
  const failing = (): never => {
    throw new RangeError('no');
  };
  await expect(editNote(join(folder, 'note.md'), failing)).rejects.toThrow(RangeError);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a program that never stops writing is given up on, and loses nothing', async () => {
  const note = join(temporaryFolder(), 'note.md');
  writeFileSync(note, '');
  let n = 0;
  const meddling: NoteChange = (bytes) => {
    appendFileSync(note, `${n++}\n`);
    return add('ours')(bytes);
  };
  await expect(editNote(note, meddling)).rejects.toMatchObject({ code: 'note-busy' });
  expect(readFileSync(note, 'utf8')).toBe(Array.from({ length: n }, (_, i) => `${i}\n`).join(''));
});

test('two processes of ours change one note 150 times each: nothing is lost', async () => {
  const note = join(temporaryFolder(), 'note.md');
  const children = [writer(note, 'a', 150, 'ours'), writer(note, 'b', 150, 'ours')];
  const exits = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(exits).toEqual([
    [0, null],
    [0, null],
  ]);
  const lines = readFileSync(note, 'utf8').trimEnd().split('\n');
  for (const label of ['a', 'b'])
    expect(lines.filter((line) => line.startsWith(label))).toEqual(
      Array.from({ length: 150 }, (_, n) => `${label} ${n}`),
    );
  expect(lines).toHaveLength(300);
}, 300_000);

test('another program adds 300 lines to the note while we add ours: nothing is lost', async () => {
  const folder = temporaryFolder();
  const note = join(folder, 'note.md');
  writeFileSync(note, '');
  const child = writer(note, 'theirs', 300, 'append');
  const exit = once(child, 'exit');
  let rounds = 0;
  while (child.exitCode === null && child.signalCode === null) {
    await editNote(note, add(`ours ${rounds++}\n`));
    await sleep(1);
  }
  expect(await exit).toEqual([0, null]);
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'),
  );
  for (let n = 0; n < 300; n++) expect(lines).toContain(`theirs ${n}`);
  for (let n = 0; n < rounds; n++) expect(lines).toContain(`ours ${n}`);
  console.log(
    `  ${rounds} rounds against 300 lines of another program; notes in the end: ${readdirSync(folder)}`,
  );
}, 300_000);

test('killed at 20 random instants: the note is whole, and what was left over is gone with the next edit', async () => {
  const folder = temporaryFolder();
  const note = join(folder, 'note.md');
  writeFileSync(note, '');
  let last = '';
  for (let round = 0; round < 20; round++) {
    const child = writer(note, `round ${round}:`, 1_000_000, 'ours');
    const exit = once(child, 'exit');
    const begin = statSync(note).size;
    while (statSync(note).size === begin && child.exitCode === null) await sleep(5);
    await sleep(Math.random() * 60);
    child.kill('SIGKILL');
    await exit;
    const text = readFileSync(note, 'utf8');
    expect(text.startsWith(last)).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
    last = text;
  }
  await editNote(note, add('end\n'));
  expect(readdirSync(folder)).toEqual(['note.md']);
}, 300_000);
