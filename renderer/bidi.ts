const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/** A name within a sentence: whichever way its letters run, the words around it stay where they are (UAX #9, 2.4). */
export const isolate = (name: string): string => `${FIRST_STRONG_ISOLATE}${name}${POP_DIRECTIONAL_ISOLATE}`;

/** A sentence in which each mention of a name is isolated: of the whole name, not of its letters within other words. */
export function isolateIn(sentence: string, name: string | null): string {
  if (name === null || name === '') return sentence;
  const literally = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const whole = new RegExp(`(?<![\\p{L}\\p{N}_-])${literally}(?![\\p{L}\\p{N}_-])`, 'gu');
  return sentence.replace(whole, () => isolate(name));
}
