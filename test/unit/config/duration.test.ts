import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  durationText,
  durationWords,
  parseDuration,
  parseRange,
  parseSize,
  rangeText,
  sizeText,
} from '../../../main/daemon/config/duration.ts';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['500ms', 500],
    ['0s', 0],
    ['1w', 604_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['007s', 7_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '',
    '5',
    's',
    '1.5h',
    '-1s',
    '1 h',
    '1m1h',
    '1s1s',
    '1H',
    '1h30',
    'ms',
    '1e3s',
    '٣s',
    '99999999999999s',
    '1s\n',
  ])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('what is written is read back, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (milliseconds) => {
        expect(parseDuration(durationText(milliseconds))).toBe(milliseconds);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [0, '0 seconds'],
    [1, '1 millisecond'],
    [1_000, '1 second'],
    [5_400_000, '1 hour 30 minutes'],
    [14 * 86_400_000, '14 days'],
    [90_061_001, '1 day 1 hour 1 minute 1 second 1 millisecond'],
  ])('%d ms in words: %s', (milliseconds, words) => {
    expect(durationWords(milliseconds)).toBe(words);
  });
});

describe('ranges', () => {
  test.each([
    ['1s..5m', { from: 1_000, to: 300_000 }],
    ['30s', { from: 30_000, to: 30_000 }],
    ['5s..5s', { from: 5_000, to: 5_000 }],
  ])('%s', (text, range) => {
    expect(parseRange(text)).toEqual(range);
  });

  test.each(['5m..1s', '1s..', '..1s', '1s..2s..3s', '1s...2s', '1s-5m', ''])('%j is no range', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  test('what is written is read back', () => {
    const milliseconds = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(milliseconds, milliseconds, (one, other) => {
        const range = { from: Math.min(one, other), to: Math.max(one, other) };
        expect(parseRange(rangeText(range))).toEqual(range);
      }),
    );
  });
});

describe('sizes', () => {
  test.each([
    ['10MB', 10_000_000],
    ['10 MB', 10_000_000],
    ['1kB', 1_000],
    ['1KB', 1_000],
    ['1KiB', 1_024],
    ['2GiB', 2_147_483_648],
    ['5b', 5],
    ['0B', 0],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['', '10', 'MB', '1.5MB', '-1MB', '10  MB', '10M', '10PB', '999999999999TB', '1B '])(
    '%j is no size',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_500, '1.5 kB'],
    [999_999, '1 MB'],
    [50_000_000, '50 MB'],
    [4e15, '4000 TB'],
  ])('%d bytes: %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
