/** A figure at a time. */
export interface Reading {
  readonly minutes: number;
  readonly value: number;
}

/** How fast a figure grows, by the minute: the slope, and between which two it lies in all likelihood (95 %). */
export interface Growth {
  readonly perMinute: number;
  readonly least: number;
  readonly most: number;
  readonly readings: number;
}

/** Two-sided 95 % of a normal distribution. */
const LIKELY = 1.96;

/**
 * The slope of Theil and Sen, which is the median of the slopes of all pairs, so that neither a burst nor a quiet moment
 * makes it. Its limits are those of Sen (1968). Undefined for fewer than four readings.
 */
export function growthOf(readings: readonly Reading[]): Growth | undefined {
  if (readings.length < 4) return undefined;
  const slopes: number[] = [];
  readings.forEach((one, index) => {
    for (const other of readings.slice(index + 1))
      if (other.minutes !== one.minutes)
        slopes.push((other.value - one.value) / (other.minutes - one.minutes));
  });
  slopes.sort((one, other) => one - other);
  const count = readings.length;
  const spread = LIKELY * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (rank: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? Number.NaN;
  return {
    perMinute: median(slopes),
    least: at((slopes.length - spread) / 2 - 1),
    most: at((slopes.length + spread) / 2),
    readings: count,
  };
}

/**
 * The least of each stretch of so many minutes: what is left after a collection of garbage, where the rest of the
 * figure is garbage, or runs that go on.
 */
export function lowest(readings: readonly Reading[], stretchMinutes: number): readonly Reading[] {
  const stretches = grouped(readings, ({ minutes }) => Math.floor(minutes / stretchMinutes));
  return [...stretches.values()].map((some) =>
    some.reduce((least, one) => (one.value < least.value ? one : least)),
  );
}

/** Those of the last two thirds of a time: a program is warm by then. */
export const afterWarmUp = (readings: readonly Reading[], minutes: number): readonly Reading[] =>
  readings.filter((one) => one.minutes >= minutes / 3);

/** What has the same key, together, in the order in which it came. */
export function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
