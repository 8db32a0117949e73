import { computed, signal } from '@preact/signals';
import { CallError, call } from '../state/calls.ts';
import { linkDetails, links, putBack, readLinks, takeOff } from '../state/links.ts';
import { linkStrings as strings } from '../strings/links.ts';
import { addedTo } from './added.ts';
import { chosenOf, type Link, type LinkAction, nextAfter } from './choice.ts';

/** Which one the person looks at, by its id, and where in the list it stood. */
const wanted = signal<{ readonly id: string | undefined; readonly place: number }>({
  id: undefined,
  place: 0,
});
interface Decided {
  readonly link: Link;
  readonly kind: 'accept' | 'dismiss';
  /** Where in the list it stood. */
  readonly place: number;
}

/** What was decided here, the last at the end: that can be taken back. */
export const decided = signal<readonly Decided[]>([]);
export const isDeciding = signal(false);
/** What became of what the person did last. The same words twice are said twice. */
export const said = signal<{ readonly text: string; readonly times: number }>({ text: '', times: 0 });
export const refusal = signal<Error | undefined>(undefined);

export const waiting = computed(() => (links.value.state === 'known' ? links.value.links : []));
export const chosen = computed(() => chosenOf(waiting.value, wanted.value.id, wanted.value.place));

export function choose(id: string | undefined): void {
  const at = waiting.value.findIndex((link) => link.id === id);
  wanted.value = { id, place: at < 0 ? wanted.value.place : at };
}

/** Whether there is something that this can be done to. Nothing is decided about what is not shown yet. */
export function can(action: LinkAction): boolean {
  if (isDeciding.value) return false;
  if (action === 'undo') return decided.value.length > 0;
  const { id, state } = linkDetails.value;
  if (action === 'skip') return chosen.value !== undefined;
  return chosen.value?.id === id && state !== 'loading';
}

/** Does what a button or a key says. Does not reject. */
export async function act(action: LinkAction): Promise<void> {
  if (!can(action)) {
    if (action === 'undo' && !isDeciding.value) say(strings.nothingToUndo);
    return;
  }
  if (action === 'skip') return skip();
  isDeciding.value = true;
  refusal.value = undefined;
  try {
    await (action === 'undo' ? undo() : decide(action));
  } catch (error) {
    refusal.value = error as Error;
    said.value = { ...said.value, text: '' };
    if (error instanceof CallError) void readLinks();
  } finally {
    isDeciding.value = false;
  }
}

async function decide(kind: 'accept' | 'dismiss'): Promise<void> {
  const link = chosen.value;
  if (link === undefined) return;
  const { id, note, target } = link;
  const shown = linkDetails.value;
  const before = shown.state === 'known' ? shown.details.noteText : null;
  await call(kind === 'accept' ? 'acceptLink' : 'dismissLink', { id });
  const words =
    kind === 'accept' ? await acceptedInWords(link, before) : strings.dismissed(target.title, note.title);
  const place = waiting.value.findIndex((one) => one.id === id);
  decided.value = [...decided.value, { link, kind, place }];
  // Unless the person has gone on to another one meanwhile.
  if (chosen.value?.id === id) choose(nextAfter(waiting.value, id)?.id);
  takeOff(id);
  say(words);
}

/** The note itself tells what was written into it. */
async function acceptedInWords({ id, note, target }: Link, before: string | null): Promise<string> {
  let after: string | null = null;
  try {
    after = (await call('link', { id })).noteText;
  } catch (error) {
    // It is written all the same, which is what is to be said.
    if (!(error instanceof CallError)) throw error;
  }
  if (before !== null && after !== null) {
    const added = addedTo(before, after);
    if (added !== undefined) return strings.added(added.link, note.title, added.heading);
    // Of a long note only the beginning is known, and what was written stands at the end.
    if (before === after && !after.endsWith('…')) return strings.hasAlready(target.title, note.title);
  }
  return strings.addedSomewhere(target.title, note.title);
}

function skip(): void {
  const link = chosen.value;
  if (link === undefined) return;
  refusal.value = undefined;
  const isLast = waiting.value.at(-1)?.id === link.id;
  choose(nextAfter(waiting.value, link.id)?.id ?? link.id);
  const words = strings.skipped(link.target.title);
  say(isLast ? `${words} ${strings.skippedLast}` : words);
}

/** After these the decision can never be taken back: the one before it is the next. */
const FINAL = new Set(['note-changed', 'unknown-link', 'link-undecided']);

async function undo(): Promise<void> {
  const last = decided.value.at(-1);
  if (last === undefined) return;
  const { link, kind, place } = last;
  const forget = (): void => {
    decided.value = decided.value.filter((one) => one !== last);
  };
  try {
    await call('undoLink', { id: link.id });
  } catch (error) {
    if (error instanceof CallError && FINAL.has(error.code)) forget();
    throw error;
  }
  forget();
  putBack(link, place);
  choose(link.id);
  const { note, target } = link;
  say(kind === 'accept' ? strings.undone(target.title, note.title) : strings.undoneDismissal(target.title));
}

function say(text: string): void {
  said.value = { text, times: said.value.times + 1 };
}
