import { expect, test } from 'vitest';
import { resultLine, type TortureResult } from '../torture/result.ts';
import { tortures } from '../torture/table.ts';

/** The short version of each torture; `npm run torture` is the long one. */
test.for(tortures)('$name', { timeout: 300_000 }, async ({ short }) => {
  const result: TortureResult = await short();
  console.log(resultLine(result));
  expect(result.failures).toEqual([]);
  expect(result.rounds).toBeGreaterThan(0);
});
