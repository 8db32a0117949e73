import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';
import { Vault } from './links-support.ts';

const FIXTURE = resolve(import.meta.dirname, '../../fixtures/notes');

/** The notes of the fixture, and a huge one. */
function notes(): Record<string, Buffer> {
  const found: Record<string, Buffer> = {};
  for (const entry of readdirSync(FIXTURE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(FIXTURE.length + 1).replaceAll(sep, '/')] = readFileSync(path);
  }
  const line = 'The allotment diary notes rain, soil temperature and the slugs on the lettuce.\n\n';
  found['Awkward/Huge.md'] = Buffer.from(`# Huge\n\n${line.repeat(20_000)}`);
  return found;
}

test('a vault as people have them is read as a whole, and suggestions are between notes that are alike', async () => {
  const files = notes();
  const paths = Object.keys(files);
  expect(paths.length).toBeGreaterThanOrEqual(60);
  const vault = new Vault(files, { exclude: ['Templates/**'], threshold: 0.35 });
  const said = await vault.run();
  expect(said).toMatch(new RegExp(`^${paths.filter((path) => !path.startsWith('Templates/')).length} notes`));
  expect(vault.warned.filter((line) => !line.includes('Broken front matter'))).toEqual([]);

  const waiting = await vault.waiting();
  expect(waiting.length).toBeGreaterThan(20);
  const linked = (path: string): string => files[path]?.toString('utf8') ?? '';
  for (const { note, target, terms, score } of waiting) {
    expect(note.path).not.toBe(target.path);
    for (const { path } of [note, target]) expect(path).not.toMatch(/^Templates|Empty/);
    const name = target.path.replace(/^.*\/|\.md$/g, '');
    expect(linked(note.path), `${note.path} to ${target.path}`).not.toContain(`[[${name}]]`);
    expect(terms.length).toBeGreaterThan(0);
    expect(score).toBeGreaterThanOrEqual(0.35);
  }
  // Nothing but what was accepted changes a note.
  for (const [path, bytes] of Object.entries(files)) expect(vault.read(path)).toBe(bytes.toString('utf8'));
  await vault.links.close();
});
