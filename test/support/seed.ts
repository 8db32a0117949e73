/**
 * The seed of all tests that make things up: SOLOIST_TEST_SEED, or another one each time. The CI script sets it from
 * the commit, so that what it found is found again by whoever runs that commit with the same seed.
 */
export const TEST_SEED: number = Number(process.env.SOLOIST_TEST_SEED) || Math.floor(Math.random() * 2 ** 31);

/** A small generator of pseudo-random whole numbers below a limit (mulberry32): the same seed, the same numbers. */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
