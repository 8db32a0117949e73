/** The stretch of time that the timeline shows, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const LENGTHS = { day: DAY, week: 7 * DAY } as const;
const SHORTEST = 2 * MINUTE;
const LONGEST = 31 * DAY;
/** How much of the span lies after now when it follows the time. */
const AHEAD = 0.12;

export const lengthOf = ({ from, until }: Span): number => until - from;

/** A span of this length in which now is near the right end, with what comes next after it. */
export function spanAround(now: number, length: number): Span {
  const until = Math.round(now + length * AHEAD);
  return { from: until - length, until };
}

/** Made longer (factor over 1) or shorter about a time that stays where it is. */
export function zoomed(span: Span, factor: number, about: number): Span {
  const length = Math.min(LONGEST, Math.max(SHORTEST, Math.round(lengthOf(span) * factor)));
  const share = (about - span.from) / lengthOf(span);
  const from = Math.round(about - share * length);
  return { from, until: from + length };
}

/** Moved by a time, not further into the future than a span after now. */
export function panned(span: Span, by: number, now: number): Span {
  const length = lengthOf(span);
  const from = Math.min(Math.round(span.from + by), now + length * AHEAD);
  return { from, until: from + length };
}

export const xOf = (time: number, span: Span, width: number): number =>
  ((time - span.from) / lengthOf(span)) * width;

export const timeOf = (x: number, span: Span, width: number): number =>
  span.from + (x / width) * lengthOf(span);

export interface Tick {
  readonly at: number;
  /** A whole day begins here. */
  readonly isDay: boolean;
}

const STEPS: readonly number[] = [
  ...[15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14].map((days) => days * DAY),
];

/** Where to write times so that each has room for `room` pixels: at round times of the local clock. */
export function ticksOf(span: Span, width: number, room: number): readonly Tick[] {
  const fitting = (room / Math.max(1, width)) * lengthOf(span);
  const step = STEPS.find((one) => one >= fitting) ?? 28 * DAY;
  const ticks: Tick[] = [];
  const day = new Date(span.from);
  day.setHours(0, 0, 0, 0);
  const stepDays = Math.max(1, Math.round(step / DAY));
  while (day.getTime() < span.until) {
    const begin = day.getTime();
    day.setDate(day.getDate() + stepDays);
    if (step >= DAY) ticks.push({ at: begin, isDay: true });
    // Counted from each midnight, so that a day of 23 or 25 hours shifts only its own.
    else for (let at = begin; at < day.getTime(); at += step) ticks.push({ at, isDay: at === begin });
  }
  return ticks.filter(({ at }) => at >= span.from && at < span.until);
}
