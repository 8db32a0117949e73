import { parseCronPattern } from '../../daemon/schedule/pattern.ts';

/** The fields of APScheduler's cron trigger, the most significant first, as it knows them. */
export const CRON_FIELDS = [
  { name: 'year', least: 1970, most: 9999, otherwise: '*' },
  { name: 'month', least: 1, most: 12, otherwise: '1' },
  { name: 'day', least: 1, most: 31, otherwise: '1' },
  { name: 'week', least: 1, most: 53, otherwise: '*' },
  { name: 'day_of_week', least: 0, most: 6, otherwise: '*' },
  { name: 'hour', least: 0, most: 23, otherwise: '0' },
  { name: 'minute', least: 0, most: 59, otherwise: '0' },
  { name: 'second', least: 0, most: 59, otherwise: '0' },
] as const;

type CronField = (typeof CRON_FIELDS)[number];
export type CronFieldName = CronField['name'];
export type CronFields = Readonly<Partial<Record<CronFieldName, string>>>;

export type CronResult =
  /** Cron patterns, any of which makes the job due. */
  | { readonly kind: 'schedule'; readonly patterns: readonly string[] }
  /** The one date and time that is meant. */
  | { readonly kind: 'at'; readonly time: string }
  /** Why it cannot be said here: a sentence. */
  | { readonly kind: 'none'; readonly field: CronFieldName | undefined; readonly why: string };

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const POSITIONS = ['1st', '2nd', '3rd', '4th', '5th', 'last'];

/** One expression of a field. */
type Expression =
  | { readonly kind: 'every'; readonly step: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number; readonly step: number }
  | { readonly kind: 'last-day' }
  /** The first to fifth, or last (`L`), of a day of the week (0 is Monday) in the month. */
  | { readonly kind: 'position'; readonly nth: string; readonly weekday: number };

/** Thrown here, and caught here, for what APScheduler itself would refuse. */
class Refused extends Error {
  readonly field: CronFieldName;
  constructor(field: CronFieldName, reason: string) {
    super(reason);
    this.field = field;
  }
}

/**
 * What APScheduler's cron trigger means, as cron patterns. Its fields hold all together (a day and a day of the week too), days of
 * the week count from Monday = 0, and what is less significant than the last field that is given is at its least.
 */
export function cronMeaning(given: CronFields): CronResult {
  try {
    return meaningOf(withDefaults(given));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: 'none', field: error.field, why: `APScheduler would refuse this: ${error.message}.` };
  }
}

function withDefaults(given: CronFields): Record<CronFieldName, string> {
  const last = CRON_FIELDS.findLastIndex(({ name }) => given[name] !== undefined);
  const filled = CRON_FIELDS.map(({ name, otherwise }, index) => [
    name,
    given[name] ?? (last >= 0 && index > last ? otherwise : '*'),
  ]);
  return Object.fromEntries(filled) as Record<CronFieldName, string>;
}

function meaningOf(fields: Record<CronFieldName, string>): CronResult {
  const read = Object.fromEntries(
    CRON_FIELDS.map((field) => [field.name, expressionsOf(field, fields[field.name])]),
  ) as Record<CronFieldName, readonly Expression[]>;
  if (!isAny(read.week)) {
    const why = 'Cron patterns know no weeks of the year; the command itself can ask for the week: date +%V.';
    return { kind: 'none', field: 'week', why };
  }
  if (!isAny(read.year)) return onceOf(read);
  const patterns = patternsOf(read).filter((pattern) => parseCronPattern(pattern).possible);
  if (patterns.length > 0) return { kind: 'schedule', patterns };
  return { kind: 'none', field: undefined, why: 'No date ever matches these fields.' };
}

/** With a year there may still be a single moment, which needs no pattern. */
function onceOf(read: Record<CronFieldName, readonly Expression[]>): CronResult {
  const single = (name: CronFieldName): string | undefined => {
    const [only, ...more] = read[name];
    const isSingle = more.length === 0 && only?.kind === 'range' && only.first === only.last;
    return isSingle ? String(only.first).padStart(2, '0') : undefined;
  };
  const [year, month, day] = [single('year'), single('month'), single('day')];
  const [hour, minute, second] = [single('hour'), single('minute'), single('second')];
  const isOne = [year, month, day, hour, minute, second].every((part) => part !== undefined);
  if (isOne && isAny(read.day_of_week))
    return { kind: 'at', time: `${year}-${month}-${day}T${hour}:${minute}:${second}` };
  const why = 'Cron patterns know no years; the command itself can ask for the year: date +%Y.';
  return { kind: 'none', field: 'year', why };
}

