import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ActionContext } from '../../../main/daemon/actions/action.ts';
import { screenshots } from '../../../main/daemon/actions/screenshots/index.ts';
import { drawScreenshot, tinyPicture } from '../../support/pictures.ts';
import { testVault } from '../../support/vaults.ts';

const kinds = (outcomes: readonly [string, { readonly kind: string }][]): Record<string, string> =>
  Object.fromEntries(outcomes.map(([file, { kind }]) => [file, kind]));

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const samsung = 'Screenshot_20261129_091400_WhatsApp.png';

test('pictures with real text, PNG and JPEG: the day’s note has them in order, with their text; the originals stay', async () => {
  const vault = testVault({ ocr: true });
  writeFileSync(
    join(vault.arrivals, 'Screenshot_20261129_174500_Maps.jpg'),
    drawScreenshot(['Platform 7 leaves at 18:05'], 'jpeg'),
  );
  writeFileSync(
    join(vault.arrivals, samsung),
    drawScreenshot(['Lunch on Friday with Margaret', 'Bring the garden plans']),
  );
  writeFileSync(join(vault.arrivals, 'Screenshot from 2026-11-30 08-00-00.png'), drawScreenshot([]));
  const outcomes = await vault.run();
  expect(Object.values(kinds(outcomes))).toEqual(['imported', 'imported', 'imported']);
  const [first, second, third] = vault.pictures();
  expect(first).toMatch(/^2026-11-29_09-14-00_[0-9a-f]{12}\.png$/);
  expect(second).toMatch(/^2026-11-29_17-45-00_[0-9a-f]{12}\.jpg$/);
  expect(vault.read('Daily/2026-11-29.md')).toBe(
    [
      '# 2026-11-29',
      '',
      '09:14 · WhatsApp',
      `![[Media/Screenshots/${first}]]`,
      '> Lunch on Friday with Margaret',
      '> Bring the garden plans',
      '',
      '17:45 · Maps',
      `![[Media/Screenshots/${second}]]`,
      '> Platform 7 leaves at 18:05',
      '',
    ].join('\n'),
  );
  expect(vault.read('Daily/2026-11-30.md')).toBe(`# 2026-11-30\n\n08:00\n![[Media/Screenshots/${third}]]\n`);
  expect(readdirSync(vault.arrivals)).toHaveLength(3);
  expect(readFileSync(vault.path(`Media/Screenshots/${first}`))).toEqual(
    readFileSync(join(vault.arrivals, samsung)),
  );
}, 300_000);

test('a language that is not installed is said, with what installs it, before anything is done', async () => {
  const vault = testVault({ ocr: true, language: 'tlh' });
  writeFileSync(join(vault.arrivals, samsung), tinyPicture(1));
  await expect(vault.run()).rejects.toMatchObject({
    code: 'language-not-installed',
    hint: expect.stringContaining(`npm install --prefix '${vault.state}' @tesseract.js-data/tlh`),
  });
  await expect(testVault({ ocr: true, language: '../eng' }).run()).rejects.toMatchObject({
    code: 'language-unknown',
  });
  expect(existsSync(vault.path('Daily'))).toBe(false);
});

test('a picture that cannot be read comes without text, and the entry says so', async () => {
  const vault = testVault({ ocr: true });
  const broken = drawScreenshot(['text']);
  // Its parts are whole, by their check sums; what they hold is no picture.
  const header = broken.subarray(0, 33);
  const end = broken.subarray(-12);
  writeFileSync(join(vault.arrivals, samsung), Buffer.concat([header, end]));
  writeFileSync(
    join(vault.arrivals, 'Screenshot_20261129_101500_Mail.png'),
    drawScreenshot(['Still works afterwards']),
  );
  await vault.run();
  const note = vault.read('Daily/2026-11-29.md');
  expect(note).toMatch(/09:14 · WhatsApp\n!\[\[.*\]\]\n> \*Text not recognised: .*\*\n/);
  expect(note).toContain('> Still works afterwards\n');
}, 300_000);

