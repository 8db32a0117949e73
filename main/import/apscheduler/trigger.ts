import { durationText } from '../../daemon/config/duration.ts';
import { isTimezone } from '../../daemon/config/fields.ts';
import { isMapping } from '../values.ts';
import type { YamlText } from '../yaml-text.ts';
import { CRON_FIELDS } from './cron.ts';
import { CRONTAB_KEYS, DUE_BY_KIND, type Due, KINDS, type Kind, type Say, UNITS } from './due.ts';
import { type Entries, entriesOf, type Found } from './read.ts';
import { isNone, numberOf } from './value.ts';

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
  const due = kind === undefined ? onceAtStart(found, say) : DUE_BY_KIND[kind](fields, yaml, say, found);
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
