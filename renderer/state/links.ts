import { effect, signal } from '@preact/signals';
import { inFormerOrder, type Link, type LinkDetails } from '../links/choice.ts';
import { answering } from './app.ts';
import { CallError, call, on } from './calls.ts';

/** What is known of the suggested links that wait. */
type Links =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly links: readonly Link[]; readonly total: number }
  /** The daemon is of a version that suggests none. */
  | { readonly state: 'older' }
  | { readonly state: 'refused'; readonly error: Error };

export const links = signal<Links>({ state: 'loading' });
/** How many wait; 0 while that is not known. */
export const waitingLinks = signal(0);

/** What is known of the notes of the link with this id. */
type Details =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly details: LinkDetails }
  | { readonly state: 'refused'; readonly error: Error };

export const linkDetails = signal<Details & { readonly id: string }>({ id: '', state: 'loading' });

/** More are not looked through at one time: the others follow when these are done. */
const MOST = 200;
/** What changes together is read together, in milliseconds. */
const SOON_MS = 100;

let watchers = 0;
let turn: Promise<void> = Promise.resolve();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads them now, after what is being read. Does not reject. */
export function readLinks(): Promise<void> {
  turn = turn.then(read);
  return turn;
}

async function read(): Promise<void> {
  const asked = answering.value;
  if (document.hidden || asked === undefined) return;
  // Of those that nobody sees only the number is shown.
  const isSeen = watchers > 0;
  let found: Links;
  let total = 0;
  try {
    const answer = await call('links', { state: 'waiting', limit: isSeen ? MOST : 1 });
    total = answer.total;
    const former = links.value.state === 'known' ? links.value.links : [];
    found = isSeen
      ? { state: 'known', total, links: inFormerOrder(former, answer.links) }
      : { state: 'loading' };
  } catch (error) {
    found = isOlder(error) ? { state: 'older' } : { state: 'refused', error: error as Error };
  }
  if (asked !== answering.value) return;
  links.value = found;
  waitingLinks.value = total;
}

const isOlder = (error: unknown): boolean => error instanceof CallError && error.code === 'unknown-path';

/** Takes one off the list that was decided about, until the list is read again. */
export function takeOff(id: string): void {
  change((list) => list.filter((link) => link.id !== id));
}

/** Puts one back to where it stood in the list, until the list is read again. */
export function putBack(link: Link, place: number): void {
  change((list) => (list.some(({ id }) => id === link.id) ? list : list.toSpliced(place, 0, link)));
}

function change(changed: (list: readonly Link[]) => readonly Link[]): void {
  const known = links.value;
  if (known.state !== 'known') return;
  const list = changed(known.links);
  const total = known.total + list.length - known.links.length;
  links.value = { ...known, links: list, total };
  waitingLinks.value = total;
}

/** Reads what both notes of a link say now. Does not reject. */
export async function readDetails(id: string): Promise<void> {
  if (linkDetails.value.id !== id) linkDetails.value = { id, state: 'loading' };
  let found: Details;
  try {
    found = { state: 'known', details: await call('link', { id }) };
  } catch (error) {
    found = { state: 'refused', error: error as Error };
    if (error instanceof CallError && error.code === 'unknown-link') void readLinks();
  }
  // Another one may be looked at by now.
  if (linkDetails.value.id === id) linkDetails.value = { id, ...found };
}

/** Keeps the list as it is for as long as somebody sees it; returns how to end that. */
export function watchLinks(): () => void {
  watchers++;
  void readLinks();
  return () => {
    watchers--;
  };
}

const soon = (): void => {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    void readLinks();
  }, SOON_MS);
};
on('links', soon);
// Another configuration may have other vaults.
on('jobs', soon);
document.addEventListener('visibilitychange', soon);
effect(() => {
  void answering.value;
  // What is known is of another daemon.
  links.value = { state: 'loading' };
  waitingLinks.value = 0;
  void readLinks();
});
