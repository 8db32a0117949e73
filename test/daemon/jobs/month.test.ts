import { expect, test } from 'vitest';
import { simulatedMonth } from '../../soak/month.ts';

/*
 * Two days of the simulated month of the soak (`npm run soak -- --month`), each on its own: Berlin's clocks go forward on
 * the first and back on the second.
 */

test.each([
  ['forward', Date.UTC(2026, 2, 28, 12)],
  ['back', Date.UTC(2026, 9, 24, 12)],
])(
  'a day and night of fifty jobs in which clocks go %s: no due time is forgotten, nothing is left',
  async (_, begin) => {
    const verdicts = await simulatedMonth({ days: 1, begin });
    expect(verdicts.filter(({ holds }) => !holds)).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(3);
  },
);
