import { posix, win32 } from 'node:path';
import { type ActionValues, actionCommand } from './action-values.ts';
import type {
  AlertHook,
  Command,
  Configuration,
  Guard,
  Job,
  JobCommand,
  JobEnvironment,
  MissedPolicy,
  OutputPolicy,
  OverlapPolicy,
  RetryPolicy,
  Service,
  Stdin,
  Trigger,
  TriggeredJob,
  Variables,
  WatchTrigger,
} from './configuration.ts';
import { type DurationRange, parseDuration, parseSize } from './duration.ts';
import type { DefaultsValues, FileValues, GuardValues, JobValues } from './schema.ts';

/** What a file does not say and the computer does. */
export interface Surroundings {
  /** The person's home folder, absolute: what `~` stands for. */
  readonly userFolder: string;
  /** The folder of soloist.yaml, absolute: relative paths in the file start there. */
  readonly fileFolder: string;
  /** The computer's IANA time zone. */
  readonly timezone: string;
  readonly platform: NodeJS.Platform;
}

const milliseconds = (written: string): number => parseDuration(written) ?? Number.NaN;
const bytes = (written: string): number => parseSize(written) ?? Number.NaN;

/** What applies where neither the job nor `defaults` says anything. Durations in milliseconds, sizes in bytes. */
export const DEFAULTS = {
  maxConcurrent: 10,
  log: { level: 'info', keep: milliseconds('14d'), maxSize: bytes('50MB') },
  output: {
    limit: bytes('10MB'),
    keep: { runs: 1_000, age: milliseconds('90d'), size: bytes('100MB') },
  },
  grace: milliseconds('10s'),
  settle: milliseconds('2s'),
  queueLimit: 100,
  parallelLimit: 10,
  missedLimit: 100,
  attempts: 1,
  retryBackoff: { from: milliseconds('30s'), to: milliseconds('10m') },
  serviceBackoff: { from: milliseconds('1s'), to: milliseconds('5m') },
} as const;

// Shared by all jobs that have none of their own: ten thousand jobs need not hold ten thousand empty lists.
const NO_VARIABLES: Variables = Object.freeze({});
const NOTHING: readonly never[] = Object.freeze([]);
const SUCCESS: readonly number[] = Object.freeze([0]);
const NO_STDIN: Stdin = Object.freeze({ kind: 'none' });
const SKIP: OverlapPolicy & MissedPolicy = Object.freeze({ kind: 'skip' });
const NO_RETRY: RetryPolicy = Object.freeze({ attempts: DEFAULTS.attempts, backoff: DEFAULTS.retryBackoff });

/** The configuration of a file that says nothing, or does not exist: no jobs. */
export function emptyConfiguration(surroundings: Surroundings): Configuration {
  return resolveConfiguration({}, surroundings);
}

/** Fills in what a valid file leaves out, and makes its paths absolute. */
export function resolveConfiguration(file: FileValues, surroundings: Surroundings): Configuration {
  const zone = file.timezone ?? surroundings.timezone;
  const resolver = jobResolver(file.defaults ?? {}, zone, surroundings);
  return {
    timezone: zone,
    maxConcurrent: file.max_concurrent ?? DEFAULTS.maxConcurrent,
    log: {
      level: file.log?.level ?? DEFAULTS.log.level,
      keep: file.log?.keep ?? DEFAULTS.log.keep,
      maxSize: file.log?.max_size ?? DEFAULTS.log.maxSize,
    },
    output: outputPolicy(file.defaults?.output, DEFAULTS.output),
    jobs: new Map(Object.entries(file.jobs ?? {}).map(([name, values]) => [name, resolver(name, values)])),
    guards: new Map(Object.entries(file.guards ?? {}).map(([name, values]) => [name, guard(name, values)])),
    onAlert: alertHook(file, surroundings),
  };
}

function guard(name: string, { match, max = 1, keep = 'oldest', act = 'alert' }: GuardValues): Guard {
  return { name, match, max, keep, act };
}

