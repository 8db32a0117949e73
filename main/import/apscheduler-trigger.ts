import { durationText, parseDuration } from '../daemon/config/duration.ts';
import { isTimezone, parsePoint } from '../daemon/config/fields.ts';
import { CRON_FIELDS, type CronFieldName, cronMeaning } from './apscheduler-cron.ts';
import { type Entries, entriesOf, type Found } from './apscheduler-read.ts';
import { isNone, numberOf, plainText } from './apscheduler-value.ts';
import { isMapping } from './gather.ts';
import type { Remark } from './imported.ts';
import type { YamlText } from './yaml-text.ts';

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

const UNITS: Readonly<Record<string, string>> = {
  weeks: '1w',
  days: '1d',
  hours: '1h',
  minutes: '1m',
  seconds: '1s',
};
const CRONTAB_KEYS = ['crontab', 'cron_expression', 'expression', 'schedule'] as const;
const KINDS = ['cron', 'interval', 'date'] as const;
type Kind = (typeof KINDS)[number];

/** Everything that belongs to the trigger, wherever it stands. */
const FIELD_KEYS: ReadonlySet<string> = new Set([
  ...CRON_FIELDS.map(({ name }) => name),
  ...Object.keys(UNITS),
  ...['run_date', 'start_date', 'end_date', 'timezone', 'jitter'],
  ...CRONTAB_KEYS,
]);
const ARGUMENT_KEYS = ['trigger_args', 'trigger_kwargs', 'trigger_params', 'trigger_config'] as const;
const KIND_KEYS = ['type', 'name', 'kind', 'class', 'alias', 'trigger'] as const;

/** The keys of a job that are about its trigger. */
export const TRIGGER_KEYS: ReadonlySet<string> = new Set([
  ...FIELD_KEYS,
  ...ARGUMENT_KEYS,
  ...KINDS,
  'trigger',
]);

interface TriggerText {
  readonly kind: Kind | undefined;
  /** What the file calls it. */
  readonly found: Found | undefined;
  readonly fields: Map<string, Found>;
}

/** What makes a job due, from its own keys. What cannot be said here is remarked on and left out. */
export function dueOf(job: Entries, schedulerZone: Found | undefined, yaml: YamlText, say: Say): Due {
  const trigger = triggerOf(job, say);
  if (trigger === undefined) return {};
  const { kind, fields, found } = trigger;
  for (const [key, field] of fields) {
    if (!FIELD_KEYS.has(key)) say(field, 'left-out', "APScheduler's triggers do not know this key.");
  }
  const zone = zoneOf(fields.get('timezone') ?? schedulerZone, say);
  const jitter = jitterOf(fields.get('jitter'), say);
  const due = kind === undefined ? onceAtStart(found, say) : byKind[kind](fields, yaml, say, found);
  const isDue = Object.keys(due).length > 0;
  for (const key of ['start_date', 'end_date']) {
    const field = fields.get(key);
    if (field === undefined || isNone(field.value) || !isDue) continue;
    say(field, 'left-out', key === 'start_date' ? START : END);
  }
  const hasClock = due.schedule !== undefined || due.at !== undefined;
  return { ...due, ...(hasClock && zone !== undefined ? { timezone: zone } : {}), ...(isDue ? jitter : {}) };
}

const START = 'Jobs are due from when they are there; an interval counts from when the job is first seen.';
const END = 'Jobs have no end date; remove the job, or write "enabled: false", when it is over.';

