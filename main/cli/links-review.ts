import { styleText } from 'node:util';
import type { SuggestionView } from '../daemon/actions/links/suggestion.ts';
import { errorDetails, SoloistError } from '../daemon/errors.ts';
import { askDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command.ts';
import { type Decision, decidedInWords, sureness } from './links.ts';
import { type Format, printable } from './table.ts';

/** So many are looked through at one time. */
const MOST = 1_000;

/** Where a review happens: what is pressed there, one text for each key, and what is shown. */
export interface ReviewTerminal {
  keys(): AsyncIterable<string>;
  write(text: string): void;
  readonly color: boolean;
}

/** What a review asks of the daemon. */
export interface ReviewCalls {
  waiting(): Promise<{ readonly links: readonly SuggestionView[]; readonly total: number }>;
  decide(decision: Decision, id: string): Promise<SuggestionView>;
}

/** `soloist links review`. Resolves to the exit code. Throws a `SoloistError` without a terminal or a daemon. */
export async function reviewLinks(context: CommandContext, job: string | undefined): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY || context.json) {
    throw new SoloistError({
      code: 'no-terminal',
      message: 'There is no terminal to review links in.',
      hint: "'soloist links list' lists them, 'soloist links accept' and 'dismiss' decide about one.",
    });
  }
  const calls: ReviewCalls = {
    waiting: () =>
      askDaemon(context, 'links', [{ state: 'waiting', limit: MOST, ...(job === undefined ? {} : { job }) }]),
    decide: async (decision, id) => {
      const names = { accept: 'acceptLink', dismiss: 'dismissLink', undo: 'undoLink' } as const;
      return (await askDaemon(context, names[decision], [{ id }])).link;
    },
  };
  const { links, total } = await calls.waiting();
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  await review({ keys: () => pressed(process.stdin), write, color: context.color }, calls, links, total);
  return 0;
}

/** The keys that are pressed in a terminal, until the reader is done. */
async function* pressed(input: NodeJS.ReadStream): AsyncGenerator<string> {
  input.setRawMode(true);
  try {
    // What was typed ahead comes as one text.
    for await (const text of input.setEncoding('utf8')) yield* keysIn(String(text));
  } finally {
    input.setRawMode(false);
    input.pause();
  }
}

/** Each key of a text; the sequence of an arrow or a function key is one. */
export function keysIn(text: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the key Escape.
  return text.match(/\u001b(?:\[[\d;]*[ -/]*[@-~]|O.)?|[\s\S]/gu) ?? [];
}

const LAST = '\nThat was the last one.   U undo   Q quit';
const STOP = new Set(['q', '\u0003', '\u0004', '\u001b']);

/** Shows one link after the other and does what the keys say, until all were shown or somebody quits. */
export async function review(
  terminal: ReviewTerminal,
  calls: ReviewCalls,
  links: readonly SuggestionView[],
  total: number,
): Promise<void> {
  const say = (text: string): void => terminal.write(`${text}\n`);
  if (links.length === 0) return say('No suggested links wait.');
  const decided: { readonly place: number; readonly link: SuggestionView }[] = [];
  const counts = { accept: 0, dismiss: 0 };
  let place = 0;
  const show = (): void => {
    const link = links[place];
    say(link === undefined ? LAST : shown(link, place + 1, total, terminal.color));
  };
  const act = async (decision: Decision, id: string): Promise<boolean> => {
    try {
      say(`  ${printable(decidedInWords(decision, await calls.decide(decision, id)))}`);
      return true;
    } catch (error) {
      if (!(error instanceof SoloistError)) throw error;
      const { message, hint } = errorDetails(error);
      say(`  ${[message, hint].filter(Boolean).join(' ')}`);
      return false;
    }
  };
  // The same pair the other way round is off the list as soon as one of both is decided about.
  const isGone = ({ note, target }: SuggestionView): boolean =>
    decided.some(({ link }) => link.note.path === target.path && link.target.path === note.path);
  const next = (): void => {
    const found = links.findIndex((link, at) => at > place && !isGone(link));
    place = found < 0 ? links.length : found;
  };
  const kinds = new Map<string, 'accept' | 'dismiss'>();
  show();
  for await (const written of terminal.keys()) {
    const key = written.toLowerCase();
    const link = links[place];
    if (STOP.has(key) || (link === undefined && key !== 'u')) break;
    if (link !== undefined && (key === 'a' || key === 'd')) {
      const decision = key === 'a' ? 'accept' : 'dismiss';
      if (await act(decision, link.id)) {
        decided.push({ place, link });
        kinds.set(link.id, decision);
        counts[decision]++;
      }
      next();
      show();
    } else if (key === 's') {
      next();
      show();
    } else if (key === 'u') {
      const last = decided.pop();
      if (last === undefined) say('  Nothing was decided yet.');
      else {
        if (await act('undo', last.link.id)) {
          counts[kinds.get(last.link.id) ?? 'dismiss']--;
          place = last.place;
        }
        show();
      }
    }
  }
  say(
    `${counts.accept} accepted, ${counts.dismiss} dismissed, ${total - counts.accept - counts.dismiss} waiting.`,
  );
}

function shown(link: SuggestionView, number: number, total: number, color: boolean): string {
  const { note, target, passage, terms, score } = link;
  const paint = (format: Format, text: string): string =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const title = ({ title, path }: SuggestionView['note']): string =>
    `${paint('bold', printable(title))} ${paint('dim', printable(path))}`;
  return [
    '',
    paint('dim', `${number} of ${total}, ${sureness(score)} sure`),
    `  ${title(note)}`,
    `  → ${title(target)}`,
    ...(passage === '' ? [] : [`  “${printable(passage)}”`]),
    ...(terms.length === 0 ? [] : [`  both: ${printable(terms.join(', '))}`]),
    paint('dim', '  A accept   D dismiss   S skip   U undo   Q quit'),
  ].join('\n');
}
