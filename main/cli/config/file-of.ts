import { actionValues } from '../../daemon/config/action-values.ts';
import type {
  Configuration,
  Job,
  JobCommand,
  MissedPolicy,
  OutputPolicy,
  OverlapPolicy,
  Stdin,
  Trigger,
  TriggeredJob,
  Variables,
} from '../../daemon/config/configuration.ts';
import { durationText, rangeText } from '../../daemon/config/duration.ts';

type Values = Readonly<Record<string, unknown>>;

/** A configuration as the values of a file that says all of it, and leaves nothing to defaults. */
export function fileOf(configuration: Configuration): Values {
  const { timezone, maxConcurrent, log, output, jobs, guards, onAlert } = configuration;
  const all = [...jobs.values()];
  const shared = sharedVariables(all);
  return {
    timezone,
    max_concurrent: maxConcurrent,
    log: { level: log.level, keep: durationText(log.keep), max_size: sizeWritten(log.maxSize) },
    defaults: {
      ...(Object.keys(shared).length === 0 ? {} : { env: shared }),
      output: outputValue(output),
    },
    jobs: Object.fromEntries(all.map((job) => [job.name, jobValues(job)])),
    ...(guards.size === 0
      ? {}
      : { guards: Object.fromEntries([...guards.values()].map(({ name, ...values }) => [name, values])) }),
    ...(onAlert === undefined ? {} : { on_alert: commandValues(onAlert.command) }),
  };
}

function commandValues(command: JobCommand): Values {
  switch (command.kind) {
    case 'shell':
      return { run: command.text, shell: command.shell };
    case 'program':
      return { run: [command.program, ...command.arguments] };
    case 'action':
      return { use: command.action, with: actionValues(command) };
  }
}

/** Those of the file's defaults, which files of variables may override: they cannot be written with each job. */
function sharedVariables([job]: readonly Job[]): Variables {
  return job === undefined ? {} : job.environment.defaults;
}

function jobValues(job: Job): Values {
  const { description, tags, enabled, command, cwd, environment, stdin, grace, orphans, successCodes } = job;
  return {
    ...(description === undefined ? {} : { description }),
    ...commandValues(command),
    ...(job.kind === 'service'
      ? { keep_alive: { restart: job.restart, backoff: rangeText(job.backoff) } }
      : triggerValues(job.triggers)),
    enabled,
    tags,
    cwd,
    ...(environment.files.length === 0 ? {} : { env_file: environment.files }),
    env: environment.own,
    ...stdinValues(stdin),
    grace: durationText(grace),
    ...(job.kind === 'service' ? {} : policyValues(job)),
    orphans,
    output: outputValue(job.output),
    success_codes: successCodes,
    notify: job.notify,
  };
}

function policyValues(job: TriggeredJob): Values {
  return {
    timeout: limitText(job.timeout),
    retry: { attempts: job.retry.attempts, backoff: rangeText(job.retry.backoff) },
    overlap: overlapValue(job.overlap),
    missed: missedValue(job.missed),
    missed_grace: limitText(job.missedGrace),
    jitter: durationText(job.jitter),
    quiet_after: job.quietAfter === 'usual' ? 'usual' : limitText(job.quietAfter),
  };
}

/** The keys of a job's triggers; those that there may be several of are lists. */
function triggerValues(triggers: readonly Trigger[]): Values {
  const values: Record<string, unknown> = {};
  const add = (key: string, value: unknown): void => {
    const former = values[key];
    values[key] = Array.isArray(former) ? [...former, value] : [value];
  };
  for (const trigger of triggers) {
    switch (trigger.kind) {
      case 'schedule':
        values.schedule = trigger.patterns;
        values.timezone = trigger.timezone;
        break;
      case 'every':
        values.every = durationText(trigger.interval);
        break;
      case 'at':
        add('at', trigger.time);
        values.timezone = trigger.timezone;
        break;
      case 'watch': {
        const { paths, patterns, ignore, settle } = trigger;
        add('watch', {
          path: paths,
          ...(patterns.length === 0 ? {} : { patterns }),
          ...(ignore.length === 0 ? {} : { ignore }),
          settle: durationText(settle),
        });
        break;
      }
      case 'start':
        values.on_start = true;
        break;
      case 'after':
        add('after', trigger.job);
    }
  }
  return values;
}

function stdinValues(stdin: Stdin): Values {
  switch (stdin.kind) {
    case 'none':
      return {};
    case 'text':
      return { stdin: stdin.text };
    case 'file':
      return { stdin: { file: stdin.path } };
  }
}

const limitText = (limit: number | undefined): string => (limit === undefined ? 'none' : durationText(limit));

function overlapValue(policy: OverlapPolicy): unknown {
  switch (policy.kind) {
    case 'skip':
    case 'replace':
      return policy.kind;
    case 'queue':
      return { queue: policy.limit };
    case 'parallel':
      return { parallel: policy.limit };
  }
}

const missedValue = (policy: MissedPolicy): unknown =>
  policy.kind === 'all' ? { all: policy.limit } : policy.kind;

function outputValue({ limit, keep }: OutputPolicy): Values {
  const { runs, age, size } = keep;
  return { limit: sizeWritten(limit), keep: { runs, age: durationText(age), size: sizeWritten(size) } };
}

/** Bytes as a size that is written with a whole number: `50MB`, `1234B`. */
function sizeWritten(bytes: number): string {
  const units = [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
    ['B', 1],
  ] as const;
  const [unit, factor] = units.find(([, factor]) => bytes % factor === 0) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}
