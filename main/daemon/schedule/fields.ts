/**
 * The six fields of a cron pattern in their order; a pattern of five has no `second`. One table for all who
 * read them.
 */
export const FIELDS = [
  { name: 'second', label: 'second', least: 0, most: 59, names: [] },
  { name: 'minute', label: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', label: 'hour', least: 0, most: 23, names: [] },
  { name: 'day', label: 'day of the month', least: 1, most: 31, names: [] },
  {
    name: 'month',
    label: 'month',
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    name: 'weekday',
    label: 'day of the week',
    least: 0,
    most: 7,
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
] as const;

export type Field = (typeof FIELDS)[number];
export type FieldName = Field['name'];
export type FieldTexts = Readonly<Record<FieldName, string>>;

/** What the `@` names stand for, as in crontab(5). */
export const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** What one field says, for those who put it into words or check it. */
export type FieldMeaning =
  | { readonly kind: 'any' }
  /** Every so many, from the least value on. */
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  /** Single values, ascending. */
  | { readonly kind: 'values'; readonly values: readonly number[] }
  /** Anything else: mixtures, and the extensions `L`, `W`, `#` and `+`. */
  | { readonly kind: 'other' };

/**
 * The value of a number or name within a field, or undefined if it is neither. Not checked against the range.
 */
export function fieldValue(field: Field, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = (field.names as readonly string[]).indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + field.least;
}

/** What a field of a valid pattern says. */
export function fieldMeaning(field: Field, text: string): FieldMeaning {
  if (text === '*' || text === '*/1') return { kind: 'any' };
  const step = /^\*\/(\d+)$/.exec(text)?.[1];
  if (step !== undefined) return { kind: 'step', step: Number(step) };
  const ends = text.split('-');
  if (ends.length === 2) {
    const [first, last] = ends.map((end) => fieldValue(field, end));
    if (first === undefined || last === undefined) return { kind: 'other' };
    // Sunday closes a range as 7 and opens one as 0.
    return { kind: 'range', first, last: field.name === 'weekday' && last === 0 ? 7 : last };
  }
  const values = text.split(',').map((part) => fieldValue(field, part));
  if (!values.every((value) => value !== undefined)) return { kind: 'other' };
  return { kind: 'values', values: [...new Set(values)].sort((one, other) => one - other) };
}
