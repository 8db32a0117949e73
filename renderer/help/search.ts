import type { HelpBlock, HelpTopic } from '../../main/control/app-calls.ts';

/** The words of a search, in lower case. */
export const wordsOf = (search: string): readonly string[] =>
  search.toLowerCase().split(/\s+/).filter(Boolean);

/** Whether a text has all of these words, whatever their case. */
export function hasAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** The topics that speak of all words, those first that have them in their titles. */
export function findTopics(topics: readonly HelpTopic[], search: string): readonly HelpTopic[] {
  const words = wordsOf(search);
  if (words.length === 0) return topics;
  const titleOf = ({ name, title }: HelpTopic): string => `${name} ${title}`;
  const found = topics.filter((topic) =>
    hasAll(`${titleOf(topic)} ${topic.blocks.map(textOf).join(' ')}`, words),
  );
  const isInTitle = (topic: HelpTopic): boolean => hasAll(titleOf(topic), words);
  return [...found.filter(isInTitle), ...found.filter((topic) => !isInTitle(topic))];
}

function textOf(block: HelpBlock): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return block.text;
    case 'list':
      return block.items.join(' ');
    case 'code':
      return block.lines.join(' ');
    case 'table':
      return [...block.titles, ...block.rows.flat()].join(' ');
  }
}

/** A piece of a text: plain, code, bold, or the name of a topic to go to. */
export type Piece =
  | { readonly kind: 'plain' | 'code' | 'bold'; readonly text: string }
  | { readonly kind: 'topic'; readonly text: string; readonly topic: string };

/** Takes a text apart. `soloist help NAME` in code leads to that topic, if there is one. */
export function piecesOf(text: string, isTopic: (name: string) => boolean): readonly Piece[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).flatMap((part): Piece[] => {
    if (part === '') return [];
    if (part.startsWith('**')) return [{ kind: 'bold', text: part.slice(2, -2) }];
    if (!part.startsWith('`')) return [{ kind: 'plain', text: part }];
    const code = part.slice(1, -1);
    const [, topic = ''] = /^soloist help ([\w-]+)$/.exec(code) ?? [];
    return [isTopic(topic) ? { kind: 'topic', text: code, topic } : { kind: 'code', text: code }];
  });
}