function patternsOf(read: Record<CronFieldName, readonly Expression[]>): string[] {
  const plain = (name: 'month' | 'hour' | 'minute' | 'second'): string => fieldText(read[name]);
  const weekdays = weekdaysOf(read.day_of_week);
  const days = read.day.filter(({ kind }) => kind !== 'position');
  const alternatives: { day: string; weekday: string }[] = [];
  if (days.length > 0) {
    const day = fieldText(days);
    // Where a day field begins with a star both hold together anyway.
    const both = day.startsWith('*') ? '' : '+';
    alternatives.push({ day, weekday: weekdays.size === 7 ? '*' : both + weekdayText(weekdays) });
  }
  const positions = read.day.flatMap((day) =>
    day.kind === 'position' && weekdays.has(day.weekday) ? `${DAYS[day.weekday]}#${day.nth}` : [],
  );
  // A star among the days holds all of them already.
  if (positions.length > 0 && !isAny(days)) alternatives.push({ day: '*', weekday: positions.join(',') });
  const second = plain('second');
  const time = `${second === '0' ? '' : `${second} `}${plain('minute')} ${plain('hour')}`;
  return alternatives.map(({ day, weekday }) => `${time} ${day} ${plain('month')} ${weekday}`);
}

const isAny = (expressions: readonly Expression[]): boolean =>
  expressions.some((one) => one.kind === 'every' && one.step === 1);

function fieldText(expressions: readonly Expression[]): string {
  if (isAny(expressions)) return '*';
  return expressions.map(expressionText).join(',');
}

function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'every':
      return `*/${expression.step}`;
    case 'last-day':
      return 'L';
    case 'range': {
      const { first, last, step } = expression;
      if (first === last) return String(first);
      return `${first}-${last}${step === 1 ? '' : `/${step}`}`;
    }
    case 'position':
      return '';
  }
}

function weekdaysOf(expressions: readonly Expression[]): ReadonlySet<number> {
  const days = new Set<number>();
  for (const expression of expressions) {
    const range = expression.kind === 'every' ? { first: 0, last: 6, step: expression.step } : expression;
    if (!('first' in range)) continue;
    for (let day = range.first; day <= range.last; day += range.step) days.add(day);
  }
  return days;
}

/** Names, so that nobody has to know from which day numbers count: `mon-fri`, `sat,sun`. */
function weekdayText(days: ReadonlySet<number>): string {
  const parts: string[] = [];
  for (let day = 0; day < 7; day += 1) {
    if (!days.has(day)) continue;
    let last = day;
    // Cron counts Sunday as 0, so that it ends no range.
    while (last < 5 && days.has(last + 1)) last += 1;
    const names = DAYS.slice(day, last + 1);
    parts.push(...(names.length > 2 ? [`${names[0]}-${names.at(-1)}`] : names));
    day = Math.max(day, last);
  }
  return parts.join(',');
}

function expressionsOf(field: CronField, text: string): readonly Expression[] {
  return text
    .trim()
    .split(/ *, */)
    .map((part) => expressionOf(field, part));
}

function expressionOf(field: CronField, text: string): Expression {
  const every = /^\*(?:\/(\d+))?$/.exec(text);
  if (every !== null) return { kind: 'every', step: checkedStep(field, every[1], field.most - field.least) };
  const range = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(text);
  if (range !== null) {
    const [, first = '', last, step] = range;
    return rangeOf(field, Number(first), last === undefined ? undefined : Number(last), step);
  }
  const names: readonly string[] | undefined =
    field.name === 'month' ? MONTHS : field.name === 'day_of_week' ? DAYS : undefined;
  const named = names === undefined ? null : /^([a-z]+)(?:-([a-z]+))?/i.exec(text);
  if (names !== undefined && named !== null) {
    const index = (name: string): number => {
      const found = names.indexOf(name.toLowerCase());
      if (found < 0) throw new Refused(field.name, `there is no "${name}"`);
      return found + field.least;
    };
    const [, first = '', last] = named;
    return rangeOf(field, index(first), last === undefined ? undefined : index(last), undefined);
  }
  if (field.name === 'day') {
    const position = /^(1st|2nd|3rd|4th|5th|last) +(\w+)/i.exec(text);
    if (position !== null) return positionOf(position[1] ?? '', position[2] ?? '');
    if (/^last/i.test(text)) return { kind: 'last-day' };
  }
  throw new Refused(field.name, `"${text}" is no ${field.name}`);
}

function positionOf(option: string, day: string): Expression {
  const weekday = (DAYS as readonly string[]).indexOf(day.toLowerCase());
  if (weekday < 0) throw new Refused('day', `there is no "${day}"`);
  const nth = POSITIONS.indexOf(option.toLowerCase());
  return { kind: 'position', nth: nth === 5 ? 'L' : String(nth + 1), weekday };
}

function rangeOf(
  field: CronField,
  first: number,
  last: number | undefined,
  step: string | undefined,
): Expression {
  const { name, least, most } = field;
  const end = last ?? (step === undefined ? first : most);
  if (first > end) throw new Refused(name, `${first} is more than ${end}`);
  if (first < least || end > most) throw new Refused(name, `${name} goes from ${least} to ${most}`);
  checkedStep(field, step, most - least);
  // It takes a last value of 0 for none when it checks the step.
  const range = (end === 0 ? most : end) - first;
  return { kind: 'range', first, last: end, step: checkedStep(field, step, range) };
}

function checkedStep(field: CronField, written: string | undefined, range: number): number {
  if (written === undefined) return 1;
  const step = Number(written);
  if (step === 0) throw new Refused(field.name, 'a step of 0 leads nowhere');
  if (step > range) throw new Refused(field.name, `a step of ${step} is longer than its range`);
  return step;
}
