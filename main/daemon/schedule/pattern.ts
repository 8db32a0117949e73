import { Cron } from 'croner';
import { SoloistError } from '../errors.ts';
import { FIELDS, type Field, type FieldTexts, fieldValue, NICKNAMES } from './fields.ts';

/** A cron pattern that has been checked. Small: what computes with it is shared and made when needed. */
export interface CronPattern {
  /** As the person wrote it. */
  readonly text: string;
  /** Its six fields, seconds first, with one space between them. */
  readonly sixFields: string;
  /**
   * Whether it names times of the day, having no `*` in minute or hour. Vixie's cron(8) makes up for such
   * times when the clocks skip them and does not repeat them when the clocks do; all others follow the clocks
   * as they are.
   */
  readonly fixedTime: boolean;
  /** False if no date ever matches, as with 30 February. */
  readonly possible: boolean;
}

/**
 * A compiled pattern takes croner 20 microseconds to make and 80 KB to keep. So a few are kept, and only
 * those asked for again soon: keeping each of thousands for a moment costs the garbage collector twice what
 * making it does.
 */
const KEPT_COMPILED = 32;
const compiled = new Map<string, Cron>();
const lately = new Set<string>();
let last: { readonly sixFields: string; readonly cron: Cron } | undefined;

/** Croner's own form of a pattern of six fields, on clocks that are never changed. Throws croner's errors. */
function compile(sixFields: string): Cron {
  if (last?.sixFields === sixFields) return last.cron;
  const known = compiled.get(sixFields);
  if (known !== undefined) return known;
  const { day, weekday } = fieldsOf(sixFields);
  const made = new Cron(sixFields, {
    mode: '6-part',
    utcOffset: 0,
    // crontab(5): either day field matches, unless one starts with a star; so every Vixie cron reads it.
    domAndDow: day.startsWith('*') || weekday.startsWith('*'),
  });
  if (lately.delete(sixFields)) {
    dropFirst(compiled);
    compiled.set(sixFields, made);
  } else {
    dropFirst(lately);
    lately.add(sixFields);
  }
  last = { sixFields, cron: made };
  return made;
}

/** Makes room for one more by removing what was put in first. */
function dropFirst(kept: Map<string, unknown> | Set<string>): void {
  if (kept.size < KEPT_COMPILED) return;
  for (const first of kept.keys()) {
    kept.delete(first);
    return;
  }
}

/** The fields of `CronPattern.sixFields` by their names. */
export function fieldsOf(sixFields: string): FieldTexts {
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = sixFields.split(' ');
  return { second, minute, hour, day, month, weekday };
}

/**
 * Reads a cron pattern of five fields (minute to day of the week) or six (seconds first), or one of
 * `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` and `@annually`, as in crontab(5), with
 * croner's extensions `L`, `W`, `#` and `+` in the day fields. A pattern that can never match (30 February)
 * is valid and not `possible`. Throws a `SoloistError` (`bad-schedule`) that says which field is wrong and
 * why.
 */
export function parseCronPattern(text: string): CronPattern {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const pattern = parseAfresh(text);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, pattern);
  return pattern;
}

/** A configuration's patterns are checked first and scheduled then; jobs that have the same one share it. */
const parsed = new Map<string, CronPattern>();
const MOST_PARSED = 20_000;

function parseAfresh(text: string): CronPattern {
  const sixFields = sixFieldsOf(text);
  const { minute, hour } = fieldsOf(sixFields);
  const fixedTime = !minute.includes('*') && !hour.includes('*');
  return { text, sixFields, fixedTime, possible: PLAIN.test(sixFields) || isPossible(text, sixFields) };
}

/** Stars and single numbers, already checked, in any month: each day of a month comes in some of them. */
const PLAIN = /^(?:(?:\*|\d+) ){4}\* \*$/;

function isPossible(text: string, sixFields: string): boolean {
  try {
    const cron = compile(sixFields);
    // Else croner looks 400 years ahead, after which dates repeat.
    return sixFields.endsWith(' * *') || cron.nextRun(new Date(0)) !== null;
  } catch (error) {
    throw refusal(text, sixFields, error);
  }
}

