import { afterWarmUp, growthOf } from './growth.ts';
import type { Verdict } from './verdicts.ts';

/** Megabytes that memory may grow by between the first week and the last; and a day, in the last two thirds. */
const MEMORY_TOLERANCE = 1;
const DAILY_TOLERANCE = 0.03;

/** What the process held at the end of a day, its garbage collected. */
export interface Held {
  readonly heap: number;
  readonly resident: number;
  readonly handles: number;
  readonly descriptors: number;
  readonly timers: number;
  readonly runs: number;
}

/** The last week beside the first, without its first days, in which the history fills. */
export function growths(held: readonly Held[]): readonly Verdict[] {
  if (held.length < 14) return [];
  const middle = (values: readonly number[]): number =>
    [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
  const compare = (name: string, of: (one: Held) => number, tolerance: number, unit: string): Verdict => {
    const first = middle(held.slice(4, 7).map(of));
    const last = middle(held.slice(-7).map(of));
    const found = `${first.toFixed(1)} and ${last.toFixed(1)}${unit}`;
    return {
      promise: `${name}, first week and last: at most ${tolerance}${unit} more`,
      found,
      holds: last - first <= tolerance,
    };
  };
  return [
    compare('memory without garbage', (one) => one.heap, MEMORY_TOLERANCE, ' MB'),
    daily(held),
    compare('handles', (one) => one.handles, 0, ''),
    compare('descriptors', (one) => one.descriptors, 0, ''),
  ];
}

/** What was loaded at first and is thrown away later would hide a growth between two weeks. */
function daily(held: readonly Held[]): Verdict {
  const readings = held.map(({ heap }, day) => ({ minutes: day, value: heap }));
  const growth = growthOf(afterWarmUp(readings, held.length));
  return {
    promise: `memory without garbage grows by at most ${DAILY_TOLERANCE} MB a day in the last two thirds`,
    found: growth === undefined ? 'too few days to tell' : `${growth.perMinute.toFixed(3)} MB`,
    holds: growth === undefined || growth.least <= DAILY_TOLERANCE,
  };
}

export const heldLine = (held: Held | undefined): string =>
  held === undefined
    ? ''
    : `${held.runs} runs played, memory ${held.heap.toFixed(1)} MB, resident ${held.resident.toFixed(0)} MB, ` +
      `${held.handles} handles, ${held.descriptors} descriptors, ${held.timers} timers`;
