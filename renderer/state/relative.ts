import { durationInWords } from '../format.ts';

/** How a moment (ISO 8601) lies to another (milliseconds since 1970): `in 3 min`, `2 h ago`, `now`. */
export function relative(moment: string, now: number): string {
  const ahead = Date.parse(moment) - now;
  const length = Math.abs(ahead);
  if (length < 1_000) return 'now';
  const words = durationInWords(Math.round(length / 1_000) * 1_000);
  return ahead > 0 ? `in ${words}` : `${words} ago`;
}
