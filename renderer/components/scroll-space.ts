/**
 * The maths of a list of rows of one height, of which only those seen are in the page. A browser's element has a
 * greatest height (33 million device pixels in Chromium), and a million rows are higher: the scroll bar then stands
 * for more than its element's height, while a wheel's or a key's small steps still move by their own distance.
 */

/** Well under Chromium's limit at three times the size. */
export const GREATEST_HEIGHT = 8_000_000;

export interface ScrollSpace {
  /** Height of all rows, in pixels. */
  readonly rows: number;
  /** Height of what is seen. */
  readonly view: number;
}

export interface ScrollPlace {
  /** Where the element is scrolled to, in its own pixels. */
  readonly scrollTop: number;
  /** Where the first pixel seen lies among all rows. */
  readonly top: number;
}

/** How high the scrolled element is. */
export function elementHeight({ rows }: ScrollSpace): number {
  return Math.min(rows, GREATEST_HEIGHT);
}

/** Where the element must be scrolled to for `top` to be seen first, from afar. */
export function placeOf(top: number, space: ScrollSpace): ScrollPlace {
  const greatestTop = Math.max(0, space.rows - space.view);
  const bounded = Math.min(Math.max(0, top), greatestTop);
  if (space.rows <= GREATEST_HEIGHT) return { scrollTop: bounded, top: bounded };
  return { scrollTop: Math.round((bounded / greatestTop) * (GREATEST_HEIGHT - space.view)), top: bounded };
}

/**
 * Where the list is after its element was scrolled to `scrollTop`: a small step moves by just that, a leap (the bar
 * dragged, Home and End) to that share of all rows. `scrollTop` of the answer may differ: set it then.
 */
export function placeAfterScroll(before: ScrollPlace, scrollTop: number, space: ScrollSpace): ScrollPlace {
  if (space.rows <= GREATEST_HEIGHT) return { scrollTop, top: scrollTop };
  const greatestTop = space.rows - space.view;
  const greatestScroll = GREATEST_HEIGHT - space.view;
  const step = scrollTop - before.scrollTop;
  const top = before.top + step;
  const isSmall = Math.abs(step) <= space.view * 2;
  if (!isSmall || scrollTop <= 0 || scrollTop >= greatestScroll) {
    // At an end of the bar after small steps there may be many rows left: go on from where they say that we are.
    const left = scrollTop <= 0 ? top : greatestTop - top;
    if (isSmall && left > space.view) return placeOf(top, space);
    return { scrollTop, top: (scrollTop / greatestScroll) * greatestTop };
  }
  if (top < 0 || top > greatestTop) return placeOf(top, space);
  return { scrollTop, top };
}

/** The rows to be in the page, from the first to before the last, with some more on both sides. */
export function rowsSeen(
  top: number,
  view: number,
  rowHeight: number,
  count: number,
  more = 8,
): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - more);
  const end = Math.min(count, Math.ceil((top + view) / rowHeight) + more);
  return { first: Math.min(first, end), end };
}
