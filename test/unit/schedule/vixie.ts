import fc from 'fast-check';

/**
 * Vixie's cron, written down again as simply as possible to compare with: it looks at the clock every minute,
 * and tells a change of the clocks by how far the clock is from the minute it expected.
 */

const MINUTE = 60_000;

export interface PlainPattern {
  /** The texts of minute, hour, day, month and weekday. */
  readonly texts: readonly string[];
  readonly sets: readonly ReadonlySet<number>[];
}

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Reads a pattern of five fields of numbers. */
export function plainPattern(text: string): PlainPattern {
  const texts = text.split(' ');
  const sets = texts.map((field, index) => {
    const [least, most] = RANGES[index] ?? [0, 0];
    const set = new Set<number>();
    for (const part of field.split(',')) {
      const [range = '', step = '1'] = part.split('/');
      const [first, last = first] = range === '*' ? [least, most] : range.split('-').map(Number);
      for (let value = first ?? 0; value <= (last ?? 0); value += Number(step)) {
        set.add(index === 4 && value === 7 ? 0 : value);
      }
    }
    return set;
  });
  return { texts, sets };
}

/** Whether a clock with this reading (as epoch milliseconds in UTC) matches. */
export function matches({ texts, sets }: PlainPattern, reading: number): boolean {
  const date = new Date(reading);
  const [minutes, hours, days, months, weekdays] = sets;
  const day = days?.has(date.getUTCDate()) ?? false;
  const weekday = weekdays?.has(date.getUTCDay()) ?? false;
  const both = texts[2]?.startsWith('*') || texts[4]?.startsWith('*');
  return (
    (minutes?.has(date.getUTCMinutes()) ?? false) &&
    (hours?.has(date.getUTCHours()) ?? false) &&
    (months?.has(date.getUTCMonth() + 1) ?? false) &&
    (both ? day && weekday : day || weekday)
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of the zone show at a full minute, as epoch milliseconds in UTC. */
export function readingOf(zone: string, ms: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    formats.set(zone, format);
  }
  return Date.parse(`${format.format(ms).replace(' ', 'T')}:00Z`);
}

/** The readings of every minute after `afterMs` and up to `untilMs` (both full minutes). */
export function minutesOf(zone: string, afterMs: number, untilMs: number): { ms: number; reading: number }[] {
  const minutes: { ms: number; reading: number }[] = [];
  for (let ms = afterMs + MINUTE; ms <= untilMs; ms += MINUTE)
    minutes.push({ ms, reading: readingOf(zone, ms) });
  return minutes;
}

/** The minutes in which Vixie's cron would start the job, watching all of these. */
export function vixieRuns(
  pattern: PlainPattern,
  firstReading: number,
  minutes: readonly { ms: number; reading: number }[],
): number[] {
  const wild = pattern.texts[0]?.includes('*') || pattern.texts[1]?.includes('*');
  const runs: number[] = [];
  let expected = firstReading;
  for (const { ms, reading } of minutes) {
    const difference = (reading - expected) / MINUTE;
    let due: boolean;
    if (difference === 1 || Math.abs(difference) > 180) {
      expected = reading;
      due = matches(pattern, reading);
    } else if (difference > 0) {
      due = wild === true && matches(pattern, reading);
      while (expected < reading) {
        expected += MINUTE;
        if (wild !== true && matches(pattern, expected)) due = true;
      }
    } else {
      due = wild === true && matches(pattern, reading);
    }
    if (due) runs.push(ms);
  }
  return runs;
}

function fieldOf(index: number): fc.Arbitrary<string> {
  const [least, most] = RANGES[index] ?? [0, 0];
  const value = fc.integer({ min: least, max: most });
  const range = fc.tuple(value, value).map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);
  const step = fc.integer({ min: 1, max: Math.max(2, Math.floor((most - least) / 2)) });
  return fc.oneof(
    { weight: index < 2 ? 3 : 20, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: value.map(String) },
    { weight: 2, arbitrary: range.map(([first, last]) => `${first}-${last}`) },
    { weight: 2, arbitrary: step.map((each) => `*/${each}`) },
    {
      weight: 1,
      arbitrary: fc.tuple(range, step).map(([[first, last], each]) => `${first}-${last}/${each}`),
    },
    { weight: 2, arbitrary: fc.array(value, { minLength: 2, maxLength: 4 }).map((all) => all.join(',')) },
  );
}

/** Any pattern of five fields of numbers. */
export const anyPattern: fc.Arbitrary<string> = fc
  .tuple(fieldOf(0), fieldOf(1), fieldOf(2), fieldOf(3), fieldOf(4))
  .map((fields) => fields.join(' '));
