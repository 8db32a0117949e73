import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lookAt, type Picture } from '../../../main/daemon/actions/screenshots/picture.ts';
import { createRecogniser } from '../../../main/daemon/actions/screenshots/recognise.ts';
import { drawScreenshot } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function picture(lines: readonly string[], format: 'png' | 'jpeg' = 'png'): Picture {
  const file = join(mkdtempSync(join(temporaryFolder(), 'p-')), 'picture');
  writeFileSync(file, drawScreenshot(lines, format));
  const look = lookAt(file);
  if (look.kind !== 'whole') throw new Error(`the picture is ${look.kind}`);
  return look.picture;
}

const never = new AbortController().signal;

test('text is found again, in PNG and JPEG, and nothing is left in the folder that the process is in', async () => {
  const before = readdirSync('.');
  const recogniser = createRecogniser('eng', temporaryFolder());
  const lines = [
    'Invoice 4711 of Harbour Books',
    'Total: 128.50, due on 12 March',
    'Thank you for your order!',
  ];
  try {
    for (const format of ['png', 'jpeg'] as const) {
      const text = await recogniser.recognise(picture(lines, format), never);
      expect(text).toEqual({ kind: 'text', text: lines.join('\n') });
    }
    expect(await recogniser.recognise(picture([]), never)).toEqual({ kind: 'text', text: '' });
  } finally {
    await recogniser.end();
  }
  expect(readdirSync('.')).toEqual(before);
}, 120_000);

test('a picture that takes too long is given up, and the next one has a worker again', async () => {
  const limits = { time: 60_000, pixels: 1e9 };
  const recogniser = createRecogniser('eng', temporaryFolder(), limits);
  try {
    const large = picture(
      Array.from({ length: 60 }, (_, n) => `line ${n} with many words in it for a while`),
    );
    limits.time = 30;
    expect(await recogniser.recognise(large, never)).toEqual({
      kind: 'failed',
      reason: 'it took longer than 0.03 s',
    });
    limits.time = 60_000;
    expect(await recogniser.recognise(picture(['after all']), never)).toEqual({
      kind: 'text',
      text: 'after all',
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    expect(await recogniser.recognise(large, controller.signal)).toEqual({
      kind: 'failed',
      reason: 'the run was ended',
    });
  } finally {
    await recogniser.end();
  }
}, 120_000);

test('a picture that would need too much memory is not even tried', async () => {
  const recogniser = createRecogniser('eng', temporaryFolder(), { time: 60_000, pixels: 1_000 });
  expect(await recogniser.recognise(picture([]), never)).toEqual({
    kind: 'failed',
    reason: 'the picture is too large (900 × 120)',
  });
  await recogniser.end();
});

test('several languages are taken together from one folder', async () => {
  const state = temporaryFolder();
  const recogniser = createRecogniser('eng+eng', state);
  expect(readdirSync(join(state, 'languages'))).toEqual(['eng.traineddata.gz']);
  expect(await recogniser.recognise(picture(['two at once']), never)).toEqual({
    kind: 'text',
    text: 'two at once',
  });
  await recogniser.end();
}, 120_000);

/** Data for a language as npm would put it into a folder. */
function install(folder: string, code: string, data: Buffer): void {
  const root = join(folder, 'node_modules/@tesseract.js-data', code);
  mkdirSync(join(root, '4.0.0_best_int'), { recursive: true });
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: `@tesseract.js-data/${code}`, version: '1.0.0' }),
  );
  writeFileSync(join(root, '4.0.0_best_int', `${code}.traineddata.gz`), data);
}

test('a language is found where the message about a missing one says to install it', async () => {
  const state = temporaryFolder();
  const english = createRequire(import.meta.url).resolve(
    '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz',
  );
  expect(() => createRecogniser('xyz', state)).toThrow(
    "The language 'xyz' for text recognition is not installed.",
  );
  install(state, 'xyz', readFileSync(english));
  const recogniser = createRecogniser('xyz', state);
  expect(await recogniser.recognise(picture(['spoken nowhere']), never)).toEqual({
    kind: 'text',
    text: 'spoken nowhere',
  });
  await recogniser.end();
}, 120_000);

test('data that is damaged is told at once, and leaves no worker behind', async () => {
  const state = temporaryFolder();
  install(state, 'bad', Buffer.from('this is no data'));
  install(state, 'cut', gzipSync('nor is this'));
  for (const language of ['bad', 'cut']) {
    const recogniser = createRecogniser(language, state, { time: 100_000, pixels: 1e9 });
    const threads: number[] = [];
    process.once('worker', (thread) => thread.once('exit', () => threads.push(thread.threadId)));
    expect(await recogniser.recognise(picture(['text']), never)).toMatchObject({ kind: 'failed' });
    expect(threads).toHaveLength(1);
    await recogniser.end();
  }
}, 90_000);
