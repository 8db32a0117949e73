const UNITS = [
  { name: 's', milliseconds: 1_000 },
  { name: 'min', milliseconds: 60_000 },
  { name: 'h', milliseconds: 3_600_000 },
  { name: 'd', milliseconds: 86_400_000 },
] as const;

/** A larger unit is used only from one and a half of it on: `85 min` says more than `1 h`. */
const ENOUGH = 1.5;

/** Milliseconds in one unit: `3 min`, `36 h`; below ten seconds with a decimal. */
export function lengthInWords(milliseconds: number): string {
  if (milliseconds < 9_950) return `${Number((Math.max(0, milliseconds) / 1_000).toFixed(1))} s`;
  const unit = UNITS.findLast((unit) => milliseconds >= ENOUGH * unit.milliseconds) ?? UNITS[0];
  return `${Math.round(milliseconds / unit.milliseconds)} ${unit.name}`;
}

/** How a moment (ISO 8601) lies to another (epoch milliseconds): `in 3 min`, `2 h ago`, `now`. */
export function relativeTime(moment: string, now: number): string {
  const ahead = Date.parse(moment) - now;
  if (Math.abs(ahead) < 1_000) return 'now';
  const length = lengthInWords(Math.max(1_000, Math.round(Math.abs(ahead) / 1_000) * 1_000));
  return ahead > 0 ? `in ${length}` : `${length} ago`;
}
