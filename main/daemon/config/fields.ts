import * as z from 'zod/mini';
import {
  DURATION_PATTERN,
  parseDuration,
  parseRange,
  parseSize,
  RANGE_PATTERN,
  SIZE_PATTERN,
} from './duration.ts';

/*
 * The kinds of value that the keys of soloist.yaml hold. The `error` of each is not a sentence but what was expected
 * ("a duration such as 90s"): the sentence around it is built in one place, with the value and its position.
 */

/** Words in quotes with an "or" before the last: `"skip", "queue" or "replace"`. */
export function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

const hasNoNul = (text: string): boolean => !text.includes('\0');

/** Text that is not empty. The system takes no NUL in arguments, paths or variables. */
export function text(expected = 'text') {
  const error = `${expected} (not empty, without NUL characters)`;
  return z.string({ error: expected }).check(z.regex(/\S/, { error }), z.refine(hasNoNul, { error }));
}

/** Text, or a plain number or true/false taken as the text that it was written as. It may be empty. */
export function plainText(expected = 'text') {
  const error = expected;
  const asText = z.transform((value: string | number | boolean) => String(value));
  const anyText = z.string().check(z.refine(hasNoNul, { error: `${expected} without NUL characters` }));
  return z.pipe(z.union([anyText, z.number(), z.boolean()], { error }), asText);
}

/** True or false. */
export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** One of a few words. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: alternatives(words) });
}

/** A whole number within both limits. */
export function count(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}

/** One value or a list of at least one; always a list when parsed. */
export function oneOrMore<Item extends z.ZodMiniType>(item: Item, expected: string) {
  const list = z
    .array(item, { error: expected })
    .check(z.minLength(1, { error: `${expected}, not an empty list` }));
  return z.union([item, list], { error: expected });
}

/** A duration within both limits (as written); milliseconds when parsed. */
export function duration(least: string, most = '3650d') {
  const error = `a duration from ${least} to ${most}, such as 90s, 15m or 1h30m`;
  const shortest = parseDuration(least) ?? 0;
  const longest = parseDuration(most) ?? Number.MAX_SAFE_INTEGER;
  return z.pipe(
    z.string({ error }).check(z.regex(DURATION_PATTERN, { error })),
    z.transform((written: string, context) => {
      const milliseconds = parseDuration(written);
      if (milliseconds !== undefined && milliseconds >= shortest && milliseconds <= longest)
        return milliseconds;
      context.issues.push({ code: 'custom', input: written, message: error });
      return 0;
    }),
  );
}

/** A duration as above, or one of these words. */
export function durationOrWord<const Words extends readonly [string, ...string[]]>(
  least: string,
  words: Words,
) {
  return z.union([z.enum(words), duration(least)], {
    error: `a duration from ${least} to 3650d, such as 90s, 15m or 1h30m, or ${alternatives(words)}`,
  });
}

/** Two durations, `30s..10m`, or one that is both; `from` and `to` in milliseconds when parsed. */
export function durationRange(least: string) {
  const error = `a range of durations such as 30s..10m, the shorter first, at least ${least}`;
  const shortest = parseDuration(least) ?? 0;
  return z.pipe(
    z.string({ error }).check(z.regex(RANGE_PATTERN, { error })),
    z.transform((written: string, context) => {
      const range = parseRange(written);
      if (range !== undefined && range.from >= shortest) return range;
      context.issues.push({ code: 'custom', input: written, message: error });
      return { from: 0, to: 0 };
    }),
  );
}

/** A size such as `50MB`; bytes when parsed. */
export function size(least: string) {
  const error = `a size such as 50MB or 1GB, at least ${least}`;
  const smallest = parseSize(least) ?? 0;
  return z.pipe(
    z.string({ error }).check(z.regex(SIZE_PATTERN, { error })),
    z.transform((written: string, context) => {
      const bytes = parseSize(written);
      if (bytes !== undefined && bytes >= smallest) return bytes;
      context.issues.push({ code: 'custom', input: written, message: error });
      return 0;
    }),
  );
}

let listedZones: ReadonlySet<string> | undefined;
const askedZones = new Map<string, boolean>();
const MOST_ASKED_ZONES = 1_000;

/** Whether this computer knows a time zone by this name. */
export function isTimezone(name: string): boolean {
  // Asking for the list is cheap; making the first formatter loads 8 MB, so only names that are not listed (older names
  // of zones, and mistakes) lead to one.
  listedZones ??= new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  if (listedZones.has(name)) return true;
  const known = askedZones.get(name) ?? isFormattable(name);
  if (askedZones.size < MOST_ASKED_ZONES) askedZones.set(name, known);
  return known;
}

function isFormattable(timezone: string): boolean {
  // Newer runtimes take offsets such as +02:00 too, but those know nothing of daylight saving and older ones refuse them.
  if (!/^[A-Za-z]/.test(timezone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}

/** An IANA time zone. */
export function timezone() {
  const error = 'a time zone such as Europe/Berlin or UTC';
  return z.string({ error }).check(z.refine(isTimezone, { error, params: { words: 'timezones' } }));
}

const POINT_PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Reads `2026-12-24T18:00`, with seconds or an offset if wanted: the same with seconds, in UTC (`...Z`) if it had an
 * offset. Undefined if there is no such day or time.
 */
export function parsePoint(written: string): string | undefined {
  const [, year = '', month, day, hour = '00', minute = '00', second = '00', offset] =
    POINT_PATTERN.exec(written) ?? [];
  // What lies before the first computers' clocks is a slip, and what lies far ahead is no date that others can read.
  if (Number(year) < 1970 || year === '9999') return undefined;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = new Date(`${local}Z`);
  // Date accepts 31 February and 24:00 by moving on to what comes after.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 19) !== local) return undefined;
  if (offset === undefined) return local;
  const exact = new Date(`${local}${offset}`);
  return Number.isNaN(exact.getTime()) ? undefined : `${exact.toISOString().slice(0, 19)}Z`;
}

/** A point in time. */
export function pointInTime() {
  const error = 'a date and time such as 2026-12-24T18:00';
  return z.pipe(
    z.string({ error }).check(z.regex(POINT_PATTERN, { error })),
    z.transform((written: string, context) => {
      const point = parsePoint(written);
      if (point !== undefined) return point;
      context.issues.push({ code: 'custom', input: written, message: `${error} that exists` });
      return '';
    }),
  );
}

/** A mapping with fixed keys; any other key is an error that knows the right ones. */
export function mapping<Shape extends Record<string, z.ZodMiniType>>(shape: Shape, expected: string) {
  return z.strictObject(shape, {
    // The list of the right keys goes with the issue, since an issue does not know its schema.
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : expected),
  });
}

/**
 * Says what a key is for: what an editor shows, and the documentation says. `schema` must be no other key's too. (The
 * registry is written to directly since `describe` would make a copy of the schema, and each costs 20 kB at start.)
 */
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  z.globalRegistry.add(schema, { description });
  return schema;
}

/** A key that may be left out, and what it is for. */
export function optional<Schema extends z.ZodMiniType>(schema: Schema, description: string) {
  return described(z.optional(schema), description);
}