test('the same picture is never brought in twice: renamed, copied, again and again, and even if what was known is lost', async () => {
  const vault = testVault();
  const picture = tinyPicture(2);
  writeFileSync(join(vault.arrivals, samsung), picture);
  writeFileSync(join(vault.arrivals, 'Screenshot_20261129_091400_WhatsApp (1).png'), picture);
  expect(Object.values(kinds(await vault.run())).sort()).toEqual(['imported', 'known']);
  const note = vault.read('Daily/2026-11-29.md');
  expect(Object.values(kinds(await vault.run()))).toEqual(['known', 'known']);
  renameSync(join(vault.arrivals, samsung), join(vault.arrivals, 'IMG_0001.PNG'));
  utimesSync(join(vault.arrivals, 'IMG_0001.PNG'), 1e9, 1e9);
  expect(Object.values(kinds(await vault.run()))).toEqual(['known', 'known']);
  rmSync(vault.state, { recursive: true });
  mkdirSync(vault.state);
  // Somebody gave it another name, too.
  const [name = ''] = vault.pictures();
  mkdirSync(vault.path('Media/Screenshots/old'));
  renameSync(vault.path(`Media/Screenshots/${name}`), vault.path('Media/Screenshots/old/lunch.png'));
  expect(Object.values(kinds(await vault.run()))).toEqual(['known', 'known']);
  expect(vault.read('Daily/2026-11-29.md')).toBe(note);
  // And what a person deleted does not come back.
  rmSync(vault.path('Media'), { recursive: true });
  rmSync(vault.path('Daily'), { recursive: true });
  expect(Object.values(kinds(await vault.run()))).toEqual(['known', 'known']);
  expect(existsSync(vault.path('Daily'))).toBe(false);
});

test('what is known is damaged: it is set aside, and the pictures are found by their content', async () => {
  const vault = testVault();
  writeFileSync(join(vault.arrivals, samsung), tinyPicture(3));
  await vault.run();
  writeFileSync(
    join(vault.state, 'screenshots.db'),
    'no database at all, but longer than its header would be'.repeat(40),
  );
  for (const more of ['-wal', '-shm']) rmSync(join(vault.state, `screenshots.db${more}`), { force: true });
  const warnings: string[] = [];
  expect(Object.values(kinds(await vault.run({ warn: (line) => warnings.push(line) })))).toEqual(['known']);
  expect(warnings).toEqual([expect.stringContaining('was damaged')]);
  expect(readdirSync(vault.state).some((name) => name.includes('.damaged-'))).toBe(true);
});

test('a file that grows is waited for; what is empty, cut, all zeros or a placeholder is reported, and comes with a later run', async () => {
  const vault = testVault();
  const grown = drawScreenshot(['slow network']);
  const place = (name: string): string => join(vault.arrivals, name);
  writeFileSync(place('Screenshot_20261129_080000_Slow.png'), grown.subarray(0, 100));
  writeFileSync(place('Screenshot_20261129_080001_Empty.png'), '');
  writeFileSync(
    place('Screenshot_20261129_080002_Cut.jpg'),
    drawScreenshot(['cut'], 'jpeg').subarray(0, -300),
  );
  writeFileSync(place('Screenshot_20261129_080003_Zeros.png'), Buffer.alloc(5_000));
  writeFileSync(place('Screenshot_20261129_080004_Cloud.png'), '');
  truncateSync(place('Screenshot_20261129_080004_Cloud.png'), 500_000);
  const hole = drawScreenshot(['a block in the middle is missing']);
  hole.fill(0, 1_000, 1_400);
  writeFileSync(place('Screenshot_20261129_080005_Hole.png'), hole);
  writeFileSync(place('Screenshot_20261129_080006_Text.png'), 'https://example.org/real-picture');
  writeFileSync(place('notes.txt'), 'no picture');
  writeFileSync(place('.hidden.png'), tinyPicture(4));

  const grow = (async () => {
    for (let at = 100; at < grown.length; at += 500) {
      await sleep(20);
      appendFileSync(place('Screenshot_20261129_080000_Slow.png'), grown.subarray(at, at + 500));
    }
  })();
  const outcomes = await vault.run({ patience: 4_000 });
  await grow;
  expect(kinds(outcomes)).toEqual({
    'Screenshot_20261129_080000_Slow.png': 'imported',
    'Screenshot_20261129_080001_Empty.png': 'unfinished',
    'Screenshot_20261129_080002_Cut.jpg': 'unfinished',
    'Screenshot_20261129_080003_Zeros.png': 'unfinished',
    'Screenshot_20261129_080004_Cloud.png': 'unfinished',
    'Screenshot_20261129_080005_Hole.png': 'unfinished',
    'Screenshot_20261129_080006_Text.png': 'not-a-picture',
  });
  const reasons = Object.fromEntries(
    outcomes.map(([file, outcome]) => [file.slice(27), 'reason' in outcome ? outcome.reason : '']),
  );
  expect(reasons['Empty.png']).toBe('it is empty');
  expect(reasons['Zeros.png']).toBe('it holds only zeros so far');
  expect(reasons['Cloud.png']).toContain('placeholder');
  expect(vault.pictures()).toHaveLength(1);

  // The next run knows of them, although nobody names them.
  writeFileSync(place('Screenshot_20261129_080001_Empty.png'), tinyPicture(5));
  writeFileSync(place('Screenshot_20261129_080002_Cut.jpg'), drawScreenshot(['cut'], 'jpeg'));
  const next = kinds(await vault.run({ paths: [] }));
  expect(next['Screenshot_20261129_080001_Empty.png']).toBe('imported');
  expect(next['Screenshot_20261129_080002_Cut.jpg']).toBe('imported');
  expect(next['Screenshot_20261129_080006_Text.png']).toBeUndefined();
});

