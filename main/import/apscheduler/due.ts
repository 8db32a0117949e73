import { durationText, parseDuration } from '../../daemon/config/duration.ts';
import { parsePoint } from '../../daemon/config/fields.ts';
import type { Remark } from '../imported.ts';
import type { YamlText } from '../yaml-text.ts';
import { CRON_FIELDS, type CronFieldName, cronMeaning } from './cron.ts';
import type { Entries, Found } from './read.ts';
import { isNone, numberOf, plainText } from './value.ts';

export type Say = (found: Found | undefined, kind: Remark['kind'], why: string, what?: string) => void;

/** The settings that make a job due. */
export interface Due {
  readonly schedule?: string | readonly string[];
  readonly every?: string;
  readonly at?: string;
  readonly on_start?: true;
  readonly timezone?: string;
  readonly jitter?: string;
}

export const UNITS: Readonly<Record<string, string>> = {
  weeks: '1w',
  days: '1d',
  hours: '1h',
  minutes: '1m',
  seconds: '1s',
};
export const CRONTAB_KEYS = ['crontab', 'cron_expression', 'expression', 'schedule'] as const;
export const KINDS = ['cron', 'interval', 'date'] as const;
export type Kind = (typeof KINDS)[number];

type Reader = (fields: Entries, yaml: YamlText, say: Say, found: Found | undefined) => Due;
/** Reads the fields of each kind of trigger; `found` is the trigger itself. What cannot be said here is remarked on. */
export const DUE_BY_KIND: Readonly<Record<Kind, Reader>> = {
  cron: cronDue,
  interval: intervalDue,
  date: dateDue,
};

function cronDue(fields: Entries, yaml: YamlText, say: Say, found: Found | undefined): Due {
  const given: Partial<Record<CronFieldName, string>> = {};
  const crontab = CRONTAB_KEYS.map((key) => fields.get(key)).find((one) => one !== undefined);
  if (crontab !== undefined) {
    const parts = typeof crontab.value === 'string' ? crontab.value.trim().split(/\s+/) : [];
    if (parts.length !== 5) {
      say(
        crontab,
        'left-out',
        'APScheduler takes five fields: minute, hour, day, month and day of the week.',
      );
      return {};
    }
    const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
    Object.assign(given, { minute, hour, day, month, day_of_week: weekday });
    if (/^[^*/]*\d/.test(weekday)) say(crontab, 'changed', FROM_MONDAY);
  }
  for (const { name } of CRON_FIELDS) {
    const field = fields.get(name);
    if (field === undefined || isNone(field.value)) continue;
    const text = plainText(field.value, field.path, yaml);
    if (text === undefined) {
      say(
        field,
        'left-out',
        'It is neither a number nor a text; without it the schedule would be another one.',
      );
      return {};
    }
    given[name] = text;
  }
  if (Object.keys(given).length === 0)
    say(
      found,
      'changed',
      'No field is given, so that APScheduler runs it every second, and so does Soloist.',
    );
  const meaning = cronMeaning(given);
  if (meaning.kind === 'at') return { at: meaning.time };
  if (meaning.kind === 'schedule') {
    const [only = '', ...more] = meaning.patterns;
    return { schedule: more.length === 0 ? only : meaning.patterns };
  }
  const about = meaning.field === undefined ? undefined : fields.get(meaning.field);
  say(about ?? crontab ?? found, 'left-out', `${meaning.why} Until then the job is run by hand.`);
  return {};
}

const FROM_MONDAY =
  'APScheduler counts days of the week from Monday = 0, unlike cron, also in such patterns; the job runs on the days on which it did there.';

function intervalDue(fields: Entries, _yaml: YamlText, say: Say, found: Found | undefined): Due {
  let total = 0;
  for (const [unit, one] of Object.entries(UNITS)) {
    const field = fields.get(unit);
    if (field === undefined || isNone(field.value)) continue;
    const number = numberOf(field.value);
    if (number === undefined || number < 0) {
      say(field, 'left-out', `It is no number of ${unit}; the job is run by hand until it has one.`);
      return {};
    }
    total += number * (parseDuration(one) ?? 0);
  }
  const milliseconds = Math.round(total);
  if (milliseconds > (parseDuration('3650d') ?? 0)) {
    say(found, 'left-out', 'The longest interval is 3650d; the job is run by hand.');
    return {};
  }
  // APScheduler takes no interval at all for a second.
  if (milliseconds < 1_000 && milliseconds > 0)
    say(fields.get('seconds') ?? found, 'changed', 'The shortest interval is 1s.');
  return { every: durationText(Math.max(1_000, milliseconds)) };
}

function dateDue(fields: Entries, _yaml: YamlText, say: Say, found: Found | undefined): Due {
  const field = fields.get('run_date');
  if (field === undefined || isNone(field.value)) {
    say(
      found,
      'changed',
      'Without "run_date" APScheduler runs it once, when it is added; here that is when the daemon starts.',
    );
    return { on_start: true };
  }
  const time = pointOf(field.value);
  if (time === undefined) {
    say(field, 'left-out', 'It is no date and time such as 2026-12-24 18:00:00; the job is run by hand.');
    return {};
  }
  return { at: time };
}

/** APScheduler takes `2026-1-5`, and `2026-1-5 9:00:00.5+02:00`. */
function pointOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, year, month = '', day = '', hour = '0', minute = '0', second = '0', zone = ''] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:\s+|[Tt])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?\s*(Z|[-+]\d\d:\d\d)?)?$/.exec(
      value.trim(),
    ) ?? [];
  if (year === undefined) return undefined;
  const two = (text: string) => text.padStart(2, '0');
  const written = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${zone}`;
  return parsePoint(written) === undefined ? undefined : written;
}