function triggerOf(job: Entries, say: Say): TriggerText | undefined {
  const fields = new Map([...job].filter(([key]) => FIELD_KEYS.has(key)));
  const add = (found: Found): void => {
    for (const [key, field] of entriesOf(found.value, found.path)) fields.set(key, field);
  };
  for (const key of ARGUMENT_KEYS) {
    const found = job.get(key);
    if (found !== undefined) add(found);
  }
  const trigger = job.get('trigger');
  if (typeof trigger?.value === 'string') {
    const kind = kindOf(trigger.value);
    if (kind !== undefined) return { kind, found: trigger, fields: withInner(job, kind, fields) };
    if (!/^\S+(?:\s+\S+){4}$/.test(trigger.value.trim())) return unknownTrigger(trigger, say);
    return { kind: 'cron', found: trigger, fields: fields.set('crontab', trigger) };
  }
  if (trigger !== undefined && isMapping(trigger.value)) {
    const inside = entriesOf(trigger.value, trigger.path);
    const named = KIND_KEYS.map((key) => inside.get(key)).find((one) => typeof one?.value === 'string');
    const kind = named === undefined ? kindInside(inside) : kindOf(String(named.value));
    if (kind === undefined && named !== undefined) return unknownTrigger(named, say);
    for (const [key, field] of inside) {
      if (field === named) continue;
      if (isMapping(field.value) && /^(?:args|kwargs|params|fields|config|cron|interval|date)$/.test(key))
        add(field);
      else if (key === kind && key === 'cron') fields.set('crontab', field);
      else if (key === kind && key === 'date') fields.set('run_date', field);
      else fields.set(key, field);
    }
    return { kind: kind ?? kindInside(fields), found: trigger, fields };
  }
  if (trigger !== undefined && !isNone(trigger.value)) return unknownTrigger(trigger, say);
  const kind = kindInside(job) ?? kindInside(fields);
  return { kind, found: trigger, fields: kind === undefined ? fields : withInner(job, kind, fields) };
}

/** `cron: { hour: 3 }`, `cron: "0 3 * * *"`, `interval: { minutes: 5 }` or `date: ...` beside the other keys of the job. */
function withInner(job: Entries, kind: Kind, fields: Map<string, Found>): Map<string, Found> {
  const inner = job.get(kind);
  if (inner === undefined) return fields;
  if (isMapping(inner.value)) {
    for (const [key, field] of entriesOf(inner.value, inner.path)) fields.set(key, field);
  } else if (kind === 'cron') fields.set('crontab', inner);
  else if (kind === 'date') fields.set('run_date', inner);
  else fields.set('seconds', inner);
  return fields;
}

function kindOf(written: string): Kind | undefined {
  const name = written.trim().split(/[.:]/).at(-1) ?? '';
  return KINDS.find((kind) => new RegExp(`^${kind}(?:trigger)?$`, 'i').test(name));
}

function kindInside(entries: Entries): Kind | undefined {
  const named = KINDS.find((kind) => entries.has(kind) && entries.get(kind)?.value !== null);
  if (named !== undefined) return named;
  if ([...CRON_FIELDS.map(({ name }) => name), ...CRONTAB_KEYS].some((key) => entries.has(key)))
    return 'cron';
  if (Object.keys(UNITS).some((key) => entries.has(key))) return 'interval';
  return entries.has('run_date') ? 'date' : undefined;
}

function unknownTrigger(found: Found, say: Say): undefined {
  const why =
    'Only the triggers cron, interval and date are known here; the job is run by hand, or give it a trigger.';
  say(found, 'left-out', why);
  return undefined;
}

function onceAtStart(found: Found | undefined, say: Say): Due {
  const why =
    'APScheduler runs a job without a trigger once, when it is added; here that is when the daemon starts.';
  say(found, 'changed', why, 'trigger');
  return { on_start: true };
}

type Reader = (fields: Entries, yaml: YamlText, say: Say, found: Found | undefined) => Due;
const byKind: Readonly<Record<Kind, Reader>> = { cron: cronDue, interval: intervalDue, date: dateDue };

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

function zoneOf(found: Found | undefined, say: Say): string | undefined {
  if (found === undefined || isNone(found.value)) return undefined;
  if (typeof found.value === 'string' && isTimezone(found.value)) return found.value;
  say(
    found,
    'left-out',
    'No such time zone is known here; the zone of the configuration or of the computer holds.',
  );
  return undefined;
}

function jitterOf(found: Found | undefined, say: Say): { jitter?: string } {
  if (found === undefined || isNone(found.value)) return {};
  const seconds = numberOf(found.value);
  if (seconds === undefined || seconds < 0 || seconds > 7 * 86_400) {
    say(found, 'left-out', 'It is no number of seconds up to seven days.');
    return {};
  }
  if (seconds === 0) return {};
  say(
    found,
    'changed',
    'APScheduler starts it up to so long before or after the due time, Soloist only after.',
  );
  return { jitter: durationText(seconds * 1_000) };
}
