const UNITS = [
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
] as const;
/** A larger unit is used only from one and a half of it on: `85 min` says more than `1 h`. */
const ENOUGH = 1.5;

/** How a moment (ISO 8601) lies to another (milliseconds since 1970): `in 3 min`, `2 h ago`, `now`. */
export function relative(moment: string, now: number): string {
  const ahead = Date.parse(moment) - now;
  const length = Math.abs(ahead);
  if (length < 1_000) return 'now';
  const [unit, milliseconds] = UNITS.findLast(([, one]) => length >= ENOUGH * one) ?? UNITS[0];
  const words = `${Math.round(length / milliseconds)} ${unit}`;
  return ahead > 0 ? `in ${words}` : `${words} ago`;
}

/** The whole seconds from `now` (milliseconds since 1970) until a moment (ISO 8601); none if it is over. */
export const secondsUntil = (moment: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(moment) - now) / 1_000));
