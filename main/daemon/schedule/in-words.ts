import { FIELDS, type FieldMeaning, type FieldName, fieldMeaning } from './fields.ts';
import { type CronPattern, fieldsOf } from './pattern.ts';
import type { TimeTrigger } from './triggers.ts';
import { readingAt } from './zone.ts';

const WEEKDAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** More times of the day than this are not listed. */
const LISTED_MOST = 6;

type Meanings = Readonly<Record<FieldName, FieldMeaning>>;

/**
 * A schedule in plain words: "every day at 03:00", "every 15 minutes", "Mondays to Fridays at 09:30", "at 24
 * December 2026 18:00", several with semicolons. A cron pattern for which there are no short words is given
 * as it was written. With the zone of whoever reads it (IANA name), another zone of the schedule is named.
 */
export function scheduleInWords(trigger: TimeTrigger, readerZone?: string): string {
  switch (trigger.kind) {
    case 'every':
      return everyInWords(trigger.intervalMs);
    case 'at':
      return `at ${pointInWords(trigger.atMs, trigger.zone)}${zoneInWords(trigger.zone, readerZone)}`;
    case 'cron':
      return trigger.patterns.map(cronInWords).join('; ') + zoneInWords(trigger.zone, readerZone);
  }
}

function zoneInWords(zone: string, readerZone: string | undefined): string {
  return readerZone === undefined || readerZone === zone ? '' : ` (${zone})`;
}

const UNITS = [
  { ms: 86_400_000, word: 'day' },
  { ms: 3_600_000, word: 'hour' },
  { ms: 60_000, word: 'minute' },
  { ms: 1_000, word: 'second' },
  { ms: 1, word: 'millisecond' },
] as const;

function everyInWords(intervalMs: number): string {
  const parts: string[] = [];
  let left = intervalMs;
  for (const { ms, word } of UNITS) {
    const count = Math.floor(left / ms);
    left -= count * ms;
    if (count > 0) parts.push(`${count} ${word}${count === 1 ? '' : 's'}`);
  }
  return `every ${parts.join(' ').replace(/^1 (\w+)$/, '$1')}`;
}

function pointInWords(ms: number, zone: string): string {
  const shown = new Date(readingAt(zone, ms));
  const date = `${shown.getUTCDate()} ${MONTHS[shown.getUTCMonth()]} ${shown.getUTCFullYear()}`;
  return `${date} ${clock(shown.getUTCHours(), shown.getUTCMinutes(), shown.getUTCSeconds())}`;
}

function cronInWords({ text, sixFields }: CronPattern): string {
  const texts = fieldsOf(sixFields);
  const meanings = Object.fromEntries(
    FIELDS.map((field) => [field.name, fieldMeaning(field, texts[field.name])]),
  ) as Meanings;
  const times = timesInWords(meanings);
  const days = texts.day === 'L' ? lastDayInWords(meanings) : daysInWords(meanings);
  if (times === undefined || days === undefined) return text;
  if (times.kind === 'at') return `${days === '' ? 'every day' : days} at ${times.words}`;
  return days === '' ? times.words : `${times.words}, ${days}`;
}

type Times =
  /** Times of the day. */
  | { readonly kind: 'at'; readonly words: string }
  /** A rhythm within the day. */
  | { readonly kind: 'every'; readonly words: string };