test('notes keep what they are: Windows’ line ends, byte order mark, front matter, other bytes, links and modes', async () => {
  const vault = testVault();
  mkdirSync(vault.path('Daily'));
  const notes = {
    '2026-11-01': Buffer.from('\ufeff---\r\ntags: [a]\r\n---\r\n\r\n# Day\r\n\r\ntext without end'),
    '2026-11-02': Buffer.from('---\nbroken: [\n# no end of it'),
    '2026-11-03': Buffer.from([0x61, 0xff, 0xfe, 0x0d, 0x0a, 0x00, 0x80]),
    '2026-11-04': Buffer.alloc(0),
    '2026-11-05': Buffer.from('x'.repeat(3_000_000)),
  };
  let number = 10;
  for (const [day, bytes] of Object.entries(notes)) {
    writeFileSync(vault.path(`Daily/${day}.md`), bytes, { mode: 0o600 });
    writeFileSync(
      join(vault.arrivals, `Screenshot_${day.replaceAll('-', '')}_091400_App.png`),
      tinyPicture(number++),
    );
  }
  await vault.run();
  for (const [day, bytes] of Object.entries(notes)) {
    const after = readFileSync(vault.path(`Daily/${day}.md`));
    expect(after.subarray(0, bytes.length).equals(bytes)).toBe(true);
    expect(after.toString()).toContain('09:14 · App');
    expect(statSync(vault.path(`Daily/${day}.md`)).mode & 0o777).toBe(0o600);
  }
  expect(vault.read('Daily/2026-11-01.md').slice(-120)).toMatch(/end\r\n\r\n09:14 · App\r\n!\[\[.*\]\]\r\n$/);
  expect(readdirSync(vault.path('Daily')).sort()).toEqual(Object.keys(notes).map((day) => `${day}.md`));
});

test('a note that is missing is made from the template; one that is missing or outside is said', async () => {
  const vault = testVault({ note: 'Journal/{date:YYYY}/{date:MM}/{date:D}.md', template: 'Templates/Day' });
  writeFileSync(join(vault.arrivals, samsung), tinyPicture(30));
  await expect(vault.run()).rejects.toMatchObject({ code: 'template-unreadable' });
  mkdirSync(vault.path('Templates'));
  writeFileSync(
    vault.path('Templates/Day.md'),
    '---\r\ncreated: {{date}} {{time}}\r\n---\r\n# {{title}}, {{date:dddd}}\r\n',
  );
  await vault.run();
  const [name] = vault.pictures();
  expect(vault.read('Journal/2026/11/29.md')).toBe(
    `---\r\ncreated: 2026-11-29 09:14\r\n---\r\n# 29, Sunday\r\n\r\n09:14 · WhatsApp\r\n![[Media/Screenshots/${name}]]\r\n`,
  );
  for (const settings of [
    { note: '../{date}.md' },
    { attachments: '/tmp' },
    { template: '../../etc/passwd' },
  ])
    await expect(testVault(settings).run()).rejects.toMatchObject({ code: 'outside-of-vault' });
  await expect(testVault({ attachments: 'a [b]' }).run()).rejects.toMatchObject({
    code: 'attachments-unusable',
  });
  await expect(testVault({ vault: '/nowhere/at/all' }).run()).rejects.toMatchObject({
    code: 'vault-missing',
  });
});

test('moved pictures are gone from where they were, duplicates too; what is not in the vault stays', async () => {
  const vault = testVault({ afterwards: 'move' });
  const picture = tinyPicture(40);
  writeFileSync(join(vault.arrivals, samsung), picture);
  writeFileSync(join(vault.arrivals, 'copy.png'), picture);
  writeFileSync(join(vault.arrivals, 'cut.png'), picture.subarray(0, -4));
  await vault.run();
  expect(readdirSync(vault.arrivals)).toEqual(['cut.png']);
  expect(vault.pictures()).toHaveLength(1);
  // It was imported once, but a person deleted it from the vault: the file is then the last that there is.
  rmSync(vault.path('Media/Screenshots'), { recursive: true });
  writeFileSync(join(vault.arrivals, 'again.png'), picture);
  await vault.run();
  expect(readdirSync(vault.arrivals).sort()).toEqual(['again.png', 'cut.png']);
});

test('a dry run says what would be done, and changes nothing at all', async () => {
  const vault = testVault({ afterwards: 'move', ocr: true });
  writeFileSync(join(vault.arrivals, samsung), tinyPicture(50));
  copyFileSync(join(vault.arrivals, samsung), join(vault.arrivals, 'copy.png'));
  const outcomes = await vault.run({ dryRun: true });
  expect(Object.values(kinds(outcomes)).sort()).toEqual(['imported', 'known']);
  expect(readdirSync(vault.settings.vault)).toEqual([]);
  expect(readdirSync(vault.state)).toEqual([]);
  expect(readdirSync(vault.arrivals)).toHaveLength(2);
});

