/** How sure a suggestion is, in whole percent; the score is from 0 to 1. */
export const percentOf = (score: number): number => Math.round(100 * Math.min(1, Math.max(0, score)));
