/**
 * How many single letters have to be added, removed, changed or swapped with their neighbour to turn one word into
 * the other (optimal string alignment), or more than `limit` as soon as that is certain.
 */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped && row > 1 && column > 1) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? limit + 1;
}

/** Nobody mistypes a word longer than this, and comparing is quadratic. */
const LONGEST_WORD = 100;

/** Case and the ways of joining words make no difference: `keepAlive` and `keep-alive` both mean `keep_alive`. */
function normalised(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[-\s]/g, '_');
}

/**
 * The candidate that was probably meant by `word`: at most a third of its letters differ. Undefined if none is near
 * enough. Of several equally near, the first.
 */
export function likelyWord(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const wanted = normalised(word);
  let limit = Math.floor(Math.max(wanted.length, 3) / 3);
  let found: string | undefined;
  for (const candidate of candidates) {
    if (candidate === word || candidate.length > LONGEST_WORD) continue;
    const distance = editDistance(wanted, normalised(candidate), limit);
    if (distance > limit || (found !== undefined && distance === limit)) continue;
    limit = distance;
    found = candidate;
    if (distance === 0) break;
  }
  return found;
}

/** How a refusal of a name goes on: the one that was probably meant, or where all of them are told. */
export function hintForName(
  name: string,
  names: readonly string[],
  otherwise: { readonly none: string; readonly some: string },
): string {
  const likely = likelyWord(name, names);
  if (likely !== undefined) return `Did you mean "${likely}"?`;
  return names.length === 0 ? otherwise.none : otherwise.some;
}
