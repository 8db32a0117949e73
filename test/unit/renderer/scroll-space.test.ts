import { describe, expect, test } from 'vitest';
import {
  elementHeight,
  GREATEST_HEIGHT,
  placeAfterScroll,
  placeOf,
  rowsSeen,
} from '../../../renderer/components/scroll-space.ts';

const few = { rows: 32_000, view: 600 };
const million = { rows: 1_000_000 * 32, view: 600 };

describe('a list of rows of one height', () => {
  test('is as high as its rows, up to what a browser can', () => {
    expect(elementHeight(few)).toBe(32_000);
    expect(elementHeight(million)).toBe(GREATEST_HEIGHT);
  });

  test('scrolls as any element where its rows fit', () => {
    expect(placeAfterScroll({ scrollTop: 0, top: 0 }, 500, few)).toEqual({ scrollTop: 500, top: 500 });
  });

  test('moves by small steps as they are in a million rows', () => {
    let place = placeOf(16_000_000, million);
    for (let step = 0; step < 50; step++) place = placeAfterScroll(place, place.scrollTop + 100, million);
    expect(place.top).toBe(16_005_000);
  });

  test('shows the share of its rows that the bar is dragged to', () => {
    const place = placeAfterScroll({ scrollTop: 0, top: 0 }, (GREATEST_HEIGHT - 600) / 2, million);
    expect(place.top).toBeCloseTo((million.rows - 600) / 2, 0);
  });

  test('reaches the first and the last row from either side, by leaps and by small steps', () => {
    const end = placeAfterScroll({ scrollTop: 0, top: 0 }, GREATEST_HEIGHT - 600, million);
    expect(end.top).toBe(million.rows - 600);
    let place = placeOf(3_000, million);
    for (let step = 0; step < 40; step++)
      place = placeAfterScroll(place, Math.max(0, place.scrollTop - 100), million);
    expect(place.top).toBe(0);
    place = placeOf(million.rows - 3_600, million);
    for (let step = 0; step < 40; step++)
      place = placeAfterScroll(place, Math.min(GREATEST_HEIGHT - 600, place.scrollTop + 100), million);
    expect(place.top).toBe(million.rows - 600);
  });

  test('has the rows that are seen and a few more in the page', () => {
    expect(rowsSeen(3_200, 320, 32, 1_000)).toEqual({ first: 92, end: 118 });
    expect(rowsSeen(0, 320, 32, 5)).toEqual({ first: 0, end: 5 });
    expect(rowsSeen(9_000, 320, 32, 5)).toEqual({ first: 5, end: 5 });
  });
});
