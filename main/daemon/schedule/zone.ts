import { namedTimeZone } from '../config/local-time-zone.ts';
import { SoloistError } from '../errors.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * A stretch of time in which a zone's clocks keep one distance from UTC. Epoch milliseconds; `endMs` is the
 * first instant after it. "Reading" below means what the zone's clocks show, as the epoch milliseconds that
 * the same reading would have in UTC.
 */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  /** What is added to an instant to get the reading. */
  readonly offsetMs: number;
  /** The distance that was kept just before `startMs`. */
  readonly previousOffsetMs: number;
}

/** What a reading of a zone's clocks stands for. All times are epoch milliseconds. */
export type LocalTime =
  | { readonly kind: 'once'; readonly ms: number }
  /** The clocks went back, so that they showed it twice. */
  | { readonly kind: 'repeated'; readonly firstMs: number; readonly secondMs: number }
  /** The clocks went forward over it at this instant, so that they never showed it. */
  | { readonly kind: 'skipped'; readonly transitionMs: number };

/**
 * How far apart a zone's distance from UTC is sampled. The shortest stretch of any zone since 1970 is seven
 * days (America/Recife in October 2000), so that no stretch falls between two samples.
 */
const SAMPLE_MS = 4 * DAY_MS;
const CHUNK_MS = 100 * SAMPLE_MS;

/** Tells a zone's distance from UTC at an instant (epoch milliseconds), in milliseconds. */
type OffsetAt = (ms: number) => number;

/** The zone that `Date` is in, from this process's start on, whatever becomes of the system's zone since. */
const ownZone = namedTimeZone();
new Date().getTimezoneOffset();

/** V8's `Date` overlooks stretches of less than 19 days. Up to 2050 these zones have one, of six days in October 2040. */
const OVERLOOKED: readonly string[] = ['Asia/Gaza', 'Asia/Hebron'];

/** Throws a `RangeError` for a zone that is not known. */
function offsetIn(zone: string): OffsetAt {
  // Intl, which tells about all zones, takes 8 MB for it that a daemon keeps for life.
  if (zone === 'UTC' || zone === 'Etc/UTC') return () => 0;
  // A zone that is not listed may be one that `Date` does not know either; it takes UTC then.
  const isListed = (): boolean => Intl.supportedValuesOf('timeZone').includes(zone);
  if (zone === ownZone && !OVERLOOKED.includes(zone) && isListed())
    return (ms) => -new Date(ms).getTimezoneOffset() * MINUTE_MS;
  return intlOffsetAt(zone);
}

/** Throws a `RangeError` for a zone that is not known. */
function intlOffsetAt(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    let year = 0;
    let month = 0;
    let day = 0;
    let hour = 0;
    let minute = 0;
    let second = 0;
    for (const { type, value } of format.formatToParts(ms)) {
      if (type === 'year') year = Number(value);
      else if (type === 'month') month = Number(value);
      else if (type === 'day') day = Number(value);
      else if (type === 'hour') hour = Number(value);
      else if (type === 'minute') minute = Number(value);
      else if (type === 'second') second = Number(value);
    }
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / SECOND_MS) * SECOND_MS;
  };
}

/** Knows the stretches of one zone over one unbroken span of time that grows when asked beyond it. */
class ZoneTable {
  readonly offsetAt: OffsetAt;
  /** Where each stretch starts, oldest first, and its distance from UTC; the first starts with the span. */
  #stretches: { startMs: number; offsetMs: number }[] = [];
  #fromMs = 0;
  #toMs = 0;

  constructor(zone: string) {
    this.offsetAt = offsetIn(zone);
  }