test('a name in the vault that another file has is not taken from it', async () => {
  const vault = testVault();
  const picture = tinyPicture(60);
  const name = `2026-11-29_09-14-00_${sha(picture).slice(0, 12)}.png`;
  mkdirSync(vault.path('Media/Screenshots'), { recursive: true });
  writeFileSync(vault.path(`Media/Screenshots/${name}`), 'annotated by a person');
  writeFileSync(join(vault.arrivals, samsung), picture);
  await vault.run();
  expect(vault.read(`Media/Screenshots/${name}`)).toBe('annotated by a person');
  const longer = `2026-11-29_09-14-00_${sha(picture)}.png`;
  expect(vault.pictures()).toEqual([name, longer].sort());
  expect(vault.read('Daily/2026-11-29.md')).toContain(`![[Media/Screenshots/${longer}]]`);
});

test('a note that cannot be used stops its own pictures only; they come when it can', async () => {
  const vault = testVault();
  mkdirSync(vault.path('Daily/2026-11-29.md'), { recursive: true });
  writeFileSync(join(vault.arrivals, samsung), tinyPicture(70));
  writeFileSync(join(vault.arrivals, 'Screenshot_20261130_091400_Mail.png'), tinyPicture(71));
  expect(kinds(await vault.run())).toEqual({
    [samsung]: 'failed',
    'Screenshot_20261130_091400_Mail.png': 'imported',
  });
  expect(kinds(await vault.run({ paths: [] }))[samsung]).toBe('failed');
  rmSync(vault.path('Daily/2026-11-29.md'), { recursive: true });
  await vault.run({ paths: [] });
  expect(vault.read('Daily/2026-11-29.md').match(/!\[\[/g)).toHaveLength(1);
  expect(vault.pictures()).toHaveLength(2);
});

test('a picture without a time in its name has that of its Exif block, else that of the file', async () => {
  const vault = testVault();
  const jpeg = drawScreenshot(['Exif'], 'jpeg');
  const date = Buffer.from('2026:03:04 05:06:07\0');
  // TIFF header, one folder with one entry: DateTime, 20 letters at 26.
  const tiff = Buffer.from('49492a00080000000100320102001400000' + '01a00000000000000', 'hex');
  const body = Buffer.concat([Buffer.from('Exif\0\0'), tiff, date]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  writeFileSync(
    join(vault.arrivals, 'IMG_1234.JPG'),
    Buffer.concat([
      jpeg.subarray(0, 2),
      Buffer.from([0xff, 0xe1]),
      length,
      body,
      jpeg.subarray(2),
      Buffer.from('trailer of a phone'),
    ]),
  );
  writeFileSync(join(vault.arrivals, 'Screenshot (12).png'), tinyPicture(80));
  const when = new Date(2026, 1, 3, 4, 5, 6);
  utimesSync(join(vault.arrivals, 'Screenshot (12).png'), when, when);
  await vault.run();
  expect(vault.pictures().map((name) => name.slice(0, 19))).toEqual([
    '2026-02-03_04-05-06',
    '2026-03-04_05-06-07',
  ]);
});

test('the action prints a line for each picture, and takes what is watched when no file made it due', async () => {
  const vault = testVault();
  writeFileSync(join(vault.arrivals, samsung), tinyPicture(90));
  writeFileSync(join(vault.arrivals, 'Screenshot_20261129_100000_Text.png'), 'text');
  const printed: string[] = [];
  const warned: string[] = [];
  const context: ActionContext = {
    job: 'phone-screenshots',
    files: [],
    watched: [vault.arrivals],
    state: vault.state,
    signal: new AbortController().signal,
    print: (line) => printed.push(line),
    warn: (line) => warned.push(line),
  };
  await screenshots(vault.settings, context);
  const [name] = vault.pictures();
  expect(printed).toEqual([`${samsung}: brought into Daily/2026-11-29.md as Media/Screenshots/${name}`]);
  expect(warned).toEqual([
    'Screenshot_20261129_100000_Text.png: passed over, since it is neither PNG nor JPEG',
  ]);
  await screenshots(vault.settings, {
    ...context,
    files: [join(vault.arrivals, samsung), join(vault.arrivals, 'gone.png')],
  });
  expect(printed.at(-1)).toBe(`${samsung}: is in the vault already`);
  const aborted = AbortSignal.abort();
  await expect(screenshots(vault.settings, { ...context, signal: aborted })).rejects.toMatchObject({
    code: 'run-ended',
  });
});
