import { SoloistError } from '../errors.ts';
import { LARGEST_SEASONAL_CHANGE_MS, nextCronDue } from './cron.ts';
import { type CronPattern, parseCronPattern } from './pattern.ts';
import { localTime, requireTimeZone } from './zone.ts';

/** Due when the clocks of the zone (IANA name) match any of the patterns. */
export interface CronTrigger {
  readonly kind: 'cron';
  readonly patterns: readonly CronPattern[];
  readonly zone: string;
}

/** Due every so often in real time, first one interval after the anchor (epoch milliseconds). */
export interface EveryTrigger {
  readonly kind: 'every';
  readonly intervalMs: number;
  readonly anchorMs: number;
}

/** Due once (epoch milliseconds); the zone is for showing it. */
export interface AtTrigger {
  readonly kind: 'at';
  readonly atMs: number;
  readonly zone: string;
}

/** What makes a job due by the clock. */
export type TimeTrigger = CronTrigger | EveryTrigger | AtTrigger;

/**
 * A last due time that is this far ahead was reached while the clock was wrong and says nothing about now:
 * cron(8) takes clock changes of three hours and more as corrections. One that is nearer stands, so that
 * nothing is due twice when the clock goes back.
 */
export const CLOCK_CORRECTION_MS = LARGEST_SEASONAL_CHANGE_MS;

/**
 * Throws a `SoloistError` (`bad-schedule`, `bad-time-zone`) for an invalid pattern or zone or an empty list.
 */
export function cronTrigger(patterns: readonly string[], zone: string): CronTrigger {
  requireTimeZone(zone);
  if (patterns.length === 0) {
    throw new SoloistError({
      code: 'bad-schedule',
      message: 'The schedule is an empty list.',
      hint: 'Give at least one cron pattern, for example "0 3 * * *".',
    });
  }
  return { kind: 'cron', patterns: patterns.map(parseCronPattern), zone };
}

/**
 * An interval that keeps its phase for as long as the anchor or the last due time is kept. The anchor is when
 * the job was first seen with this interval (epoch milliseconds). Throws a `SoloistError` (`bad-interval`)
 * unless the interval is a whole number of milliseconds, at least one second.
 */
export function everyTrigger(intervalMs: number, anchorMs: number): EveryTrigger {
  if (!Number.isSafeInteger(intervalMs) || intervalMs < 1_000) {
    throw new SoloistError({
      code: 'bad-interval',
      message: `An interval of ${intervalMs} ms is too short.`,
      hint: 'The shortest interval is one second; for something that should always run, use keep_alive.',
    });
  }
  return { kind: 'every', intervalMs, anchorMs };
}

/** How a point in time was read; `repeated` and `skipped` are worth a word to the person who wrote it. */
export type AtReading = 'instant' | 'once' | 'repeated' | 'skipped';

const AT_FORM = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Reads a point in time in ISO 8601: `2026-12-24T18:00`, seconds optional, a date alone meaning its midnight.
 * Without `Z` or a distance from UTC it is on the clocks of the zone: what they show twice means the first
 * time, and what they skip means the moment at which they do, as cron(8) treats fixed times. Throws a
 * `SoloistError` (`bad-time`, `bad-time-zone`) for any other text and for dates that do not exist.
 */
export function atTrigger(text: string, zone: string): { trigger: AtTrigger; reading: AtReading } {
  requireTimeZone(zone);
  const match = AT_FORM.exec(text.trim());
  if (match === null) throw badTime(text, 'is not a point in time');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const reading = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(reading);
  const exists =
    back.getUTCFullYear() === year &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!exists) throw badTime(text, 'does not exist');
  const distance = match[7];
  if (distance !== undefined) {
    return { trigger: { kind: 'at', atMs: reading - distanceMs(text, distance), zone }, reading: 'instant' };
  }
  const local = localTime(zone, reading);
  const atMs =
    local.kind === 'once' ? local.ms : local.kind === 'repeated' ? local.firstMs : local.transitionMs;
  return { trigger: { kind: 'at', atMs, zone }, reading: local.kind };
}

