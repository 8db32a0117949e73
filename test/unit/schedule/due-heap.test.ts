import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueHeap } from '../../../main/daemon/schedule/due-heap.ts';

interface Entry {
  readonly name: string;
  readonly atMs: number;
}

test('behaves as a sorted list would, whatever is added, replaced and removed', () => {
  const name = fc.integer({ min: 0, max: 20 }).map((number) => `job-${number}`);
  const atMs = fc.integer({ min: 0, max: 30 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), name, atMs }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const), atMs }) },
  );
  let steps = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (all) => {
      const heap = new DueHeap<Entry>();
      let list: Entry[] = [];
      for (const one of all) {
        if (one.kind === 'set') {
          heap.set({ name: one.name, atMs: one.atMs });
          list = [...list.filter((entry) => entry.name !== one.name), { name: one.name, atMs: one.atMs }];
          list.sort((left, right) => left.atMs - right.atMs || (left.name < right.name ? -1 : 1));
        } else if (one.kind === 'remove') {
          expect(heap.remove(one.name)).toBe(list.some((entry) => entry.name === one.name));
          list = list.filter((entry) => entry.name !== one.name);
        } else {
          expect(heap.takeUntil(one.atMs)).toEqual(list.filter((entry) => entry.atMs <= one.atMs));
          list = list.filter((entry) => entry.atMs > one.atMs);
        }
        expect(heap.size).toBe(list.length);
        expect(heap.first()).toEqual(list[0]);
        for (const entry of list) expect(heap.get(entry.name)).toEqual(entry);
        steps += 1;
      }
      expect(heap.takeUntil(Number.POSITIVE_INFINITY)).toEqual(list);
    }),
    { numRuns: 300 },
  );
  console.log(`${steps} steps`);
});

test('10,000 entries are added, replaced and removed (measurement)', () => {
  const heap = new DueHeap<Entry>();
  const started = performance.now();
  for (let index = 0; index < 10_000; index += 1)
    heap.set({ name: `job-${index}`, atMs: (index * 7_919) % 10_007 });
  for (let index = 0; index < 10_000; index += 1)
    heap.set({ name: `job-${index}`, atMs: (index * 104_729) % 10_007 });
  for (let index = 0; index < 10_000; index += 2) heap.remove(`job-${index}`);
  const taken = heap.takeUntil(Number.POSITIVE_INFINITY);
  console.log(`10,000 entries: ${Math.round(performance.now() - started)} ms`);
  expect(taken.length).toBe(5_000);
  expect(taken.every(({ atMs }, index) => index === 0 || atMs >= (taken[index - 1]?.atMs ?? 0))).toBe(true);
});