/** Checks the number of fields and each number in them, and says what an `@` name stands for. */
function sixFieldsOf(text: string): string {
  const trimmed = text.trim();
  const expanded = NICKNAMES.get(trimmed);
  if (expanded === undefined && trimmed.startsWith('@')) {
    const hint =
      trimmed.toLowerCase() === '@reboot'
        ? 'To run a job when the daemon starts, use on_start: true.'
        : `The names are ${[...NICKNAMES.keys()].join(', ')}.`;
    throw badSchedule(text, `there is no "${trimmed}"`, hint);
  }
  const parts = (expanded ?? trimmed).split(/[ \t]+/);
  if (parts.length !== 5 && parts.length !== 6) {
    throw badSchedule(
      text,
      `it has ${trimmed === '' ? 'no fields' : parts.length === 1 ? '1 field' : `${parts.length} fields`}`,
      'It takes five: minute, hour, day of the month, month, day of the week; or six, with seconds first.',
    );
  }
  if (parts.length === 5) parts.unshift('0');
  const fields: string[] = [];
  for (const [index, field] of FIELDS.entries()) {
    let part = parts[index] ?? '';
    // "No specific value" of other crons means the same as any, and only for days.
    if (part === '?' && (field.name === 'day' || field.name === 'weekday')) part = '*';
    else if (part.includes('?')) {
      throw badSchedule(text, `its ${field.label} cannot be "${part}"`, fieldHint(field, part));
    }
    for (const value of part.includes('/') ? [] : part.split(/[,-]/)) {
      const number = fieldValue(field, value);
      if (number !== undefined && (number < field.least || number > field.most)) {
        throw badSchedule(text, `its ${field.label} is ${value}`, fieldHint(field, part));
      }
    }
    fields.push(part);
  }
  return fields.join(' ');
}

/** Which field croner cannot read, found by trying each alone. */
function refusal(text: string, sixFields: string, cause: unknown): SoloistError {
  const parts = sixFields.split(' ');
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? '';
    try {
      compile(FIELDS.map((_, other) => (other === index ? part : '*')).join(' '));
    } catch (error) {
      return badSchedule(text, `its ${field.label} cannot be "${part}"`, fieldHint(field, part), error);
    }
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badSchedule(text, reason.replace(/\.$/, ''), undefined, cause);
}

function fieldHint(field: Field, part: string): string {
  const { label, least, most, names } = field;
  const [, start, step] = /^(\d+)\/(\d+)$/.exec(part) ?? [];
  if (start !== undefined)
    return `A step goes with a range: "${start}-${most}/${step}", or with a star: "*/${step}".`;
  const ends = part.split('-');
  const [first, last] = ends.map((end) => fieldValue(field, end));
  if (ends.length === 2 && first !== undefined && last !== undefined && first > last) {
    return `A range goes up: write it as two, "${ends[0]}-${most},${least}-${ends[1]}".`;
  }
  const named = names.length === 0 ? '' : `, or ${names[0]} to ${names.at(-1)}`;
  const forms = 'lists, ranges and steps as in "1,5", "1-5" and "*/5"';
  return `The ${label} goes from ${least} to ${most}${named}; ${forms}.`;
}

function badSchedule(text: string, reason: string, hint?: string, cause?: unknown): SoloistError {
  return new SoloistError(
    {
      code: 'bad-schedule',
      message: `"${text}" is not a cron pattern: ${reason}.`,
      hint: hint ?? 'It is written as in crontab(5), for example "30 9 * * mon-fri" or "*/15 * * * *".',
    },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * The first reading of a clock after this one that matches, or undefined if there is none. A reading is given
 * as the epoch milliseconds that it would have in UTC; this knows of no time zones.
 */
export function nextReading(pattern: CronPattern, reading: number): number | undefined {
  if (!pattern.possible) return undefined;
  const found = foundLast.get(pattern);
  if (found !== undefined && found.after <= reading && reading < found.next) return found.next;
  const next = compile(pattern.sixFields).nextRun(new Date(reading))?.getTime();
  if (next !== undefined) foundLast.set(pattern, { after: reading, next });
  return next;
}

/** What was found for a pattern last: it holds for all that is asked in between, as for jobs that share the pattern. */
const foundLast = new WeakMap<CronPattern, { readonly after: number; readonly next: number }>();