function alertHook({ on_alert, defaults }: FileValues, surroundings: Surroundings): AlertHook | undefined {
  if (!on_alert) return undefined;
  return { command: resolveCommand(on_alert.run, on_alert.shell ?? defaults?.shell, surroundings) };
}

function resolveCommand(
  run: NonNullable<JobValues['run']>,
  givenShell: string | undefined,
  surroundings: Surroundings,
): Command {
  const { userFolder, platform } = surroundings;
  if (typeof run !== 'string') {
    // No shell will expand these.
    const [program = '', ...rest] = run.map((part) => withUserFolder(part, userFolder, platform));
    return { kind: 'program', program, arguments: rest };
  }
  const shell = givenShell ?? (platform === 'win32' ? 'cmd.exe' : '/bin/sh');
  // A bare name is looked for in PATH.
  return {
    kind: 'shell',
    text: run,
    shell: /[\\/]|^~$/.test(shell) ? absolutePath(shell, surroundings) : shell,
  };
}

/**
 * An absolute path: `~` and `~/...` begin in the person's home folder, relative ones in the folder of the file.
 */
export function absolutePath(written: string, { userFolder, fileFolder, platform }: Surroundings): string {
  const path = platform === 'win32' ? win32 : posix;
  return path.resolve(fileFolder, withUserFolder(written, userFolder, platform));
}

/** `~` and `~/...` with the person's home folder in their place; anything else as it is. */
function withUserFolder(written: string, userFolder: string, platform: NodeJS.Platform): string {
  const isBelow = written.startsWith('~/') || (platform === 'win32' && written.startsWith('~\\'));
  return written === '~' || isBelow ? userFolder + written.slice(1) : written;
}

function list<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  if (value === undefined) return NOTHING;
  return isList(value) ? value : [value];
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function jobResolver(
  defaults: DefaultsValues,
  fileZone: string,
  surroundings: Surroundings,
): (name: string, values: JobValues) => Job {
  const { userFolder } = surroundings;
  const absolute = (written: string): string => absolutePath(written, surroundings);
  const defaultVariables = defaults.env ?? NO_VARIABLES;
  const defaultFiles = list(defaults.env_file).map(absolute);
  const defaultOutput = outputPolicy(defaults.output, DEFAULTS.output);

  function jobCommand(values: JobValues): JobCommand {
    const { run = '', use, with: settings } = values;
    if (use === undefined) return resolveCommand(run, values.shell ?? defaults.shell, surroundings);
    return actionCommand(use, settings as ActionValues, absolute);
  }

  function environment(values: JobValues): JobEnvironment {
    const files = values.env_file === undefined ? defaultFiles : list(values.env_file).map(absolute);
    return { defaults: defaultVariables, files, own: values.env ?? NO_VARIABLES };
  }

  function stdin(values: JobValues): Stdin {
    if (values.stdin === undefined) return NO_STDIN;
    if (typeof values.stdin === 'string') return { kind: 'text', text: values.stdin };
    return { kind: 'file', path: absolute(values.stdin.file) };
  }

  function watchTriggers(values: JobValues): WatchTrigger[] {
    return list(values.watch).map((written): WatchTrigger => {
      const watch = typeof written === 'string' ? { path: written } : written;
      return {
        kind: 'watch',
        paths: list(watch.path).map(absolute),
        patterns: list(watch.patterns),
        ignore: list(watch.ignore),
        settle: watch.settle ?? DEFAULTS.settle,
      };
    });
  }

  function triggers(values: JobValues): readonly Trigger[] {
    const zone = values.timezone ?? defaults.timezone ?? fileZone;
    const patterns = list(values.schedule);
    const all: Trigger[] = [
      ...(patterns.length === 0 ? NOTHING : [{ kind: 'schedule', patterns, timezone: zone } as const]),
      ...list(values.every).map((interval): Trigger => ({ kind: 'every', interval })),
      ...list(values.at).map((time): Trigger => ({ kind: 'at', time, timezone: zone })),
      ...watchTriggers(values),
      ...(values.on_start === true ? [{ kind: 'start' } as const] : NOTHING),
      ...list(values.after).map((job): Trigger => ({ kind: 'after', job })),
    ];
    return all.length === 0 ? NOTHING : all;
  }

  return (name, values) => {
    const basics = {
      name,
      description: values.description,
      tags: values.tags ?? NOTHING,
      enabled: values.enabled ?? true,
      command: jobCommand(values),
      cwd: absolute(values.cwd ?? defaults.cwd ?? userFolder),
      environment: environment(values),
      stdin: stdin(values),
      grace: values.grace ?? defaults.grace ?? DEFAULTS.grace,
      // An action ends with the daemon, whatever applies to others.
      orphans: values.use === undefined ? (values.orphans ?? defaults.orphans ?? 'end') : 'end',
      output: outputPolicy(values.output, defaultOutput),
      successCodes: codes(values.success_codes ?? defaults.success_codes),
      notify: values.notify ?? defaults.notify ?? 'on-failure',
    } as const;
    const service = servicePolicy(values.keep_alive);
    if (service !== undefined) return { kind: 'service', ...basics, ...service };
    return {
      kind: 'triggered',
      ...basics,
      triggers: triggers(values),
      timeout: unlessNone(values.timeout ?? defaults.timeout),
      retry: retryPolicy(values.retry ?? defaults.retry),
      overlap: overlapPolicy(values.overlap ?? defaults.overlap),
      missed: missedPolicy(values.missed ?? defaults.missed),
      missedGrace: unlessNone(values.missed_grace ?? defaults.missed_grace),
      jitter: values.jitter ?? defaults.jitter ?? 0,
      quietAfter: unlessNone(values.quiet_after ?? defaults.quiet_after ?? 'usual'),
    } satisfies TriggeredJob;
  };
}

