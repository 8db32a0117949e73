import type { Outcome, RunView } from '../main/control/views.ts';
import { windowStrings as strings } from './strings.ts';

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const shortClock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const whole = new Intl.NumberFormat();

/** All take ISO 8601 or milliseconds since 1970, and tell the time of this computer's zone. */
type Moment = string | number;

/** `09:14:05` */
export const clockTime = (at: Moment): string => clock.format(new Date(at));
/** `09:14` */
export const shortTime = (at: Moment): string => shortClock.format(new Date(at));
/** `Sun, 29 Nov` */
export const weekdayOf = (at: Moment): string => weekday.format(new Date(at));

/** `29 Nov`; with the year if it is another one. */
export function dateOf(at: Moment, now = Date.now()): string {
  const date = new Date(at);
  return (date.getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(date);
}

/** `29 Nov, 09:14:05` */
export const momentOf = (at: Moment, now = Date.now()): string => `${dateOf(at, now)}, ${clockTime(at)}`;

/** `09:14`; `28 Nov, 09:14` if it was not today. */
export function sinceInWords(at: Moment, now = Date.now()): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? shortTime(at) : `${dateOf(at, now)}, ${shortTime(at)}`;
}

export const count = (number: number): string => whole.format(number);

/** `1.2 MB`, in units of 1,000 as files are shown by macOS. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let amount = bytes / 1_000;
  let unit = 0;
  for (; amount >= 999.5 && unit < units.length - 1; unit++) amount /= 1_000;
  return `${amount < 9.95 ? Number(amount.toFixed(1)) : Math.round(amount)} ${units[unit]}`;
}

/** `12 ms`, `3.2 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h` */
export function durationInWords(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 59_500) return `${ms < 9_950 ? Number((ms / 1_000).toFixed(1)) : Math.round(ms / 1_000)} s`;
  const [one, other] = ms < 3_599_500 ? ['min', 's'] : ms < 86_370_000 ? ['h', 'min'] : ['d', 'h'];
  const [large, small] = { min: [60_000, 1_000], h: [3_600_000, 60_000], d: [86_400_000, 3_600_000] }[
    one as 'min' | 'h' | 'd'
  ] as [number, number];
  const all = Math.round(ms / small);
  const per = large / small;
  const rest = all % per;
  return `${Math.floor(all / per)} ${one}${rest === 0 ? '' : ` ${rest} ${other}`}`;
}

/** How long a run took, or has taken by now; undefined if it never started. */
export function durationOf({ startedAt, endedAt }: RunView, now: number): number | undefined {
  if (startedAt === null) return undefined;
  return Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt));
}

/** Why a run ended as it did: `Exit code 3`; empty if its outcome says all. */
export function reasonOf(outcome: Outcome | null): string {
  switch (outcome?.kind) {
    case 'succeeded':
      return outcome.exitCode === 0 ? '' : strings.exitCode(outcome.exitCode);
    case 'failed':
      switch (outcome.cause.kind) {
        case 'exit':
          return strings.exitCode(outcome.cause.code);
        case 'signal':
          return strings.signal(outcome.cause.signal);
        case 'not-started':
          return strings.notStarted(outcome.cause.reason);
      }
      return '';
    case 'cancelled':
    case 'skipped':
      return sentence(outcome.reason);
    case 'lost':
      return strings.lostReason;
    default:
      return '';
  }
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
