import type { WindowOutput } from '../../main/control/window-calls.ts';

/** A suggested link, and one with the texts of both notes. */
export type Link = WindowOutput<'links'>['links'][number];
export type LinkDetails = WindowOutput<'link'>;

interface Named {
  readonly id: string;
}

/** Which one is looked at: the one with this id; if it is gone, the one that stands where it stood. */
export function chosenOf<Item extends Named>(
  links: readonly Item[],
  id: string | undefined,
  place: number,
): Item | undefined {
  return links.find((link) => link.id === id) ?? links[Math.max(0, Math.min(place, links.length - 1))];
}

/** The one that comes after this one; after the last the first again. Undefined if there is no other. */
export function nextAfter<Item extends Named>(links: readonly Item[], id: string): Item | undefined {
  const at = links.findIndex((link) => link.id === id);
  const next = links[at + 1] ?? links[0];
  return next?.id === id ? undefined : next;
}

/**
 * What was read anew, in the order in which the person goes through it: what was there stays where it is, though the likeliest of
 * a note may be gone; what is new comes last.
 */
export function inFormerOrder<Item extends Named>(former: readonly Item[], read: readonly Item[]): Item[] {
  const places = new Map(former.map(({ id }, place) => [id, place]));
  const placeOf = ({ id }: Item): number => places.get(id) ?? former.length;
  return read.toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** What the keys of the view do. */
export type LinkAction = 'accept' | 'dismiss' | 'skip' | 'undo';

const actions: Readonly<Record<string, LinkAction>> = { a: 'accept', d: 'dismiss', s: 'skip', u: 'undo' };

interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a pressed key does. A key that is held decides nothing: it would go through the whole list. */
export function actionOf({ key, code, repeat, ctrlKey, metaKey, altKey }: Pressed): LinkAction | undefined {
  if (repeat || ctrlKey || metaKey || altKey) return undefined;
  // A keyboard of another script has the letters on the same keys.
  const isLatin = /^[\p{Script=Latin}\p{Script=Common}]+$/u.test(key);
  return actions[isLatin ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase()];
}
