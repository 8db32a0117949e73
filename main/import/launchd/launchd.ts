import { basename } from 'node:path';
import { durationText, rangeText } from '../../daemon/config/duration.ts';
import { shellWord } from '../../daemon/shell-word.ts';
import { foreignReason, leaveForeign } from '../account.ts';
import { gatherer } from '../gather.ts';
import type { Imported, Remark } from '../imported.ts';
import { nameFromLabel } from '../job-name.ts';
import { calendarTimes } from './calendar.ts';
import { commandOf, variablesOf } from './command.ts';
import { readKeepAlive } from './keep-alive.ts';
import { HANDED_OVER, LEFT_OUT, UNKNOWN_STARTS } from './left-out.ts';
import { type Dictionary, readPlist } from './plist-text.ts';

export interface LaunchdOptions {
  /** The path of the file, if it has one: those in `/Library/LaunchDaemons` are for root. */
  readonly file?: string | undefined;
  /** Who will run the job. */
  readonly user?: string | undefined;
}

type Note = (path: string, kind: Remark['kind'], why: string) => void;
type Settings = Readonly<Record<string, unknown>>;

/** Keys that become settings, or are read together with others. */
const CARRIED = new Set([
  'Label',
  'Program',
  'ProgramArguments',
  'EnvironmentVariables',
  'WorkingDirectory',
  'RunAtLoad',
  'StartInterval',
  'StartCalendarInterval',
  'WatchPaths',
  'QueueDirectories',
  'KeepAlive',
  'OnDemand',
  'ThrottleInterval',
  'ExitTimeOut',
  'StandardInPath',
  'Disabled',
  'UserName',
  'Nice',
  'ServiceDescription',
]);

/**
 * What a property list of launchd (launchd.plist(5)), as XML, comes to: one job, or none. Throws a `SoloistError` if it is
 * no such list.
 */
