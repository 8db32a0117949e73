import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storeFile } from '../../../main/daemon/actions/links/files.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { GARDEN, Vault } from './links-support.ts';

describe('suggestions', () => {
  test('are notes about the same, with why, how sure and where', async () => {
    const vault = new Vault();
    expect(await vault.run()).toMatch(
      /6 notes: 6 new or changed, 0 renamed, 0 gone\.\nSuggestions of 6 notes/,
    );
    expect(await vault.targets('Tomatoes.md')).toEqual(['Greenhouse.md', 'Compost.md']);
    expect(await vault.targets('Violin.md')).toEqual(['Sonata.md']);
    expect(await vault.targets('Tax.md')).toEqual([]);
    const { score, terms, passage, state, job, note, target } = await vault.suggestion(
      'Tomatoes.md',
      'Greenhouse.md',
    );
    expect({ state, job }).toEqual({ state: 'waiting', job: 'suggest-links' });
    expect([note.title, target.title]).toEqual(['Tomatoes', 'Greenhouse']);
    expect(score).toBeGreaterThan(0.35);
    expect(score).toBeLessThanOrEqual(1);
    expect(terms).toEqual(expect.arrayContaining(['seedlings', 'trellis', 'greenhouse']));
    expect(passage).toContain('Water the seedlings in the greenhouse.');
  });

  test('leave out what is linked either way, by any kind of link, and come when the link goes', async () => {
    const vault = new Vault({
      ...GARDEN,
      'Tomatoes.md': `${GARDEN['Tomatoes.md']}\nSee [[greenhouse#Inside|the house]].\n`,
      'Compost.md': `${GARDEN['Compost.md']}\nFor [tomatoes](Tomatoes.md).\n`,
    });
    await vault.run();
    expect(await vault.targets('Tomatoes.md')).toEqual([]);
    expect(await vault.targets('Greenhouse.md')).toEqual(['Compost.md']);
    vault.write('Compost.md', GARDEN['Compost.md'] ?? '');
    await vault.run();
    expect(await vault.targets('Tomatoes.md')).toEqual(['Compost.md']);
    expect(await vault.targets('Compost.md')).toContain('Tomatoes.md');
  });

  test('leave out hidden folders and excluded notes, and follow links to folders once', async () => {
    const elsewhere = temporaryFolder();
    writeFileSync(
      join(elsewhere, 'Peppers.md'),
      '# Peppers\n\nPeppers in the greenhouse, in warm compost, on a trellis.\n',
    );
    const copy = GARDEN['Tomatoes.md'] ?? '';
    const vault = new Vault({
      ...GARDEN,
      '.trash/Old.md': copy,
      '.obsidian/Note.md': copy,
      '.obsidian/templates.json': '{"folder":"Forms/"}',
      'Forms/Plant.md': copy,
      'Templates/Plant.md': copy,
      'Drafts/deep/Draft.md': copy,
    });
    symlinkSync('.', join(vault.folder, 'loop'));
    symlinkSync(elsewhere, join(vault.folder, 'linked'));
    symlinkSync(elsewhere, join(vault.folder, 'linked again'));
    symlinkSync('nowhere.md', join(vault.folder, 'Broken.md'));
    expect(await vault.run({ exclude: ['Templates/**', 'Drafts'] })).toContain('7 notes');
    const peppers = (await vault.targets('Greenhouse.md')).filter((path) => path.endsWith('Peppers.md'));
    expect(peppers).toHaveLength(1);
    expect(vault.warned.join('\n')).toContain('Broken.md could not be looked at (ENOENT)');
  });

  test('are never more than wanted for a note, and none below the threshold', async () => {
    const vault = new Vault(GARDEN, { suggestions: 1 });
    await vault.run();
    expect(await vault.targets('Tomatoes.md')).toEqual(['Greenhouse.md']);
    await vault.run({ threshold: 0.99 });
    expect(await vault.waiting()).toEqual([]);
    await vault.run({ threshold: 0, suggestions: 50 });
    expect((await vault.targets('Tomatoes.md')).length).toBeGreaterThan(1);
  });

  test('are those that a first index would have made, after any changes one by one', async () => {
    const vault = new Vault({}, { threshold: 0.1 });
    const words =
      'soil seed trellis compost leaf bow string sonata scale tax receipt folder may river boat oar'.split(
        ' ',
      );
    const text = (seed: number) =>
      Array.from({ length: 12 }, (_, index) => words[(seed * 7 + index * index * 3) % words.length]).join(
        ' ',
      );
    for (let note = 0; note < 40; note++) vault.write(`Note ${note}.md`, text(note));
    await vault.run();
    for (let note = 0; note < 12; note++) {
      vault.write(`Note ${note}.md`, `${text(note + 3)} changed ${note} much longer than before`);
      if (note % 4 === 3) rmSync(join(vault.folder, `Note ${note + 20}.md`));
      await vault.run();
    }
    const fresh = new Vault({}, { threshold: 0.1 });
    for (let note = 0; note < 40; note++) {
      if (note >= 20 && (note - 20) % 4 === 3 && note < 32) continue;
      fresh.write(`Note ${note}.md`, vault.read(`Note ${note}.md`));
    }
    await fresh.run();
    const pairs = async (of: Vault) =>
      (await of.waiting()).map(({ note, target }) => `${note.path} ${target.path}`);
    const [kept, made] = [new Set(await pairs(vault)), await pairs(fresh)];
    const share = made.filter((pair) => kept.has(pair)).length / made.length;
    // How rare each word is changes a little with each note, and is not reckoned anew for all at once.
    expect(share).toBeGreaterThan(0.85);
  });

  test('of awkward notes are made too, and what is odd is told', async () => {
    const vault = new Vault({
      ...GARDEN,
      'Empty.md': '',
      'Windows.md': Buffer.from('# Gew\xe4chshaus\r\n\r\nTomaten im Gew\xe4chshaus.\r\n', 'latin1'),
      'Wide.md': Buffer.from('\ufeff# Wide\n\nGreenhouse, seedlings, trellis, compost.\n', 'utf16le'),
      'Marked.md': '\ufeff---\ntitle: Marked\n---\nGreenhouse, seedlings, trellis, compost.\r\n',
      'Broken.md': '---\ntitle: "x\n---\n# Broken\n\nGreenhouse, seedlings, trellis, compost.\n',
      'Zero.md': Buffer.from([0, 1, 2, 0]),
      '日本/庭.md': '# 庭\n\n温室でトマトの苗を育てる。堆肥と水。\n',
      '日本/温室.md': '# 温室\n\n温室はトマトの苗を暖かく保つ。堆肥を使う。\n',
      'a/Same.md': '# Same\n\nGreenhouse, seedlings, trellis.\n',
      'b/Same.md': '# Same\n\nGreenhouse, seedlings, compost.\n',
      'Huge.md': `# Huge\n\n${'Seedlings in the greenhouse want compost and a trellis.\n\n'.repeat(20_000)}`,
    });
    await vault.run();
    const warnings = vault.warned.join('\n');
    expect(warnings).toContain('Windows.md: not UTF-8');
    expect(warnings).toContain('Wide.md: UTF-16');
    expect(warnings).toContain('Broken.md: its front matter is broken');
    expect(warnings).toContain('Zero.md is no text');
    expect(await vault.targets('日本/庭.md')).toEqual(['日本/温室.md']);
    for (const path of ['Wide.md', 'Marked.md', 'Broken.md', 'Huge.md', 'a/Same.md', 'b/Same.md'])
      expect([path, (await vault.targets(path)).length]).not.toEqual([path, 0]);
    expect(await vault.targets('Empty.md')).toEqual([]);
    const same = await vault.links.accept((await vault.suggestion('a/Same.md', 'b/Same.md')).id);
    expect(vault.read('a/Same.md')).toContain('- [[b/Same]]');
    expect(same.state).toBe('accepted');
    const ids = (await vault.waiting()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a vault with nothing to suggest from is an error that says so', () => {
  test.each([
    [
      'missing',
      'vault-missing',
      'does not exist',
      (vault: Vault) => rmSync(vault.folder, { recursive: true }),
    ],
    ['empty', 'vault-empty', 'has no notes', (vault: Vault) => rmSync(join(vault.folder, 'Tax.md'))],
    [
      'all hidden',
      'vault-empty',
      'has no notes',
      (vault: Vault) => {
        mkdirSync(join(vault.folder, '.trash'));
        renameSync(join(vault.folder, 'Tax.md'), join(vault.folder, '.trash/Tax.md'));
      },
    ],
    [
      'without words',
      'vault-unreadable',
      'there are no words',
      (vault: Vault) => vault.write('Tax.md', '\n\n---\n'),
    ],
    [
      'without text',
      'vault-unreadable',
      'could be read',
      (vault: Vault) => vault.write('Tax.md', Buffer.from([0])),
    ],
  ])('%s', async (_, code, message, spoil) => {
    const vault = new Vault({ 'Tax.md': GARDEN['Tax.md'] ?? '' });
    spoil(vault);
    await expect(vault.run()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('not readable', async () => {
    const vault = new Vault({ 'Tax.md': 'text' });
    chmodSync(join(vault.folder, 'Tax.md'), 0);
    // Root may read everything.
    if (process.getuid?.() === 0) return;
    await expect(vault.run()).rejects.toMatchObject({ code: 'vault-unreadable' });
  });

  test('and what was suggested before stays', async () => {
    const vault = new Vault();
    await vault.run();
    const before = await vault.waiting();
    for (const path of Object.keys(GARDEN))
      renameSync(join(vault.folder, path), join(vault.folder, `${path}.away`));
    await expect(vault.run()).rejects.toMatchObject({ code: 'vault-empty' });
    expect(await vault.waiting()).toEqual(before);
  });
});

describe('decisions', () => {
  test('accepting writes the link once, and the same the other way round is off the list', async () => {
    const vault = new Vault();
    await vault.run();
    const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
    const accepted = await vault.links.accept(id);
    expect(accepted).toMatchObject({ id, state: 'accepted', decidedAt: expect.stringMatching(/Z$/) });
    expect(vault.read('Tomatoes.md')).toBe(`${GARDEN['Tomatoes.md']}\n## Related\n\n- [[Greenhouse]]\n`);
    expect(await vault.targets('Greenhouse.md')).not.toContain('Tomatoes.md');
    await vault.links.accept(id);
    expect(vault.read('Tomatoes.md').match(/\[\[Greenhouse\]\]/g)).toHaveLength(1);
    await vault.run();
    expect(await vault.targets('Tomatoes.md')).toEqual(['Compost.md']);
    await vault.links.accept((await vault.suggestion('Tomatoes.md', 'Compost.md')).id);
    expect(vault.read('Tomatoes.md')).toMatch(/## Related\n\n- \[\[Greenhouse\]\]\n- \[\[Compost\]\]\n$/);
  });

  test('a link that is there already is not written again', async () => {
    const vault = new Vault();
    await vault.run();
    const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
    const text = `${GARDEN['Tomatoes.md']}\n[[greenhouse|there]]\n`;
    vault.write('Tomatoes.md', text);
    expect((await vault.links.accept(id)).state).toBe('accepted');
    expect(vault.read('Tomatoes.md')).toBe(text);
    expect((await vault.links.undo(id)).state).toBe('waiting');
    expect(vault.read('Tomatoes.md')).toBe(text);
  });

  test('undo restores the exact bytes, unless the note changed since', async () => {
    const vault = new Vault();
    await vault.run();
    const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
    await expect(vault.links.undo(id)).rejects.toMatchObject({ code: 'link-undecided' });
    await vault.links.accept(id);
    await expect(vault.links.dismiss(id)).rejects.toMatchObject({ code: 'link-accepted' });
    expect((await vault.links.undo(id)).state).toBe('waiting');
    expect(vault.read('Tomatoes.md')).toBe(GARDEN['Tomatoes.md']);
    await vault.links.accept(id);
    const changed = `${vault.read('Tomatoes.md')}more\n`;
    vault.write('Tomatoes.md', changed);
    await expect(vault.links.undo(id)).rejects.toMatchObject({ code: 'note-changed' });
    expect(vault.read('Tomatoes.md')).toBe(changed);
    expect((await vault.links.details(id)).suggestion.state).toBe('accepted');
  });

  test('what was dismissed is never suggested again, either way, until it is taken back', async () => {
    const vault = new Vault();
    await vault.run();
    const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
    expect((await vault.links.dismiss(id)).state).toBe('dismissed');
    vault.write('Tomatoes.md', `${GARDEN['Tomatoes.md']}Greenhouse greenhouse.\n`);
    await vault.run();
    expect(await vault.targets('Tomatoes.md')).toEqual(['Compost.md']);
    expect(await vault.targets('Greenhouse.md')).not.toContain('Tomatoes.md');
    await vault.links.undo(id);
    await vault.run();
    expect(await vault.targets('Tomatoes.md')).toContain('Greenhouse.md');
    expect(await vault.targets('Greenhouse.md')).toContain('Tomatoes.md');
  });

  test.each([
    ['by its content', '', '', true],
    ['by its content, changed a little', '', 'And one more line about the greenhouse.\n', true],
    ['by its id, all else new', '---\nid: n1\n---\n', undefined, true],
    ['and not if neither tells', '', undefined, false],
  ])('what was dismissed is known after a rename %s', async (_, matter, addition, isKnown) => {
    const text = matter + (GARDEN['Tomatoes.md'] ?? '');
    const vault = new Vault({ ...GARDEN, 'Tomatoes.md': text });
    await vault.run();
    await vault.links.dismiss((await vault.suggestion('Tomatoes.md', 'Greenhouse.md')).id);
    rmSync(join(vault.folder, 'Tomatoes.md'));
    const other = '# Peppers\n\nGreenhouse peppers like the warm trellis.\n';
    vault.write('Vegetables/Love apples.md', addition === undefined ? matter + other : text + addition);
    const printed = await vault.run();
    expect(printed).toContain(isKnown ? '1 renamed, 0 gone' : '0 renamed, 1 gone');
    expect((await vault.targets('Vegetables/Love apples.md')).includes('Greenhouse.md')).toBe(!isKnown);
    const [dismissed] = (await vault.links.list({ state: 'dismissed', limit: 5 })).links;
    expect(dismissed?.note.path).toBe(isKnown ? 'Vegetables/Love apples.md' : 'Tomatoes.md');
  });

  test('two notes that swapped their names keep what is known of each', async () => {
    const vault = new Vault();
    await vault.run();
    await vault.links.dismiss((await vault.suggestion('Violin.md', 'Sonata.md')).id);
    const both = ['Tomatoes.md', 'Violin.md'].map((path) => [path, vault.read(path)] as const);
    vault.write('x/Tomatoes.md', both[1]?.[1] ?? '');
    vault.write('x/Violin.md', both[0]?.[1] ?? '');
    for (const [path] of both) rmSync(join(vault.folder, path));
    await vault.run();
    const [dismissed] = (await vault.links.list({ state: 'dismissed', limit: 5 })).links;
    expect(dismissed?.note.path).toBe('x/Tomatoes.md');
  });

  test('a note that comes back by its id later is known', async () => {
    const text = `---\nuid: n1\n---\n${GARDEN['Tomatoes.md']}`;
    const vault = new Vault({ ...GARDEN, 'Tomatoes.md': text });
    await vault.run();
    await vault.links.dismiss((await vault.suggestion('Tomatoes.md', 'Greenhouse.md')).id);
    rmSync(join(vault.folder, 'Tomatoes.md'));
    await vault.run();
    vault.write('Later.md', text);
    await vault.run();
    expect(await vault.targets('Later.md')).toEqual(['Compost.md']);
  });

  test('of notes that are gone, or of an id that is none, are refused in words', async () => {
    const vault = new Vault();
    await expect(vault.links.accept('nothing')).rejects.toMatchObject({ code: 'unknown-link' });
    await vault.run();
    const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
    rmSync(join(vault.folder, 'Greenhouse.md'));
    await expect(vault.links.accept(id)).rejects.toMatchObject({ code: 'note-changed' });
    const { noteText, targetText } = await vault.links.details(id);
    expect([noteText, targetText]).toEqual([GARDEN['Tomatoes.md'], null]);
    expect(vault.read('Tomatoes.md')).toBe(GARDEN['Tomatoes.md']);
    await vault.run();
    await expect(vault.links.accept(id)).rejects.toMatchObject({ code: 'unknown-link' });
  });

  test('a note that ends in an open code block is refused, and stays to be decided about', async () => {
    const vault = new Vault({ ...GARDEN, 'Tomatoes.md': `${GARDEN['Tomatoes.md']}\n\`\`\`\nopen\n` });
    await vault.run();
    const { id } = await vault.suggestion('Tomatoes.md', 'Greenhouse.md');
    await expect(vault.links.accept(id)).rejects.toMatchObject({ code: 'note-unfit' });
    expect((await vault.links.details(id)).suggestion.state).toBe('waiting');
  });

  test('made at the same time are made one after the other', async () => {
    const vault = new Vault();
    await vault.run();
    const links = (await vault.waiting()).filter(({ note }) => note.path === 'Tomatoes.md');
    await Promise.all([...links, ...links].map(({ id }) => vault.links.accept(id)));
    expect(vault.read('Tomatoes.md')).toBe(
      `${GARDEN['Tomatoes.md']}\n## Related\n\n${links.map(({ target }) => `- [[${target.title}]]\n`).join('')}`,
    );
  });
});

describe('the list', () => {
  test('has the likeliest first, those of one note together, and how many there are', async () => {
    const vault = new Vault();
    await vault.run();
    const { links, total } = await vault.links.list({ state: 'waiting', limit: 3 });
    expect(links).toHaveLength(3);
    expect(total).toBe((await vault.waiting()).length);
    const notes = (await vault.waiting()).map(({ note }) => note.path);
    expect(notes.filter((path, index) => path !== notes[index - 1])).toHaveLength(new Set(notes).size);
    expect(await vault.links.list({ job: 'another', limit: 3 })).toEqual({ links: [], total: 0 });
  });

  test('is empty before the job has run, and goes on after the store was damaged', async () => {
    const vault = new Vault();
    expect(await vault.links.list({ limit: 3 })).toEqual({ links: [], total: 0 });
    writeFileSync(storeFile(vault.state), 'no database, but long enough to be taken for one'.repeat(50));
    await vault.run();
    expect(vault.warned.join()).toContain('was damaged; it was moved to');
    expect((await vault.waiting()).length).toBeGreaterThan(0);
  });

  test('is closed when nobody asks, and opened again', async () => {
    const vault = new Vault();
    await vault.run();
    const before = await vault.waiting();
    await vault.links.close();
    expect(await vault.waiting()).toEqual(before);
    await vault.links.close();
  });
});

test('a run that is ended leaves all as it was', async () => {
  const vault = new Vault();
  const ending = new AbortController();
  ending.abort(new Error('ended'));
  await expect(vault.run({}, ending.signal)).rejects.toThrow('ended');
  expect(await vault.waiting()).toEqual([]);
  await vault.run();
  expect((await vault.waiting()).length).toBeGreaterThan(0);
});
