import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRunId, nextRunNumber, parseRunId } from '../../../main/daemon/history/run-id.ts';

describe('run ids', () => {
  it('come back as the number they were made of, in upper case too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (number) => {
        expect(parseRunId(formatRunId(number))).toBe(number);
        expect(parseRunId(formatRunId(number).toUpperCase())).toBe(number);
      }),
    );
  });

  it('sort as text in the order of their numbers, from 1970 to 2059', () => {
    fc.assert(
      fc.property(fc.nat(36 ** 8 - 1), fc.nat(36 ** 8 - 1), (one, other) => {
        expect(formatRunId(one) < formatRunId(other)).toBe(one < other);
      }),
    );
  });

  it.each(['', 'backup', 'mi3v9k2', 'mi3v9k2-', ' mi3v9k2a', 'zzzzzzzzzzz', 'mi3v9k2a0000'])(
    'are not %j',
    (text) => {
      expect(parseRunId(text)).toBeUndefined();
    },
  );

  it('are made from the time, and still grow within a millisecond and when the clock is set back', () => {
    expect(nextRunNumber(undefined, 1_000)).toBe(1_000);
    expect(nextRunNumber(900, 1_000)).toBe(1_000);
    expect(nextRunNumber(1_000, 1_000)).toBe(1_001);
    expect(nextRunNumber(5_000, 1_000)).toBe(5_001);
  });
});
