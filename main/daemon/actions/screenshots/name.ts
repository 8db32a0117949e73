/** What a clock on the wall shows; of which time zone, a screenshot's name does not say. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface NameFacts {
  readonly time: WallTime | undefined;
  /** What was on the screen, as the name says it: `WhatsApp`, or `com.app`. */
  readonly app: string | undefined;
}

/** Before or after the hour, in the languages that macOS and iOS write; the spaces may be narrow and not to be broken. */
const MORNING = ['a\\.?\\s?m\\.?', '上午', '午前', '오전', 'öö', 'sa', 'ص'];
const AFTERNOON = ['p\\.?\\s?m\\.?', '下午', '午後', '오후', 'ös', 'ch', 'م'];
const halfOfDay = `(?:${[...MORNING, ...AFTERNOON].join('|')})(?![\\p{L}])`;

interface Form {
  readonly of: string;
  readonly pattern: RegExp;
}

/** Tried in turn. Whatever word of whatever language stands before the date is passed over. */
const forms: readonly Form[] = [
  {
    // Screenshot_20261129_091400_WhatsApp.jpg, Screenshot_20261129-091400.png, IMG_20261129_091400123.jpg
    of: 'Samsung, Android, Pixel, Spectacle',
    pattern:
      /(?<!\d)(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)[-_ .T](?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?:\d{3})?(?!\d)(?<rest>.*)$/u,
  },
  {
    // Screenshot 2026-11-29 091400.png
    of: 'Windows',
    pattern:
      /(?<!\d)(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[ _](?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?!\d)(?<rest>.*)$/u,
  },
  {
    // Screenshot 2026-11-29 at 9.14.00 PM.png, Bildschirmfoto vom 2026-11-29 09-14-00.png, ...-09-14-00-123_com.app.png
    of: 'macOS, iOS, GNOME, Xiaomi',
    pattern: new RegExp(
      `(?<!\\d)(?<year>\\d{4})[-._](?<month>\\d\\d)[-._](?<day>\\d\\d)(?:[^\\d]{0,16}?(?<before>${halfOfDay})|[^\\d]{1,16}?)\\s*` +
        `(?<hour>\\d{1,2})[-.:_](?<minute>\\d\\d)(?:[-.:_](?<second>\\d\\d))?(?!\\d)` +
        `(?:\\s*(?<after>${halfOfDay}))?(?:[-_]\\d{1,3}(?=_|$))?(?<rest>.*)$`,
      'iu',
    ),
  },
];

/** Endings that programs give to a second file of the same name. */
const DUPLICATE = /(?:\s*\(\d+\)|~\d+|\s+copy(?:\s\d+)?|\s+-\s+(?:copy|kopie|copie|copia))$/iu;
const EXTENSION = /\.(?:png|jpe?g)$/iu;

/** Time and app from the name of a screenshot (with its extension), as far as the name tells them. Never throws. */
export function nameFacts(name: string): NameFacts {
  const bare = name.normalize('NFC').replace(EXTENSION, '');
  for (const { pattern } of forms) {
    const groups = pattern.exec(bare)?.groups;
    const time = groups && wallTime(groups);
    if (time !== undefined) return { time, app: appFrom(groups?.rest ?? '') };
  }
  return { time: undefined, app: undefined };
}

function wallTime(groups: Readonly<Record<string, string | undefined>>): WallTime | undefined {
  const number = (name: string): number => Number(groups[name] ?? 0);
  const hour = hourOfDay(number('hour'), groups.before ?? groups.after);
  if (hour === undefined) return undefined;
  const time = {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour,
    minute: number('minute'),
    second: number('second'),
  };
  return isTime(time) ? time : undefined;
}

function hourOfDay(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return hour > 12 && hour < 24 ? hour : undefined;
  const afternoon = new RegExp(`^(?:${AFTERNOON.join('|')})$`, 'iu').test(half);
  return (hour % 12) + (afternoon ? 12 : 0);
}

function isTime({ year, month, day, hour, minute, second }: WallTime): boolean {
  if (year < 1990 || year > 2199 || hour > 23 || minute > 59 || second > 59) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Some phones write a hash where others have the app. */
function appFrom(rest: string): string | undefined {
  const app = /^[_.-](.+)$/u.exec(rest.replace(DUPLICATE, ''))?.[1]?.replaceAll('_', ' ').trim();
  return app === undefined || /^[\d\s().-]*$|^[0-9a-f]{16,}$/iu.test(app) ? undefined : app;
}

/** What the computer's clocks showed at an instant (epoch milliseconds). */
export function wallTimeAt(ms: number): WallTime {
  const date = new Date(ms);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
  };
}

const two = (number: number): string => String(number).padStart(2, '0');

/** `2026-11-29_09-14-00`, which sorts by time and is a file's name everywhere. */
export function sortableTime({ year, month, day, hour, minute, second }: WallTime): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}_${two(hour)}-${two(minute)}-${two(second)}`;
}
