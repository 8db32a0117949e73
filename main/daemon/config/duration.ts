/** One unit of time, as written after a number and in words. Longest first: that is the order in `1h30m`. */
const TIME_UNITS = [
  { suffix: 'w', word: 'week', milliseconds: 604_800_000 },
  { suffix: 'd', word: 'day', milliseconds: 86_400_000 },
  { suffix: 'h', word: 'hour', milliseconds: 3_600_000 },
  { suffix: 'm', word: 'minute', milliseconds: 60_000 },
  { suffix: 's', word: 'second', milliseconds: 1_000 },
  { suffix: 'ms', word: 'millisecond', milliseconds: 1 },
] as const;

const DURATION_SOURCE = `(?=\\d)${TIME_UNITS.map(({ suffix }) => `(?:(\\d{1,12})${suffix})?`).join('')}`;

/** What a duration looks like: whole numbers with units, longest first, each at most once. */
export const DURATION_PATTERN = new RegExp(`^${DURATION_SOURCE}$`);

/** What a range of durations looks like: `1s..5m`, or one duration that is both ends. */
export const RANGE_PATTERN = new RegExp(`^${DURATION_SOURCE}(?:\\.\\.${DURATION_SOURCE})?$`);

/** Milliseconds of `90s`, `15m`, `1h30m`, `2d` or `500ms`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text);
  if (match === null) return undefined;
  let total = 0;
  for (const [index, { milliseconds }] of TIME_UNITS.entries()) {
    total += Number(match[index + 1] ?? 0) * milliseconds;
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

function timeParts(milliseconds: number): { count: number; suffix: string; word: string }[] {
  let rest = Math.max(0, Math.round(milliseconds));
  return TIME_UNITS.flatMap((unit) => {
    // 14 days are what people write and say; weeks are only understood.
    if (unit.suffix === 'w') return [];
    const count = Math.floor(rest / unit.milliseconds);
    rest -= count * unit.milliseconds;
    return count === 0 ? [] : [{ count, suffix: unit.suffix, word: unit.word }];
  });
}

/** Milliseconds as they are written in the configuration: `1h30m`. The reverse of `parseDuration`. */
export function durationText(milliseconds: number): string {
  return (
    timeParts(milliseconds)
      .map(({ count, suffix }) => `${count}${suffix}`)
      .join('') || '0s'
  );
}

/** Milliseconds in words, exact: `1 hour 30 minutes`. */
export function durationWords(milliseconds: number): string {
  const words = timeParts(milliseconds).map(({ count, word }) => `${count} ${word}${count === 1 ? '' : 's'}`);
  return words.join(' ') || '0 seconds';
}

/** Two durations in milliseconds; `from` is never longer than `to`. */
export interface DurationRange {
  readonly from: number;
  readonly to: number;
}

/** Both ends of `1s..5m` in milliseconds; one duration is both. Undefined if malformed or the longer is first. */
export function parseRange(text: string): DurationRange | undefined {
  const [first, last, ...more] = text.split('..');
  if (first === undefined || more.length > 0) return undefined;
  const from = parseDuration(first);
  const to = last === undefined ? from : parseDuration(last);
  return from === undefined || to === undefined || from > to ? undefined : { from, to };
}

/** A range as it is written in the configuration: `1s..5m`. */
export function rangeText({ from, to }: DurationRange): string {
  return from === to ? durationText(from) : `${durationText(from)}..${durationText(to)}`;
}

/** Units of size: decimal ones as disks are sold, binary ones as memory is counted. */
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** What a size looks like; the unit in either case. */
export const SIZE_PATTERN = /^(\d{1,12}) ?([kKmMgGtT][iI]?[bB]|[bB])$/;

/** Bytes of `10MB` (1 MB is 1,000,000 bytes) or `10MiB` (1 MiB is 1,048,576); undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = SIZE_PATTERN.exec(text) ?? [];
  const bytes = Number(count) * (SIZE_UNITS[unit?.toLowerCase() ?? ''] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Bytes for people, in decimal units: `10 MB`, `1.5 kB`. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.95 would be rounded up to "1000 kB".
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${unit === 0 && bytes === 1 ? 'byte' : units[unit]}`;
}
