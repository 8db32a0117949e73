import type { PlistValue } from 'plist';
import { isDictionary } from './plist-text.ts';

/** What StartCalendarInterval comes to. */
export interface CalendarTimes {
  /** Cron patterns of five fields. */
  readonly schedules: readonly string[];
  /** What of it cannot be read: where (`[1].Hour`, or empty), and why as a sentence. */
  readonly faults: readonly { readonly path: string; readonly why: string }[];
}

/** In the order of a cron pattern. */
const FIELDS = [
  { key: 'Minute', least: 0, most: 59 },
  { key: 'Hour', least: 0, most: 23 },
  { key: 'Day', least: 1, most: 31 },
  { key: 'Month', least: 1, most: 12 },
  { key: 'Weekday', least: 0, most: 7 },
] as const;

type Pattern = readonly (readonly number[] | '*')[];

/** Reads a dictionary or a list of them. A key that is missing stands for any value, as `*` does for cron. */
export function calendarTimes(value: PlistValue): CalendarTimes {
  const patterns: Pattern[] = [];
  const faults: { path: string; why: string }[] = [];
  const entries = Array.isArray(value) ? value : [value];
  for (const [index, entry] of entries.entries()) {
    const place = Array.isArray(value) ? `[${index}]` : '';
    if (!isDictionary(entry)) {
      faults.push({ path: place, why: 'It is not a dictionary of Minute, Hour, Day, Weekday and Month.' });
      continue;
    }
    const found = entryFaults(entry, place);
    faults.push(...found);
    if (found.length === 0) patterns.push(FIELDS.map(({ key }) => fieldValues(key, entry[key])));
  }
  return { schedules: merged(patterns).map(patternText), faults };
}

function entryFaults(
  entry: Readonly<Record<string, PlistValue>>,
  place: string,
): { path: string; why: string }[] {
  return Object.entries(entry).flatMap(([key, value]) => {
    const field = FIELDS.find((one) => one.key === key);
    const path = `${place}.${key}`;
    if (field === undefined)
      return [{ path, why: 'It is none of Minute, Hour, Day, Weekday and Month, so this time is left out.' }];
    const { least, most } = field;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return [];
    return [{ path, why: `It is not a whole number from ${least} to ${most}, so this time is left out.` }];
  });
}

/** Sunday is both 0 and 7. */
function fieldValues(key: string, value: PlistValue | undefined): readonly number[] | '*' {
  if (typeof value !== 'number') return '*';
  return [key === 'Weekday' ? value % 7 : value];
}

/** Patterns that differ in one field only become one, so that five days of the week are `1-5`. */
function merged(patterns: readonly Pattern[]): Pattern[] {
  let all = [...patterns];
  // Days first: that is how people think of lists of times.
  for (const field of [4, 1, 0, 2, 3]) {
    const groups = new Map<string, Pattern>();
    for (const pattern of all) {
      const values = pattern[field];
      const key = JSON.stringify([values === '*', pattern.with(field, '*')]);
      const earlier = groups.get(key)?.[field];
      const joined =
        Array.isArray(values) && Array.isArray(earlier)
          ? [...new Set([...earlier, ...values])].sort((one: number, other: number) => one - other)
          : values;
      groups.set(key, pattern.with(field, joined ?? '*'));
    }
    all = [...groups.values()];
  }
  return all;
}

const patternText = (pattern: Pattern): string =>
  pattern.map((values) => (values === '*' ? '*' : valuesText(values))).join(' ');

/** `1-5` for three and more in a row, else `1,5`. */
function valuesText(values: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < values.length; ) {
    let end = index;
    while (values[end + 1] === (values[end] ?? 0) + 1) end += 1;
    if (end - index >= 2) parts.push(`${values[index]}-${values[end]}`);
    else parts.push(...values.slice(index, end + 1).map(String));
    index = end + 1;
  }
  return parts.join(',');
}
