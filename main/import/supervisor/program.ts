import { durationText, parseDuration } from '../../daemon/config/duration.ts';
import { foreignReason } from '../account.ts';
import type { Gatherer } from '../gather.ts';
import type { Remark } from '../imported.ts';
import { isRelativePath, REFUSED_VARIABLE, shown, sortedVariables } from '../values.ts';
import type { IniSection } from './ini-text.ts';
import { CARRIED, LEFT_OUT } from './keys.ts';
import { type Expansions, environmentOf, expand, flagOf, splitCommand, type Understood } from './text.ts';

export interface ProgramContext {
  readonly gathered: Gatherer;
  readonly expansions: Expansions;
  /** The groups that it belongs to. */
  readonly groups: readonly string[];
  /** What [supervisord] gives to all programs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string | undefined;
  /** Collects the names of `%(ENV_NAME)s` whose values are those of the import. */
  readonly lookedUp: Set<string>;
  /** The person for whom the import is. */
  readonly user: string | undefined;
}

/** More processes of one program than this are rather a slip. */
const MOST_PROCESSES = 50;

export interface ImportedProgram {
  /** The names of the processes that became jobs. */
  readonly processes: readonly string[];
  /** Whether they ran as somebody else. */
  readonly isForeign: boolean;
}

type Say = (key: string, kind: Remark['kind'], why: string, what?: string) => void;

/** Adds the jobs of a [program:NAME], one for each of its processes, and remarks what they lose. */
export function importProgram(
  section: IniSection,
  program: string,
  context: ProgramContext,
): ImportedProgram {
  const { gathered, groups } = context;
  const value = (key: string) => section.options.get(key)?.value;
  const count = Number(value('numprocs') ?? 1);
  const start = Number(value('numprocs_start') ?? 0);
  const isCountable = Number.isInteger(count) && count >= 1 && Number.isSafeInteger(start) && start >= 0;
  const processes = isCountable ? Math.min(count, MOST_PROCESSES) : 1;
  let saidName: string | undefined;
  const say: Say = (key, kind, why, what) => {
    const line = section.options.get(key)?.line ?? section.line;
    const text = what ?? `${key}=${shown(value(key) ?? '')}`;
    gathered.remark({ line, job: saidName ?? program, what: text, kind, why });
  };
  const account = accountOf(section, context);
  const isForeign = account !== undefined && account !== context.user;
  const made: string[] = [];
  for (let index = 0; index < processes; index += 1) {
    const expansions = {
      ...context.expansions,
      program_name: program,
      group_name: groups[0] ?? program,
      process_num: (isCountable ? start : 0) + index,
      numprocs: processes,
    };
    const named = expand(value('process_name') ?? '%(program_name)s', expansions);
    const process = named.ok ? named.value.text : program;
    const name = gathered.name(process);
    // What is said of one process holds for all of them.
    const first = saidName === undefined;
    saidName ??= name;
    const sayOnce: Say = first ? say : () => {};
    if (first) {
      if (!isCountable) say('numprocs', 'left-out', 'It is no number of processes; there is one job.');
      else if (count > processes)
        say(
          'numprocs',
          'left-out',
          `There are jobs for ${processes} of them only; Soloist keeps each as a job of its own.`,
        );
      if (isForeign) say('user', 'left-out', foreignReason('supervisord', account));
      remarkRest(section, say);
    }
    const settings = settingsOf(section, expansions, context, sayOnce);
    if (settings === undefined) break;
    const job = {
      name,
      line: section.line,
      settings: isForeign ? { ...settings, enabled: false } : settings,
    };
    if (gathered.job(job)) made.push(process);
  }
  if (made.length > 1) {
    const why = `Each of the ${processes} processes is a job of its own.`;
    say('numprocs', 'changed', why);
  }
  return { processes: made, isForeign };
}

/** As whom it runs, if the file says so. */
function accountOf(section: IniSection, { expansions }: ProgramContext): string | undefined {
  const written = section.options.get('user')?.value;
  const expanded = expand(written ?? '', expansions);
  return (expanded.ok ? expanded.value.text : written) || undefined;
}