function distanceMs(text: string, distance: string): number {
  if (distance.toUpperCase() === 'Z') return 0;
  const hours = Number(distance.slice(1, 3));
  const minutes = Number(distance.slice(-2));
  if (hours > 18 || minutes > 59) throw badTime(text, 'has an impossible distance from UTC');
  return (distance.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function badTime(text: string, reason: string): SoloistError {
  return new SoloistError({
    code: 'bad-time',
    message: `"${text}" ${reason}.`,
    hint: 'Write it as 2026-12-24T18:00, or with its distance from UTC as 2026-12-24T18:00+01:00.',
  });
}

/**
 * The first due time strictly after `afterMs` (epoch milliseconds), or undefined if there is none.
 * `lastDueMs` is the last due time that has been accounted for (run, skipped or missed), from the history: an
 * interval goes on from it, and after a clock that went back a little nothing up to it is due again.
 */
export function nextDue(trigger: TimeTrigger, afterMs: number, lastDueMs?: number): number | undefined {
  const floor =
    lastDueMs !== undefined && stands(lastDueMs, afterMs) ? Math.max(afterMs, lastDueMs) : afterMs;
  switch (trigger.kind) {
    case 'cron':
      return nextCronDue(trigger.patterns, trigger.zone, floor);
    case 'every': {
      const { intervalMs } = trigger;
      const phase = lastDueMs ?? trigger.anchorMs;
      const from = stands(phase, afterMs) ? Math.max(floor, phase) : floor;
      return phase + (Math.floor((from - phase) / intervalMs) + 1) * intervalMs;
    }
    case 'at':
      return trigger.atMs > afterMs && trigger.atMs !== lastDueMs ? trigger.atMs : undefined;
  }
}

/**
 * Whether a time that was reached counts at this one, rather than having been reached by a clock far ahead.
 */
export function stands(reachedMs: number, nowMs: number): boolean {
  return reachedMs - nowMs < CLOCK_CORRECTION_MS;
}

/**
 * The latest due time after `afterMs` and at or before `untilMs` (epoch milliseconds), or undefined if none
 * lies there. A few steps where due times are regular, some hundred where they are not, however many lie
 * between.
 */
export function latestDue(
  trigger: TimeTrigger,
  afterMs: number,
  untilMs: number,
  lastDueMs?: number,
): number | undefined {
  const first = nextDue(trigger, afterMs, lastDueMs);
  if (first === undefined || first > untilMs) return undefined;
  if (trigger.kind === 'every') {
    return first + Math.floor((untilMs - first) / trigger.intervalMs) * trigger.intervalMs;
  }
  // Known of the latest due time: it is neither before `low`, which is one, nor after `high`.
  let low = first;
  let high = untilMs;
  let step: number | undefined;
  while (low < high) {
    const next = nextDue(trigger, low, lastDueMs);
    if (next === undefined || next > untilMs) return low;
    // It is likely as near to the end as two due times are to each other; else larger steps, at most halves.
    step ??= next - low;
    low = next;
    const probe = Math.max(low + Math.floor((high - low) / 2), high - step);
    const due = nextDue(trigger, probe, lastDueMs);
    if (due !== undefined && due <= untilMs) {
      low = due;
    } else {
      high = probe;
      step *= 4;
    }
  }
  return low;
}

/** How many due times lie somewhere; counting stops at a limit, and then `exact` is false. */
export interface DueCount {
  readonly count: number;
  readonly exact: boolean;
}

/**
 * Counts the due times after `afterMs` and at or before `untilMs`, one by one up to `limit` unless a division
 * tells.
 */
export function countDue(
  trigger: TimeTrigger,
  afterMs: number,
  untilMs: number,
  limit: number,
  lastDueMs?: number,
): DueCount {
  if (trigger.kind === 'every') {
    const first = nextDue(trigger, afterMs, lastDueMs);
    const count =
      first === undefined || first > untilMs ? 0 : Math.floor((untilMs - first) / trigger.intervalMs) + 1;
    return { count, exact: true };
  }
  let count = 0;
  let due = nextDue(trigger, afterMs, lastDueMs);
  while (due !== undefined && due <= untilMs) {
    if (count === limit) return { count, exact: false };
    count += 1;
    due = nextDue(trigger, due, lastDueMs);
  }
  return { count, exact: true };
}

/**
 * How long after its due time a job starts: from 0 to `mostMs` milliseconds, spread evenly over names and due
 * times, and the same each time it is asked, so that a restart neither doubles nor drops a run that was
 * waiting for it.
 */
export function jitterMs(jobName: string, dueMs: number, mostMs: number): number {
  if (mostMs <= 0) return 0;
  // FNV-1a over the text, then the final mixing of MurmurHash3, whose last bits are as good as its first.
  let hash = 0x811c9dc5;
  for (const character of `${jobName}\n${dueMs}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = (hash ^ (hash >>> 16)) >>> 0;
  return Math.floor((hash / 2 ** 32) * (mostMs + 1));
}
