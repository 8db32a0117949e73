import type { SuggestionView } from '../daemon/actions/links/suggestion.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { type Cell, table } from './table.ts';

/** What is decided about a link. */
export type Decision = 'accept' | 'dismiss' | 'undo';

const callOf = { accept: 'acceptLink', dismiss: 'dismissLink', undo: 'undoLink' } as const;

/** `soloist links list`: those that wait, the likeliest first. */
export async function listLinks(
  context: CommandContext,
  job: string | undefined,
  limit: number,
): Promise<CommandResult> {
  const data = await askDaemon(context, 'links', [
    { state: 'waiting', limit, ...(job === undefined ? {} : { job }) },
  ]);
  return { exitCode: 0, data, text: linksTable(data.links, data.total, context.color) };
}

/** `soloist links accept|dismiss|undo ID`. */
export async function decideLink(
  context: CommandContext,
  decision: Decision,
  id: string,
): Promise<CommandResult> {
  const data = await askDaemon(context, callOf[decision], [{ id }]);
  return { exitCode: 0, data, text: decidedInWords(decision, data.link) };
}

/** What became of a link, as a sentence. */
export function decidedInWords(decision: Decision, { note, target }: SuggestionView): string {
  switch (decision) {
    case 'accept':
      return `Added the link to '${target.title}' to ${note.path}.`;
    case 'dismiss':
      return `Dismissed: '${target.title}' is not suggested for ${note.path} again.`;
    case 'undo':
      return `Taken back: '${target.title}' waits to be decided about again, and ${note.path} is as it was.`;
  }
}

/** How sure a suggestion is: `62 %`. */
export const sureness = (score: number): string => `${Math.round(100 * score)} %`;

function linksTable(links: readonly SuggestionView[], total: number, color: boolean): string {
  if (links.length === 0) return 'No suggested links wait.';
  const rows = links.map((link): Cell[] => [
    link.id,
    link.note.path,
    link.target.title,
    sureness(link.score),
    link.terms.slice(0, 4).join(', '),
  ]);
  const shown = table(['LINK', 'NOTE', 'TO', 'SURE', 'WHY'], rows, color);
  const more = total - links.length;
  return more > 0 ? `${shown}\nThere are ${more} more; --limit shows them.` : shown;
}