function settingsOf(
  section: IniSection,
  given: Expansions,
  context: ProgramContext,
  say: Say,
): Readonly<Record<string, unknown>> | undefined {
  const unknown = new Set<string>();
  const text = (key: string, expansions: Expansions): string | undefined => {
    const option = section.options.get(key);
    if (option === undefined) return undefined;
    const expanded = expand(option.value, expansions);
    if (!expanded.ok) {
      say(key, 'left-out', `supervisord would refuse this: ${expanded.reason}.`);
      return undefined;
    }
    for (const name of expanded.value.unknown) unknown.add(name);
    for (const name of expanded.value.unknown) say(key, 'left-out', unknownWhy(name), `%(${name})s`);
    for (const [, name = ''] of option.value.matchAll(/%\((ENV_[^)]*)\)s/g)) {
      const isWritten = Object.hasOwn(context.environment, name.slice('ENV_'.length));
      const isOfImport = Object.hasOwn(given, name) && expansions[name] === given[name];
      if (isOfImport && !isWritten) context.lookedUp.add(name);
    }
    return expanded.value.text;
  };

  const own = understood(text('environment', given), environmentOf, 'environment', say) ?? {};
  const ofProgram = Object.fromEntries(Object.entries(own).map(([name, value]) => [`ENV_${name}`, value]));
  const expansions = { ...given, ...ofProgram };
  const written = text('command', expansions);
  const words = understood(written, splitCommand, 'command', say);
  if (words === undefined) {
    if (section.options.get('command') === undefined)
      say(
        'command',
        'left-out',
        'It has no "command", so that there is nothing to run.',
        `[${section.name}]`,
      );
    return undefined;
  }
  const { env, refused } = sortedVariables({ ...context.environment, ...own });
  for (const name of refused) say('environment', 'left-out', REFUSED_VARIABLE, name);
  const cwd = text('directory', expansions) ?? context.directory;
  const relative = cwd === undefined ? words.find(isRelativePath) : undefined;
  if (relative !== undefined) say('command', 'changed', RELATIVE, `command=${shown(relative)}`);
  return {
    run: words,
    enabled:
      flagOf(section.options.get('autostart')?.value ?? 'true') === false ? autostartOff(section) : undefined,
    tags: context.groups.length === 0 ? undefined : context.groups,
    ...startOf(section, say),
    cwd,
    env,
    grace: graceOf(section, say),
  };
}

const RELATIVE =
  'supervisord starts it in the folder in which it was started itself, Soloist in your home folder; "cwd" says another one.';

function unknownWhy(name: string): string {
  return name.startsWith('ENV_')
    ? `${name.slice(4)} is not in the environment of this import; write its value where "%(${name})s" stands.`
    : `supervisord knows no "${name}" either; write the value where it stands.`;
}

function understood<Value>(
  text: string | undefined,
  read: (text: string) => Understood<Value>,
  key: string,
  say: Say,
): Value | undefined {
  if (text === undefined) return undefined;
  const result = read(text);
  if (result.ok) return result.value;
  say(key, 'left-out', `supervisord would refuse this: ${result.reason}.`);
  return undefined;
}

/** A job that is started by hand alone needs no "enabled: false": it has no triggers. */
function autostartOff(section: IniSection): false | undefined {
  return isOneShot(section) ? undefined : false;
}

const restartOf = (section: IniSection): string => section.options.get('autorestart')?.value ?? 'unexpected';
const isOneShot = (section: IniSection): boolean => flagOf(restartOf(section)) === false;

function startOf(section: IniSection, say: Say): Record<string, unknown> {
  const success_codes = exitCodesOf(section, say);
  if (isOneShot(section)) {
    const starts = flagOf(section.options.get('autostart')?.value ?? 'true') !== false;
    return { on_start: starts ? true : undefined, success_codes };
  }
  const restart = restartOf(section);
  if (flagOf(restart) === true) return { keep_alive: true, success_codes };
  if (!/^unexpected$/i.test(restart))
    say('autorestart', 'left-out', 'It is neither true, false nor unexpected; it is taken for unexpected.');
  return { keep_alive: { restart: 'on-failure' }, success_codes };
}

function exitCodesOf(section: IniSection, say: Say): readonly number[] | undefined {
  const written = section.options.get('exitcodes')?.value;
  if (written === undefined) return undefined;
  const codes = written.split(',').map((code) => (/^\s*\d+\s*$/.test(code) ? Number(code) : Number.NaN));
  if (!codes.every((code) => code <= 255)) {
    say('exitcodes', 'left-out', 'It is no list of exit codes from 0 to 255.');
    return undefined;
  }
  const different = [...new Set(codes)];
  return different.length === 1 && different[0] === 0 ? undefined : different;
}

function graceOf(section: IniSection, say: Say): string | undefined {
  const written = section.options.get('stopwaitsecs')?.value;
  if (written === undefined) return undefined;
  if (!/^\d{1,9}$/.test(written)) {
    say('stopwaitsecs', 'left-out', 'It is no number of seconds.');
    return undefined;
  }
  const milliseconds = Number(written) * 1_000;
  const longest = parseDuration('1h') ?? 0;
  if (milliseconds > longest) say('stopwaitsecs', 'changed', 'The longest grace period is 1h.');
  return durationText(Math.min(milliseconds, longest));
}

/** Remarks on every key that became no setting, unless it only says what holds here too. */
function remarkRest(section: IniSection, say: Say): void {
  for (const [key, { value }] of section.options) {
    const left = LEFT_OUT[key];
    if (left === undefined && !CARRIED.has(key)) say(key, 'left-out', 'supervisord does not know this key.');
    else if (key === 'startsecs' && value === '0' && isOneShot(section)) continue;
    else if (left?.matters(value) === true) say(key, 'left-out', left.why);
  }
}
