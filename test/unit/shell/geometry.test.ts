import fc from 'fast-check';
import { expect, test } from 'vitest';
import { popoverPosition, restoredBounds } from '../../../main/shell/windows/geometry.ts';

const size = { width: 360, height: 520 };
const workArea = { x: 0, y: 25, width: 1440, height: 875 };

test('hangs below an icon at the top, in its middle', () => {
  const icon = { x: 1000, y: 0, width: 24, height: 25 };
  expect(popoverPosition({ size, workArea, icon, pointer: undefined })).toEqual({ x: 832, y: 33 });
});

test('stands above an icon at the bottom', () => {
  const area = { x: 0, y: 0, width: 1440, height: 860 };
  const icon = { x: 1300, y: 862, width: 24, height: 24 };
  expect(popoverPosition({ size, workArea: area, icon, pointer: undefined })).toEqual({ x: 1072, y: 332 });
});

test('is near the mouse where the platform tells no place, and top right where the mouse is elsewhere', () => {
  const at = (pointer: { x: number; y: number } | undefined) =>
    popoverPosition({ size, workArea, icon: undefined, pointer });
  expect(at({ x: 700, y: 10 })).toEqual({ x: 520, y: 33 });
  expect(at({ x: 700, y: 450 })).toEqual({ x: 1072, y: 33 });
  expect(at(undefined)).toEqual({ x: 1072, y: 33 });
});

const coordinate = fc.integer({ min: -3_000, max: 5_000 });
const rectangle = fc.record({
  x: coordinate,
  y: coordinate,
  width: fc.integer({ min: 1, max: 3_000 }),
  height: fc.integer({ min: 1, max: 3_000 }),
});

test('always lies within the work area', () => {
  const area = fc.record({
    x: coordinate,
    y: coordinate,
    width: fc.integer({ min: 400, max: 3_000 }),
    height: fc.integer({ min: 600, max: 3_000 }),
  });
  fc.assert(
    fc.property(area, fc.option(rectangle, { nil: undefined }), (workArea, icon) => {
      const { x, y } = popoverPosition({ size, workArea, icon, pointer: undefined });
      expect(x).toBeGreaterThanOrEqual(workArea.x);
      expect(y).toBeGreaterThanOrEqual(workArea.y);
      expect(x + size.width).toBeLessThanOrEqual(workArea.x + workArea.width);
      expect(y + size.height).toBeLessThanOrEqual(workArea.y + workArea.height);
    }),
  );
});

test('a window comes back where it was, if it would be seen there', () => {
  const saved = { x: 100, y: 100, width: 1000, height: 700 };
  expect(restoredBounds(saved, [workArea])).toEqual(saved);
  expect(restoredBounds({ ...saved, x: 2000 }, [workArea])).toBeUndefined();
  expect(restoredBounds({ ...saved, x: 2000 }, [workArea, { ...workArea, x: 1440 }])).toBeDefined();
  expect(restoredBounds({ ...saved, y: -200 }, [workArea])).toBeUndefined();
  expect(restoredBounds({ ...saved, width: 9000 }, [workArea])?.width).toBe(1440);
});
