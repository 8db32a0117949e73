import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Action, ActionContext, LinksSettings } from '../action.ts';
import { noteText } from '../notes/text.ts';
import { EmbeddingComparison, embed, NoEmbeddings, type TextToEmbed } from './embeddings.ts';
import { indexFile, storeFile } from './files.ts';
import { NoteIndex } from './note-index.ts';
import type { Comparison, WordComparison } from './similarity.ts';
import { SuggestionStore } from './store.ts';
import { type Updated, update } from './update.ts';

/**
 * The action `links`: brings the suggestions for the notes of a vault up to date, and prints what became of them. Throws a
 * `SoloistError` if the vault is missing or has nothing to read.
 */
export const links: Action<LinksSettings> = async (settings, context) => {
  const before = performance.now();
  const warn = (line: string): void => context.warn(line);
  const index = NoteIndex.open(indexFile(context.state), warn);
  try {
    const store = SuggestionStore.open(storeFile(context.state), warn);
    try {
      const { signal } = context;
      const compare = (words: WordComparison) => comparisonOf(settings, context, index, words);
      const updated = await update({ settings, index, store, signal, warn, compare });
      for (const line of inWords(updated, store.count('waiting'), performance.now() - before))
        context.print(line);
    } finally {
      store.close();
    }
  } finally {
    index.close();
  }
};

/** How the notes are compared this time: by embeddings if they are wanted and to be had. */
async function comparisonOf(
  settings: LinksSettings,
  { warn, signal }: ActionContext,
  index: NoteIndex,
  words: WordComparison,
): Promise<{ readonly name: string; readonly comparison: Comparison }> {
  const { embeddings, vault } = settings;
  if (embeddings === undefined) return { name: 'words', comparison: words };
  const texts = index
    .ids()
    .map((id) => index.note(id))
    .filter((note) => note !== undefined)
    .map(
      ({ id, path, hash }): TextToEmbed => ({
        id,
        hash,
        text: () => noteText(readFileSync(join(vault, path)))?.text ?? '',
      }),
    );
  try {
    await embed(embeddings, index, texts, signal);
    const comparison = new EmbeddingComparison(index, embeddings.model, words);
    return { name: `embeddings of ${embeddings.model}`, comparison };
  } catch (error) {
    if (!(error instanceof NoEmbeddings)) throw error;
    warn(
      `Ollama at ${embeddings.url} gave no embeddings (${error.message}): the notes are compared by their words this time.`,
    );
    return { name: 'words', comparison: words };
  }
}

function inWords(updated: Updated, waiting: number, tookMs: number): string[] {
  const { notes, changed, gone, renamed, reckoned, added, removed } = updated;
  const count = (number: number, one: string, many = `${one}s`): string =>
    `${number} ${number === 1 ? one : many}`;
  return [
    `${count(notes, 'note')}: ${changed} new or changed, ${renamed} renamed, ${gone} gone.`,
    `Suggestions of ${count(reckoned, 'note')} reckoned anew: ${added} new, ${removed} gone, ${waiting} waiting.`,
    `Took ${tookMs < 1_000 ? `${Math.round(tookMs)} ms` : `${(tookMs / 1_000).toFixed(1)} s`}.`,
  ];
}
