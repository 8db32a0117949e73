import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SuggestionView } from '../../../main/daemon/actions/links/suggestion.ts';
import { Vault } from './links-support.ts';

const FIXTURE = resolve(import.meta.dirname, '../../fixtures/notes');
const HUGE = 'Inbox/Everything I ever copied.md';
/** Notes that are awkward and still say something. */
const AWKWARD = [
  'Inbox/Broken front matter.md',
  'Inbox/From the office computer.md',
  'Inbox/How I file notes.md',
  'Inbox/Imported from the old app.md',
  'Inbox/Without a last line end.md',
  HUGE,
];

const fixtures = readdirSync(FIXTURE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => path.replaceAll('\\', '/'));
const bytesOf = (path: string): Buffer => readFileSync(join(FIXTURE, path));

/** About two megabytes on bicycles, birds and bread. */
function hugeNote(): string {
  const texts = fixtures
    .filter((path) => /Bicycle|Birds|Bread/.test(path))
    .map((path) =>
      bytesOf(path)
        .toString()
        .replaceAll(/[[\]]|^---$/gm, ''),
    );
  return `# Everything I ever copied\n\n${`${texts.join('\n\n')}\n\n`.repeat(150).trimEnd()}\n`;
}

/** The pairs of notes of which one names the other between double brackets, looked for in another way than the action does. */
function linkedPairs(): Set<string> {
  const paths = new Map<string, string>();
  for (const path of fixtures) {
    paths.set(path.replace(/^.*\/|\.md$/g, '').toLowerCase(), path);
    const aliases = /^aliases: \[(.+)\]$/m.exec(bytesOf(path).toString())?.[1]?.split(', ') ?? [];
    for (const alias of aliases) paths.set(alias.toLowerCase(), path);
  }
  const pairs = new Set<string>();
  for (const path of fixtures)
    for (const [, name = ''] of bytesOf(path)
      .toString()
      .matchAll(/\[\[([^\]|\\]+)/g)) {
      const target = paths.get(name.toLowerCase());
      if (target !== undefined) pairs.add(`${path} → ${target}`).add(`${target} → ${path}`);
    }
  return pairs;
}

function fixtureVault(): Vault {
  const vault = new Vault({ [HUGE]: hugeNote() }, { exclude: ['Templates/**'], threshold: 0.05 });
  cpSync(FIXTURE, vault.folder, { recursive: true });
  return vault;
}

test('the notes of the fixture came out of the repository as they were written', () => {
  expect(bytesOf('Inbox/Empty.md')).toHaveLength(0);
  expect(bytesOf('Inbox/From the office computer.md').toString()).toMatch(/^(?:[^\r\n]*\r\n)+$/);
  expect(bytesOf('Inbox/Imported from the old app.md').subarray(0, 3)).toEqual(
    Buffer.from([0xef, 0xbb, 0xbf]),
  );
  expect(bytesOf('Inbox/Without a last line end.md').at(-1)).not.toBe(0x0a);
});

describe('a vault as people have it', () => {
  let vault: Vault;
  let printed: string;
  let waiting: readonly SuggestionView[];
  beforeAll(async () => {
    vault = fixtureVault();
    printed = await vault.run();
    waiting = await vault.waiting();
  }, 120_000);

  const suggested = (path: string) => waiting.filter(({ note }) => note.path === path);

  test('is read whole, and what is odd is told', () => {
    const templates = fixtures.filter((path) => path.startsWith('Templates/')).length;
    expect(fixtures.length).toBeGreaterThan(60);
    expect(templates).toBeGreaterThan(0);
    const notes = fixtures.length - templates + 1;
    expect(printed).toContain(`${notes} notes: ${notes} new or changed, 0 renamed, 0 gone.`);
    expect(vault.warned).toEqual([
      expect.stringContaining('Inbox/Broken front matter.md: its front matter is broken'),
    ]);
  });

  test('gets suggestions for most of its notes, the awkward ones among them', () => {
    const noted = new Set(waiting.map(({ note }) => note.path));
    expect(noted.size).toBeGreaterThan(fixtures.length * 0.8);
    expect(AWKWARD.filter((path) => !noted.has(path))).toEqual([]);
    const targets = new Set(waiting.map(({ target }) => target.path));
    expect(AWKWARD.filter((path) => !targets.has(path))).not.toEqual(AWKWARD);
  });

  test('gets none for what says nothing, of templates, of a note itself, of what is linked', () => {
    expect(suggested('Inbox/Empty.md')).toEqual([]);
    expect(suggested('Inbox/Only front matter.md')).toEqual([]);
    const places = waiting.flatMap(({ note, target }) => [note.path, target.path]);
    expect(places.filter((path) => path.startsWith('Templates/'))).toEqual([]);
    expect(waiting.filter(({ note, target }) => note.path === target.path)).toEqual([]);
    const linked = linkedPairs();
    expect(linked.size).toBeGreaterThan(200);
    const pairs = waiting.map(({ note, target }) => `${note.path} → ${target.path}`);
    expect(pairs.filter((pair) => linked.has(pair))).toEqual([]);
  });

  test('keeps two notes of one title apart', () => {
    const others = (path: string) =>
      suggested(path)
        .map(({ target }) => target.path)
        .filter((target) => !target.endsWith('/Ideas.md'));
    expect(others('Work/Ideas.md')).not.toEqual(others('Areas/Garden/Ideas.md'));
    expect(others('Work/Ideas.md').some((target) => target.startsWith('Work/'))).toBe(true);
    expect(others('Areas/Garden/Ideas.md').some((target) => target.startsWith('Areas/Garden/'))).toBe(true);
  });

  test.each(AWKWARD)('gets only the accepted link into %s, and undo takes it out', async (path) => {
    const read = () => readFileSync(join(vault.folder, path));
    const before = read();
    const [link] = suggested(path);
    if (link === undefined) throw new Error(`nothing is suggested for ${path}`);
    await vault.links.accept(link.id);
    const after = read();
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    const ending = before.includes('\r\n') ? '\r\n' : '\n';
    const lines = after.subarray(before.length).toString().trim().split(ending);
    expect(lines).toEqual(['## Related', '', expect.stringMatching(/^- \[\[[^\r\n]+\]\]$/)]);
    await vault.links.undo(link.id);
    expect(read().equals(before)).toBe(true);
  });
});