export function importLaunchd(text: string, { file, user }: LaunchdOptions = {}): Imported {
  const { values, lineOf } = readPlist(text, file ?? 'standard input');
  const hasLabel = typeof values.Label === 'string' && values.Label.trim() !== '';
  const label = hasLabel ? String(values.Label) : basename(file ?? 'job', '.plist');
  const gathered = gatherer();
  const name = gathered.name(nameFromLabel(label));
  const line = lineOf('Label') ?? 1;
  const { command, notes } = commandOf(values);
  const reason =
    command === undefined ? 'There is neither Program nor ProgramArguments.' : onlyForLaunchd(values);
  const note: Note = (path, kind, why) => {
    const found = lineOf(path) ?? lineOf(path.replace(/[.[].*$/, ''));
    gathered.remark({ line: found, ...(reason === undefined ? { job: name } : {}), what: path, kind, why });
  };
  leaveOut(values, name, note);
  if (command === undefined || reason !== undefined) {
    gathered.remark({ line, what: label, kind: 'left-out', why: reason ?? '' });
    return gathered.done([]);
  }
  if (!hasLabel) note('Label', 'changed', 'There is none, so that the job is called after the file.');
  for (const { path, kind, why } of notes) note(path, kind, why);
  const settings = {
    ...description(values),
    ...command,
    ...textSetting(values, 'StandardInPath', note, (path) => ({ stdin: { file: path } })),
    ...starts(values, note),
    ...textSetting(values, 'WorkingDirectory', note, (path) => ({ cwd: path })),
    ...environment(values, note),
    ...grace(values, note),
    ...account(values, { file, user }, note),
  };
  const isAdded = gathered.job({ name, line, settings }, label);
  const isLeft = gathered.jobs.some((job) => job.settings.enabled === false) && values.Disabled !== true;
  const left = isLeft ? [leaveForeign(label, 'launchd')] : [];
  return gathered.done(isAdded ? [...left, ...switchOff(label, file)] : []);
}

/** Why Soloist cannot start it, as a sentence; undefined if it can. */
function onlyForLaunchd(values: Dictionary): string | undefined {
  const handed = HANDED_OVER.find((key) => Object.hasOwn(values, key));
  if (handed !== undefined)
    return `It lives from ${handed}, which only launchd can give it. Leave it to launchd.`;
  const unknown = UNKNOWN_STARTS.find((key) => Object.hasOwn(values, key) && values[key] !== false);
  const isStarted = ['RunAtLoad', ...STARTERS].some(
    (key) => Object.hasOwn(values, key) && values[key] !== false,
  );
  if (unknown === undefined || isStarted || readKeepAlive(values).restart !== 'no') return undefined;
  return `It is started by ${unknown} alone, of which Soloist does not know. Leave it to launchd.`;
}

/** Remarks about all keys that have no counterpart; `false` is what launchd does without them. */
function leaveOut(values: Dictionary, name: string, note: Note): void {
  for (const [key, value] of Object.entries(values)) {
    if (CARRIED.has(key)) continue;
    const why = Object.hasOwn(LEFT_OUT, key) ? LEFT_OUT[key] : undefined;
    if (why === undefined) note(key, 'left-out', 'It is no key of launchd.plist(5) that is known here.');
    else if (value !== false) note(key, 'left-out', typeof why === 'string' ? why : why(value, name));
  }
}

const description = ({ ServiceDescription: text }: Dictionary): Settings =>
  typeof text === 'string' && text.trim() !== '' ? { description: text.trim() } : {};

function textSetting(
  values: Dictionary,
  key: string,
  note: Note,
  setting: (text: string) => Settings,
): Settings {
  const value = values[key];
  if (value === undefined) return {};
  if (typeof value === 'string' && value.trim() !== '') return setting(value);
  note(key, 'left-out', 'It is no path.');
  return {};
}

function environment(values: Dictionary, note: Note): Settings {
  const { variables, refused } = variablesOf(values.EnvironmentVariables);
  for (const name of refused)
    note(
      `EnvironmentVariables.${name}`,
      'left-out',
      'Its name or value is none that Soloist can give to a job.',
    );
  return Object.keys(variables).length === 0 ? {} : { env: variables };
}

/** A number of seconds from `least` on; undefined, with a remark if it is anything else. */
function seconds(values: Dictionary, key: string, least: number, note: Note): number | undefined {
  const value = values[key];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value < 100_000_000)
    return value;
  note(key, 'left-out', `It is not a whole number of seconds from ${least} on.`);
  return undefined;
}

const LONGEST_GRACE_SECONDS = 3600;

function grace(values: Dictionary, note: Note): Settings {
  const limit = seconds(values, 'ExitTimeOut', 0, note);
  if (limit === undefined) return {};
  if (limit > 0 && limit <= LONGEST_GRACE_SECONDS) return { grace: durationText(limit * 1000) };
  note('ExitTimeOut', 'changed', 'Soloist waits for an hour at most before it ends a job by force.');
  return { grace: '1h' };
}

const STARTERS = ['StartCalendarInterval', 'StartInterval', 'WatchPaths', 'QueueDirectories'] as const;

/** What starts it, and what happens when it ends. */
function starts(values: Dictionary, note: Note): Settings {
  const { restart, runsAtLoad, notes } = readKeepAlive(values);
  for (const { path, kind, why } of notes) note(path, kind, why);
  const throttle = seconds(values, 'ThrottleInterval', 0, note) ?? 0;
  const from = throttle * 1000;
  const starters = STARTERS.filter((key) => values[key] !== undefined);
  if (restart === 'always' || (restart === 'on-failure' && starters.length === 0)) {
    for (const key of starters)
      note(key, 'left-out', 'A service always runs, so that nothing else has to start it.');
    const backoff = from === 0 ? {} : { backoff: rangeText({ from, to: Math.max(from, 300_000) }) };
    const how = { ...(restart === 'always' ? {} : { restart }), ...backoff };
    return { keep_alive: Object.keys(how).length === 0 ? true : how };
  }
  const triggers = { ...calendar(values, note), ...interval(values, note), ...watching(values, note) };
  if (values.RunAtLoad !== undefined && typeof values.RunAtLoad !== 'boolean')
    note('RunAtLoad', 'left-out', 'It is neither true nor false.');
  const start = values.RunAtLoad === true || runsAtLoad ? { on_start: true } : {};
  if (restart === 'on-failure') {
    const why = 'launchd starts it again for ever after a failure; here it is tried ten times ("retry").';
    note('KeepAlive', 'changed', why);
    const backoff = rangeText({ from: from === 0 ? 10_000 : from, to: Math.max(from, 600_000) });
    return { ...triggers, ...start, retry: { attempts: 10, backoff } };
  }
  if (throttle > 0)
    note('ThrottleInterval', 'left-out', 'Soloist has such a pause for services and retries only.');
  return { ...triggers, ...start };
}