function codes(written: JobValues['success_codes']): readonly number[] {
  return written === undefined ? SUCCESS : list(written);
}

function unlessNone<Value>(written: Value | 'none' | undefined): Value | undefined {
  return written === 'none' ? undefined : written;
}

function servicePolicy(
  written: JobValues['keep_alive'],
): { restart: Service['restart']; backoff: DurationRange } | undefined {
  if (written === undefined || written === false) return undefined;
  const { restart = 'always', backoff = DEFAULTS.serviceBackoff } = written === true ? {} : written;
  return { restart, backoff };
}

function retryPolicy(written: JobValues['retry']): RetryPolicy {
  if (written === undefined || written === 'none') return NO_RETRY;
  if (typeof written === 'number') return { attempts: written, backoff: DEFAULTS.retryBackoff };
  return { attempts: written.attempts, backoff: written.backoff ?? DEFAULTS.retryBackoff };
}

/** Each key by itself: a job that says how many runs are kept still has the limit of the defaults. */
function outputPolicy(written: JobValues['output'], otherwise: OutputPolicy): OutputPolicy {
  if (written === undefined) return otherwise;
  const { limit = otherwise.limit, keep = {} } = written;
  const { runs = otherwise.keep.runs, age = otherwise.keep.age, size = otherwise.keep.size } = keep;
  return { limit, keep: { runs, age, size } };
}

function overlapPolicy(written: JobValues['overlap']): OverlapPolicy {
  if (written === undefined || written === 'skip') return SKIP;
  if (written === 'replace') return { kind: 'replace' };
  if (written === 'queue') return { kind: 'queue', limit: DEFAULTS.queueLimit };
  if (written === 'parallel') return { kind: 'parallel', limit: DEFAULTS.parallelLimit };
  // Exactly one of both is there: the schema has checked that.
  return written.queue === undefined
    ? { kind: 'parallel', limit: written.parallel ?? DEFAULTS.parallelLimit }
    : { kind: 'queue', limit: written.queue };
}

function missedPolicy(written: JobValues['missed']): MissedPolicy {
  if (written === undefined || written === 'skip') return SKIP;
  if (written === 'once') return { kind: 'once' };
  return { kind: 'all', limit: written === 'all' ? DEFAULTS.missedLimit : written.all };
}
