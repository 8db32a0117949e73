import { expect, test } from 'vitest';
import { growthOf, lowest } from '../../soak/growth.ts';
import { generator } from '../../support/seed.ts';

/** Fourteen minutes of a memory that grows by so much a minute, under garbage that is collected now and then. */
function memory(perMinute: number) {
  const below = generator(5);
  return Array.from({ length: 84 }, (_, index) => {
    const minutes = index / 6;
    const garbage = (index % 4) * 6 + below(300) / 100;
    return { minutes, value: 80 + perMinute * minutes + garbage };
  });
}

test('a leak is told from garbage, and garbage from a leak', () => {
  const of = (perMinute: number) => growthOf(lowest(memory(perMinute), 1));
  expect(of(0)?.perMinute).toBeCloseTo(0, 0);
  expect(of(0)?.least).toBeLessThan(0);
  expect(of(2)?.perMinute).toBeCloseTo(2, 0);
  expect(of(2)?.least).toBeGreaterThan(1);
});

test('one reading that is far off changes nothing', () => {
  const readings = [1, 2, 3, 4, 5, 6].map((minutes) => ({ minutes, value: 10 + minutes }));
  readings[3] = { minutes: 4, value: 900 };
  expect(growthOf(readings)?.perMinute).toBeCloseTo(1);
  expect(growthOf(readings.slice(0, 3))).toBeUndefined();
});
