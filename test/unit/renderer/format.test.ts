import { expect, test } from 'vitest';
import { bytesInWords, durationInWords } from '../../../renderer/format.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [3_240, '3.2 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [60_000, '1 min'],
  [250_000, '4 min 10 s'],
  [3_599_600, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [273_600_000, '3 d 4 h'],
])('%d ms is %s', (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

test.each([
  [812, '812 B'],
  [1_000, '1 KB'],
  [1_250_000, '1.3 MB'],
  [10_000_000, '10 MB'],
  [999_600, '1 MB'],
])('%d bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
