import { type CronPattern, nextReading } from './pattern.ts';
import { HOUR_MS, type Stretch, stretchAt } from './zone.ts';

/**
 * cron(8): a change of the clocks by less than three hours is a change between summer and winter time. A
 * larger one (Samoa going over a whole day) is a correction, and the new time simply holds.
 */
export const LARGEST_SEASONAL_CHANGE_MS = 3 * HOUR_MS;

/**
 * How far the clocks go on (or, if negative, back), where it is a change between summer and winter time, else
 * 0.
 */
function seasonalChange(fromOffsetMs: number, toOffsetMs: number): number {
  const change = toOffsetMs - fromOffsetMs;
  return Math.abs(change) < LARGEST_SEASONAL_CHANGE_MS ? change : 0;
}

/** The first instant after `afterMs` at which the pattern is due; see `nextCronDue`. */
function nextPatternDue(pattern: CronPattern, zone: string, afterMs: number): number | undefined {
  let stretch: Stretch = stretchAt(zone, afterMs);
  let from = afterMs + stretch.offsetMs;
  if (pattern.fixedTime && seasonalChange(stretch.previousOffsetMs, stretch.offsetMs) < 0) {
    // Up to here the clocks repeat what they have shown already.
    from = Math.max(from, stretch.startMs + stretch.previousOffsetMs - 1);
  }
  let reading = nextReading(pattern, from);
  while (reading !== undefined) {
    const due = reading - stretch.offsetMs;
    if (due < stretch.endMs) return due;
    const next = stretchAt(zone, stretch.endMs);
    const seasonal = seasonalChange(stretch.offsetMs, next.offsetMs);
    const firstReading = stretch.endMs + next.offsetMs;
    if (next.offsetMs > stretch.offsetMs && reading < firstReading) {
      // The clocks skip this reading. A fixed time is made up for at once; others wait for their next.
      if (pattern.fixedTime && seasonal > 0) return stretch.endMs;
      reading = nextReading(pattern, firstReading - 1);
    } else if (next.offsetMs < stretch.offsetMs && !(pattern.fixedTime && seasonal < 0)) {
      reading = nextReading(pattern, firstReading - 1);
    }
    stretch = next;
  }
  return undefined;
}

/**
 * The first instant strictly after `afterMs` (epoch milliseconds) at which any of the patterns is due on the
 * clocks of the zone (IANA name), or undefined if none ever is.
 *
 * Where the clocks change, cron(8) of Vixie and Debian is followed: a fixed time that is skipped is due once,
 * at the change; one that is shown twice is due the first time only; a pattern with `*` in minute or hour is
 * due whenever the clocks show a match.
 */
export function nextCronDue(
  patterns: readonly CronPattern[],
  zone: string,
  afterMs: number,
): number | undefined {
  let nearest: number | undefined;
  for (const pattern of patterns) {
    const due = nextPatternDue(pattern, zone, afterMs);
    if (due !== undefined && (nearest === undefined || due < nearest)) nearest = due;
  }
  return nearest;
}
