import { hasAll, wordsOf } from './search.ts';

/** As the style sheet knows them. */
const NAME = 'help-found';

/**
 * Marks where a page speaks of what was searched, and scrolls to the first place that speaks of all of it; to the page's
 * beginning if nothing was searched, or no single place has all.
 */
export function showFound(page: HTMLElement, search: string): void {
  const words = wordsOf(search);
  CSS.highlights.set(NAME, new Highlight(...rangesOf(page, words)));
  const place = words.length === 0 ? undefined : placeOf(page, words);
  page.scrollTo(0, 0);
  // A heading at the top of the page is read with what stands above it.
  if (place !== undefined && !place.matches('h2')) place.scrollIntoView({ block: 'center' });
}

function placeOf(page: HTMLElement, words: readonly string[]): Element | undefined {
  return [...page.querySelectorAll('h2, h3, p, li, pre, tr')].find((place) =>
    hasAll(place.textContent ?? '', words),
  );
}

function rangesOf(page: HTMLElement, words: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = (node.nodeValue ?? '').toLowerCase();
    for (const word of words) {
      for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  return ranges;
}
