import type { WallTime } from './name.ts';

const two = (number: number): string => String(number).padStart(2, '0');
const utc = ({ year, month, day, hour, minute, second }: WallTime): Date =>
  new Date(Date.UTC(year, month - 1, day, hour, minute, second));

function word(time: WallTime, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(utc(time));
}

/** The year and number of the week, by ISO 8601: the week of a day is in the year of its Thursday. */
function week(time: WallTime): { readonly year: number; readonly number: number } {
  const thursday = utc({ ...time, hour: 0, minute: 0, second: 0 });
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  return { year, number: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}

/** As in Obsidian's daily notes, which have them of moment.js. */
const tokens: Readonly<Record<string, (time: WallTime) => string>> = {
  YYYY: ({ year }) => String(year).padStart(4, '0'),
  YY: ({ year }) => two(year % 100),
  MMMM: (time) => word(time, { month: 'long' }),
  MMM: (time) => word(time, { month: 'short' }),
  MM: ({ month }) => two(month),
  M: ({ month }) => String(month),
  DD: ({ day }) => two(day),
  D: ({ day }) => String(day),
  dddd: (time) => word(time, { weekday: 'long' }),
  ddd: (time) => word(time, { weekday: 'short' }),
  GGGG: (time) => String(week(time).year),
  WW: (time) => two(week(time).number),
  W: (time) => String(week(time).number),
  Q: ({ month }) => String(Math.ceil(month / 3)),
  HH: ({ hour }) => two(hour),
  H: ({ hour }) => String(hour),
  hh: ({ hour }) => two(hour % 12 || 12),
  h: ({ hour }) => String(hour % 12 || 12),
  mm: ({ minute }) => two(minute),
  ss: ({ second }) => two(second),
  A: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  a: ({ hour }) => (hour < 12 ? 'am' : 'pm'),
};
const TOKEN = new RegExp(
  `\\[([^\\]]*)\\]|(${Object.keys(tokens)
    .sort((one, other) => other.length - one.length)
    .join('|')})`,
  'g',
);

/** A time in a format such as `YYYY-MM-DD`; what stands in brackets stays as it is. */
export function formatTime(time: WallTime, format: string): string {
  return format.replace(TOKEN, (_, literal: string | undefined, token: string) =>
    literal === undefined ? (tokens[token]?.(time) ?? token) : literal,
  );
}

/**
 * Fills in `{date}`, `{date:FORMAT}`, `{time}`, `{time:FORMAT}` and `{title}`, also in double braces as Obsidian's templates
 * have them. Anything else in braces stays.
 */
export function fillIn(text: string, time: WallTime, title = ''): string {
  return text.replace(
    /\{\{\s*(date|time|title)(?::([^{}]+?))?\s*\}\}|\{(date|time|title)(?::([^{}]+))?\}/g,
    (_, double, doubleFormat, single, singleFormat) => {
      const name: 'date' | 'time' | 'title' = double ?? single;
      if (name === 'title') return title;
      return formatTime(time, doubleFormat ?? singleFormat ?? (name === 'date' ? 'YYYY-MM-DD' : 'HH:mm'));
    },
  );
}