function timesInWords({ second, minute, hour }: Meanings): Times | undefined {
  const every = (words: string): Times => ({ kind: 'every', words });
  const seconds = single(second);
  if (seconds === undefined) {
    if (minute.kind !== 'any' || hour.kind !== 'any') return undefined;
    const words = rhythm(second, 'second', 60);
    return words === undefined ? undefined : every(words);
  }

  const minutes = minute.kind === 'values' ? minute.values : undefined;
  if (minutes !== undefined && hour.kind === 'values') {
    const all = hour.values.flatMap((h) => minutes.map((m) => clock(h, m, seconds)));
    return all.length > LISTED_MOST ? undefined : { kind: 'at', words: listed(all) };
  }
  // From here on, times repeat within the day; seconds would only lengthen the words.
  if (seconds !== 0) return undefined;

  const theMinute = single(minute);
  if (theMinute !== undefined) {
    if (hour.kind === 'range') {
      return every(`every hour from ${clock(hour.first, theMinute, 0)} to ${clock(hour.last, theMinute, 0)}`);
    }
    const past = theMinute === 0 ? '' : ` at ${theMinute} minute${theMinute === 1 ? '' : 's'} past`;
    const words = rhythm(hour, 'hour', 24);
    return words === undefined ? undefined : every(words + past);
  }

  const words = rhythm(minute, 'minute', 60);
  if (words === undefined) return undefined;
  if (hour.kind === 'any') return every(words);
  const [first, last] = hour.kind === 'range' ? [hour.first, hour.last] : [single(hour), single(hour)];
  if (first === undefined || last === undefined) return undefined;
  const lastMinute = minute.kind === 'step' ? 60 - minute.step : 59;
  return every(`${words} from ${clock(first, 0, 0)} to ${clock(last, lastMinute, 0)}`);
}

/** "every 15 minutes"; undefined where the steps are uneven, as `*\/7` in an hour. */
function rhythm(meaning: FieldMeaning, unit: string, whole: number): string | undefined {
  if (meaning.kind === 'any') return `every ${unit}`;
  if (meaning.kind !== 'step' || whole % meaning.step !== 0 || meaning.step === whole) return undefined;
  return `every ${meaning.step} ${unit}s`;
}

/** On which days; '' for all of them. */
function daysInWords({ day, month, weekday }: Meanings): string | undefined {
  if (weekday.kind === 'any') {
    if (day.kind === 'any') return month.kind === 'any' ? '' : inMonths('every day', month);
    if (day.kind !== 'values') return undefined;
    if (month.kind === 'any') return `on the ${listed(day.values.map(ordinal))} of every month`;
    if (month.kind !== 'values') return undefined;
    const dates = month.values.flatMap((m) => day.values.map((d) => `${d} ${MONTHS[m - 1]}`));
    return dates.length > LISTED_MOST ? undefined : `every year on ${listed(dates)}`;
  }
  // With both day fields restricted either counts, which takes more words than the pattern.
  if (day.kind !== 'any') return undefined;
  const days = weekdaysInWords(weekday);
  if (days === undefined || month.kind === 'any') return days;
  return inMonths(days, month);
}

function lastDayInWords({ month, weekday }: Meanings): string | undefined {
  if (weekday.kind !== 'any') return undefined;
  if (month.kind === 'values') return `on the last day of ${monthNames(month.values)}`;
  const words = 'on the last day of every month';
  return month.kind === 'any' ? words : inMonths(words, month);
}

function weekdaysInWords(weekday: FieldMeaning): string | undefined {
  if (weekday.kind === 'range') return `${WEEKDAYS[weekday.first % 7]} to ${WEEKDAYS[weekday.last % 7]}`;
  if (weekday.kind !== 'values') return undefined;
  // The week begins on Monday, and 0 and 7 are both its Sunday.
  const values = [...new Set(weekday.values.map((value) => (value === 0 ? 7 : value)))];
  return listed(values.sort((one, other) => one - other).map((value) => WEEKDAYS[value % 7] ?? ''));
}

function inMonths(words: string, month: FieldMeaning): string | undefined {
  if (month.kind === 'values') return `${words} in ${monthNames(month.values)}`;
  if (month.kind === 'range') return `${words} from ${MONTHS[month.first - 1]} to ${MONTHS[month.last - 1]}`;
  return undefined;
}

function monthNames(values: readonly number[]): string {
  return listed(values.map((value) => MONTHS[value - 1] ?? ''));
}

function single(meaning: FieldMeaning): number | undefined {
  return meaning.kind === 'values' && meaning.values.length === 1 ? meaning.values[0] : undefined;
}

function clock(hour: number, minute: number, second: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(hour)}:${two(minute)}${second === 0 ? '' : `:${two(second)}`}`;
}

function ordinal(value: number): string {
  const tens = value % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${ending}`;
}

/** "a", "a and b", "a, b and c". */
function listed(words: readonly string[]): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
