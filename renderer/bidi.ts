const FIRST_STRONG_ISOLATE = '\u2068';
const POP_DIRECTIONAL_ISOLATE = '\u2069';

/** A name within a sentence: whichever way its letters run, the words around it stay where they are (UAX #9, 2.4). */
export const isolate = (name: string): string => `${FIRST_STRONG_ISOLATE}${name}${POP_DIRECTIONAL_ISOLATE}`;

/** A sentence in which each mention of a name is isolated. */
export const isolateIn = (sentence: string, name: string | null): string =>
  name === null || name === '' ? sentence : sentence.replaceAll(name, () => isolate(name));