function calendar(values: Dictionary, note: Note): Settings {
  const value = values.StartCalendarInterval;
  if (value === undefined) return {};
  const { schedules, faults } = calendarTimes(value);
  for (const { path, why } of faults) note(`StartCalendarInterval${path}`, 'left-out', why);
  if (schedules.length === 0) return {};
  note('StartCalendarInterval', 'changed', MADE_UP);
  return { schedule: schedules.length === 1 ? schedules[0] : schedules, missed: 'once' };
}

const MADE_UP =
  'launchd makes up once for times that passed while the computer slept; "missed: once" also for those while it was off.';

function interval(values: Dictionary, note: Note): Settings {
  const every = seconds(values, 'StartInterval', 1, note);
  return every === undefined ? {} : { every: durationText(every * 1000) };
}

const WATCHED =
  'launchd starts it after any change, also when something is removed; Soloist when files are added or changed, in folders below too.';
const QUEUED =
  'launchd starts it as long as the folder is not empty; Soloist when files are added or changed in it.';

function watching(values: Dictionary, note: Note): Settings {
  const paths = (['WatchPaths', 'QueueDirectories'] as const).flatMap((key) => {
    const value = values[key];
    if (value === undefined) return [];
    const found = (Array.isArray(value) ? value : [value]).filter(
      (path): path is string => typeof path === 'string' && path.trim() !== '',
    );
    if (found.length === 0) note(key, 'left-out', 'There is no path in it.');
    else note(key, 'changed', key === 'WatchPaths' ? WATCHED : QUEUED);
    return found;
  });
  return paths.length === 0 ? {} : { watch: paths.length === 1 ? paths[0] : paths };
}

/** A job that ran as somebody else is not enabled: it may not be able to do its work as you, or do harm. */
function account(values: Dictionary, { file, user }: LaunchdOptions, note: Note): Settings {
  // launchd looks at it only for what is not a person's own.
  const written = file?.includes('/LaunchAgents/') ? undefined : values.UserName;
  const isDaemon = file?.includes('/LaunchDaemons/') ?? false;
  const runsAs = typeof written === 'string' ? written : isDaemon ? 'root' : undefined;
  const isForeign = runsAs !== undefined && runsAs !== user;
  if (isForeign) {
    const what = written === undefined ? 'Label' : 'UserName';
    note(what, 'left-out', foreignReason('launchd', runsAs));
  }
  return isForeign || values.Disabled === true ? { enabled: false } : {};
}

function switchOff(label: string, file: string | undefined): string[] {
  const formula = /^homebrew\.mxcl\.(\S+)$/.exec(label)?.[1];
  const isDaemon = file?.includes('/LaunchDaemons/') ?? false;
  const target = isDaemon ? `system/${shellWord(label)}` : `gui/$(id -u)/${shellWord(label)}`;
  const sudo = isDaemon ? 'sudo ' : '';
  if (formula !== undefined) return [`${sudo}brew services stop ${shellWord(formula)}`];
  return [
    `${sudo}launchctl bootout ${target}`,
    `So that it does not come back when you log in: ${sudo}launchctl disable ${target}`,
    ...(file === undefined ? [] : [`When you do not want to go back, remove ${file}`]),
  ];
}