  stretchAt(ms: number): Stretch {
    this.#cover(ms - 2 * DAY_MS, ms + 2 * DAY_MS);
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#stretches[middle]?.startMs ?? 0) <= ms) low = middle;
      else high = middle - 1;
    }
    const { startMs, offsetMs } = this.#stretches[low] ?? { startMs: this.#fromMs, offsetMs: 0 };
    return {
      startMs,
      endMs: this.#stretches[low + 1]?.startMs ?? this.#toMs,
      offsetMs,
      previousOffsetMs: this.#stretches[low - 1]?.offsetMs ?? offsetMs,
    };
  }

  /** The first instant after `low` and at or before `high` with the distance of `high`. */
  transitionBetween(lowMs: number, highMs: number): number {
    const offset = this.offsetAt(highMs);
    let low = lowMs;
    let high = highMs;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === offset) high = middle;
      else low = middle;
    }
    return high;
  }

  #cover(fromMs: number, toMs: number): void {
    if (this.#stretches.length === 0) {
      this.#fromMs = Math.floor(fromMs / CHUNK_MS) * CHUNK_MS;
      this.#toMs = this.#fromMs;
      this.#stretches.push({ startMs: this.#fromMs, offsetMs: this.offsetAt(this.#fromMs) });
    }
    while (this.#toMs < toMs) {
      this.#stretches.push(...this.#scan(this.#toMs, this.#toMs + CHUNK_MS));
      this.#toMs += CHUNK_MS;
    }
    while (this.#fromMs > fromMs) {
      const startMs = this.#fromMs - CHUNK_MS;
      const before = [{ startMs, offsetMs: this.offsetAt(startMs) }, ...this.#scan(startMs, this.#fromMs)];
      // What was the start of the span is a stretch of its own only if the clocks changed right there.
      const [first, ...rest] = this.#stretches;
      const unchanged = first !== undefined && before.at(-1)?.offsetMs === first.offsetMs;
      this.#stretches = [...before, ...(unchanged ? rest : this.#stretches)];
      this.#fromMs = startMs;
    }
  }

  /** The stretches that start after `fromMs` and at or before `toMs`. */
  #scan(fromMs: number, toMs: number): { startMs: number; offsetMs: number }[] {
    const found: { startMs: number; offsetMs: number }[] = [];
    let offset = this.offsetAt(fromMs);
    for (let ms = fromMs; ms < toMs; ms += SAMPLE_MS) {
      const next = this.offsetAt(ms + SAMPLE_MS);
      if (next !== offset) {
        found.push({ startMs: this.transitionBetween(ms, ms + SAMPLE_MS), offsetMs: next });
      }
      offset = next;
    }
    return found;
  }
}

/** One table for each zone that was asked for; a table is a few kilobytes, and making it takes a while. */
const tables = new Map<string, ZoneTable>();

function tableOf(zone: string): ZoneTable {
  let table = tables.get(zone);
  if (table === undefined) {
    table = new ZoneTable(zone);
    tables.set(zone, table);
  }
  return table;
}

/** Whether this computer knows the zone by this IANA name. Distances such as `+01:00` are not names. */
export function isTimeZone(zone: string): boolean {
  if (tables.has(zone)) return true;
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    tableOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Throws a `SoloistError` (`bad-time-zone`) unless the computer knows the zone by this name. */
export function requireTimeZone(zone: string): void {
  if (isTimeZone(zone)) return;
  throw new SoloistError({
    code: 'bad-time-zone',
    message: `"${zone}" is not the name of a time zone that this computer knows.`,
    hint: 'Use a name from the IANA time zone database, such as Europe/Berlin, America/New_York or UTC.',
  });
}

/** The stretch of the zone (IANA name, known to be one) that holds this instant (epoch milliseconds). */
export function stretchAt(zone: string, ms: number): Stretch {
  return tableOf(zone).stretchAt(ms);
}

/**
 * What the zone's clocks show at an instant (epoch milliseconds), as the epoch milliseconds of that in UTC.
 */
export function readingAt(zone: string, ms: number): number {
  return ms + tableOf(zone).offsetAt(ms);
}

/**
 * The instant or instants at which the zone's clocks show this reading (given as the epoch milliseconds that
 * the reading would have in UTC), or when they went past it.
 */
export function localTime(zone: string, reading: number): LocalTime {
  const table = tableOf(zone);
  // Far enough apart for the largest distances and changes (a whole day), and closer than two changes are.
  const early = reading - 1.5 * DAY_MS;
  const late = reading + 1.5 * DAY_MS;
  const before = reading - table.offsetAt(early);
  const after = reading - table.offsetAt(late);
  const shown = [...new Set([before, after])]
    .filter((ms) => ms + table.offsetAt(ms) === reading)
    .sort((one, other) => one - other);
  const [first, second] = shown;
  if (first === undefined) return { kind: 'skipped', transitionMs: table.transitionBetween(early, late) };
  if (second === undefined) return { kind: 'once', ms: first };
  return { kind: 'repeated', firstMs: first, secondMs: second };
}
