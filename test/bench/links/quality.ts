import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { aimLine } from '../figures.ts';
import { miniSearch, random, type Suggest, soloist, tfIdf } from './contenders.ts';
import { type HiddenNote, hideLinks, hidings } from './hidden.ts';

const contenders: ReadonlyMap<string, Suggest> = new Map([
  ['Soloist', soloist],
  ['plain TF-IDF cosine', tfIdf],
  ['MiniSearch (BM25+)', miniSearch],
  ['random', random],
]);

/** How many of the links that were hidden are among the first five suggestions, from 0 to 1. */
export function recall(
  notes: readonly HiddenNote[],
  suggested: ReadonlyMap<string, readonly string[]>,
): { readonly found: number; readonly links: number } {
  let found = 0;
  let links = 0;
  for (const { path, linked } of notes) {
    links += linked.size;
    found += (suggested.get(path) ?? []).filter((target) => linked.has(target)).length;
  }
  return { found, links };
}

const fixture = resolve(import.meta.dirname, '../../fixtures/notes');

/** On a vault whose links are hidden (the fixture one, unless another is named): how many come back among the first five suggestions. */
export async function benchLinkQuality(vault: string = fixture): Promise<void> {
  if (!existsSync(vault))
    return console.log(`  there is no vault ${vault}; SOLOIST_BENCH_VAULT names another`);
  for (const how of hidings) {
    const notes = hideLinks(vault, how);
    const shares: number[] = [];
    for (const [name, suggest] of contenders) {
      const { found, links } = recall(notes, await suggest(notes));
      shares.push(found / links);
      const share = `${((100 * found) / links).toFixed(1)} %`.padStart(7);
      console.log(
        `${`hidden links (${how}) among the first 5, ${name}`.padEnd(72)} ${share}   ${found} of ${links}, ${notes.length} notes`,
      );
    }
    const [own = 0, ...others] = shares;
    const best = Math.max(...others);
    console.log(
      aimLine(`ahead of the others (the best: ${(100 * best).toFixed(1)} %)`, 100 * own, '%', own > best),
    );
  }
}
