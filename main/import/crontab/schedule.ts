import { durationText, parseDuration } from '../../daemon/config/duration.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { FIELDS, type Field, fieldValue, NICKNAMES } from '../../daemon/schedule/fields.ts';
import { parseCronPattern } from '../../daemon/schedule/pattern.ts';

/** When an entry of a crontab is due, as a job says it. */
export interface CronTimes {
  readonly settings: { readonly schedule?: string; readonly every?: string; readonly on_start?: true };
  /** Milliseconds within which cron picks a moment at random. */
  readonly window: number;
  /** How it differs from what cron does, each a sentence. */
  readonly differences: readonly string[];
}

const REBOOT =
  'cron runs it when the computer starts; Soloist runs it whenever its daemon starts. If it is a program that should always run, write "keep_alive: true" in place of "on_start: true".';
const RANDOM =
  'cron picks the moment once, when it reads the file; Soloist picks another one for each run ("jitter").';
const EVERY = 'It is due this long after the daemon has started, and then again and again.';

/** Reads the times of an entry (`CrontabEntry.when`). Throws a `SoloistError` if cron's meaning cannot be told. */
export function cronTimes(when: string): CronTimes {
  if (when.startsWith('@')) return nickname(when);
  const texts = when.split(' ');
  const parts = FIELDS.slice(1).map((field, index) => readField(field, texts[index] ?? ''));
  const schedule = parts.map(({ text }) => text).join(' ');
  const pattern = parseCronPattern(schedule);
  if (!pattern.possible) throw unreadable(`no day ever matches "${when}"`);
  return {
    settings: { schedule },
    window: parts.reduce((total, { window }) => total + window, 0),
    differences: [...new Set(parts.flatMap(({ differences }) => differences))],
  };
}

function nickname(when: string): CronTimes {
  const [name = '', interval = ''] = when.toLowerCase().split(' ');
  const times = (settings: CronTimes['settings'], ...differences: string[]): CronTimes => ({
    settings,
    window: 0,
    differences,
  });
  if (name === '@reboot') return times({ on_start: true }, REBOOT);
  if (name === '@every_minute') return times({ schedule: '* * * * *' });
  if (name === '@every_second') return times({ schedule: '* * * * * *' });
  const seconds = /^@(\d{1,8})$/.exec(name)?.[1] ?? '0';
  const every = name === '@every' ? parseDuration(interval) : Number(seconds) * 1000;
  if (name === '@every' && (every === undefined || every < 1000))
    throw unreadable(`"${interval}" is no interval such as 1h30m, of at least a second`);
  if (every !== undefined && every >= 1000) return times({ every: durationText(every) }, EVERY);
  if (NICKNAMES.has(name)) return times({ schedule: name });
  throw unreadable(`cron's "${name}" is not known here`);
}

interface ReadField {
  readonly text: string;
  /** Milliseconds. */
  readonly window: number;
  readonly differences: readonly string[];
}

function readField(field: Field, text: string): ReadField {
  const parts = text.split(',').map((part) => readPart(field, part));
  return {
    text: parts.map((part) => part.text).join(','),
    window: Math.max(...parts.map(({ window }) => window)),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

const PART = /^(?:(\*)|(\w+)?(?:([-~])(\w+)?)?)(?:\/(\d+))?$/;

/** How long one value of these fields is, in milliseconds; a moment within others cannot be said. */
const LENGTHS: Readonly<Partial<Record<Field['name'], number>>> = { minute: 60_000, hour: 3_600_000 };

/** One part of a field between commas. What is not understood stays as it is, for the check of the whole to name. */
function readPart(field: Field, text: string): ReadField {
  const same: ReadField = { text, window: 0, differences: [] };
  const [match, star, begin, sign, end, stepText] = PART.exec(text) ?? [];
  if (match === undefined) return same;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1) throw unreadable(`the step of "${text}" is 0`);
  if (star !== undefined)
    return step > longestStep(field) ? { ...same, text: `*/${longestStep(field)}` } : same;
  const first = begin === undefined ? field.least : fieldValue(field, begin);
  const last = end === undefined ? field.most : fieldValue(field, end);
  if (first === undefined || last === undefined) return same;
  if (sign === '~') return randomPart(field, { first, last, step, text });
  if (sign === '-')
    return first > last ? roundPart(field, { first, last, step, text }) : bounded(same, first, last, step);
  if (stepText === undefined || begin === undefined) return same;
  const range = bounded({ ...same, text: `${begin}-${field.most}/${step}` }, first, field.most, step);
  return {
    ...range,
    differences: [
      `Some cron daemons take "${text}" for "${begin}" alone; here it is "${range.text}", as others take it.`,
    ],
  };
}

/**
 * Of a step that goes beyond the field only the first value is ever met; so it is with this one, which is not refused. The star
 * stays: with it a day of the month and one of the week must both match.
 */
const longestStep = (field: Field): number => (field.name === 'weekday' ? 7 : field.most - field.least + 1);

interface Part {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly text: string;
}

/** A step that is longer than its range leaves the first value only, and ours is refused then. */
function bounded(same: ReadField, first: number, last: number, step: number): ReadField {
  return step > Math.max(1, last - first) ? { ...same, text: String(first) } : same;
}

/** `22-4`, which some cron daemons take as going round. */
function roundPart(field: Field, { first, last, step, text }: Part): ReadField {
  const most = field.name === 'weekday' ? 6 : field.most;
  if (field.name === 'weekday' && last === 0)
    return { text: stepped(first, 7, step), window: 0, differences: [] };
  const values: number[] = [];
  const count = most - field.least + 1;
  for (let offset = 0; offset <= last - first + count; offset += step)
    values.push(field.least + ((first - field.least + offset) % count));
  const written =
    step === 1
      ? `${stepped(first, most, 1)},${stepped(field.least, last, 1)}`
      : values.sort((one, other) => one - other).join(',');
  return {
    text: written,
    window: 0,
    differences: [`Many cron daemons refuse "${text}"; here it is "${written}", as others take it.`],
  };
}

const stepped = (first: number, last: number, step: number): string =>
  first === last ? String(first) : `${first}-${last}${step === 1 ? '' : `/${step}`}`;

function randomPart(field: Field, { first, last, step, text }: Part): ReadField {
  if (first > last) throw unreadable(`the range of "${text}" goes down`);
  const length = LENGTHS[field.name];
  if (length === undefined) {
    const difference = `cron picks a value of "${text}" at random; here it is the first one. Write another one if you like.`;
    return { text: String(first), window: 0, differences: [difference] };
  }
  const isStepped = step > 1 && last - first >= step;
  return {
    text: isStepped
      ? `${first === field.least && last === field.most ? '*' : `${first}-${last}`}/${step}`
      : String(first),
    window: (isStepped ? step - 1 : last - first) * length,
    differences: [RANDOM],
  };
}

function unreadable(reason: string): SoloistError {
  return new SoloistError({ code: 'bad-schedule', message: `The times cannot be read: ${reason}.` });
}
