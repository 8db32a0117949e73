import * as z from 'zod/mini';
import { actionNames } from '../actions/action.ts';
import { withAny } from './action-values.ts';
import { LOG_LEVELS } from './configuration.ts';
import {
  count,
  described,
  duration,
  durationOrWord,
  flag,
  mapping,
  oneOrMore,
  optional,
  plainText,
  pointInTime,
  size,
  text,
  timezone,
  word,
} from './fields.ts';
import {
  alertRun,
  jobName,
  jobNameGiven,
  keepAlive,
  missed,
  output,
  overlap,
  path,
  pathList,
  retry,
  run,
  stdin,
  variables,
  watchOne,
} from './values.ts';

/** What a job may say itself or take from `defaults`. */
const policyShape = {
  timezone: optional(timezone(), "The time zone of the job's schedules. Default: that of the file."),
  cwd: optional(path, 'The folder the job runs in; ~ is the home folder. Default: the home folder.'),
  env: optional(variables, 'Environment variables. Values are taken as written: nothing is expanded.'),
  env_file: optional(
    pathList,
    'A file of NAME=value lines, or a list of them, read when a run starts; env wins over it.',
  ),
  shell: optional(path, 'The shell for commands that are text. Default: /bin/sh (cmd.exe on Windows).'),
  timeout: optional(
    durationOrWord('100ms', ['none']),
    'The longest that a run may take; time that the computer sleeps does not count. Default: none.',
  ),
  grace: optional(duration('0s', '1h'), 'Between asking a run to end and ending it by force. Default: 10s.'),
  retry: optional(retry, 'What happens when a run fails. Default: none.'),
  overlap: optional(
    overlap,
    'What happens when the job is due while its last run is still going. Default: skip. Limits that are not given ' +
      'are { queue: 100 } and { parallel: 10 }.',
  ),
  missed: optional(
    missed,
    'What happens to due times that passed while the computer slept or the daemon was not running. Default: skip. ' +
      'The limit that is not given is { all: 100 }.',
  ),
  missed_grace: optional(
    durationOrWord('1s', ['none']),
    'How late a missed run may still start. Default: none, however late.',
  ),
  jitter: optional(
    duration('0s', '7d'),
    'A scheduled run starts at a random moment within this time. Default: 0s.',
  ),
  orphans: optional(
    word(['end', 'keep']),
    "What becomes of a run's processes when the daemon dies under them. Default: end.",
  ),
  output: optional(output, 'How much is kept of what runs print, and of the runs themselves.'),
  success_codes: optional(
    oneOrMore(count(0, 255), 'an exit code from 0 to 255, or a list of them'),
    'The exit codes that count as success. Default: 0.',
  ),
  quiet_after: optional(
    durationOrWord('1s', ['usual', 'none']),
    'Raise an alert when there was no success for this long. Default: usual, three times the interval usual for the job.',
  ),
  notify: optional(
    word(['never', 'on-failure', 'always']),
    'Which ends of runs are shown as a notification. Default: on-failure.',
  ),
};

const jobShape = {
  run: optional(run, 'The command: text is run by the shell, a list is run as it is without a shell.'),
  use: optional(
    word(actionNames),
    'A built-in action in place of a command: screenshots brings pictures into a vault of notes, links suggests links between notes.',
  ),
  with: optional(withAny, 'The settings of the action that "use" names.'),
  description: optional(text(), 'What the job is for.'),
  enabled: optional(flag(), 'Whether the job may become due. Default: true.'),
  tags: optional(z.array(plainText(), { error: 'a list of tags' }), 'Words to group jobs by.'),
  schedule: optional(
    oneOrMore(
      text('a schedule such as "0 3 * * *" or "@daily"'),
      'a schedule such as "0 3 * * *", or a list of them',
    ),
    'Cron patterns of 5 or 6 fields (with seconds first), or @daily and the like, in quotes.',
  ),
  every: optional(duration('1s'), 'Run again and again at this interval.'),
  at: optional(
    oneOrMore(pointInTime(), 'a date and time such as 2026-12-24T18:00, or a list of them'),
    "Run once at this date and time, in the job's time zone unless it has an offset.",
  ),
  watch: optional(
    z.union([watchOne, z.array(watchOne).check(z.minLength(1))], {
      error: 'a path, { path: ..., patterns: [...], settle: 2s }, or a list of them',
    }),
    'Run when files are added or changed. $SOLOIST_FILES holds their paths, one per line.',
  ),
  on_start: optional(flag(), 'Run when the daemon starts. Default: false.'),
  after: optional(
    oneOrMore(jobNameGiven, 'the name of a job, or a list of names'),
    'Run when this job (or any of a list) has succeeded.',
  ),
  keep_alive: optional(
    keepAlive,
    'A service: it always runs, and is started again when it ends. It has no triggers.',
  ),
  stdin: optional(stdin, "What the job's standard input holds: text, or a file. Default: nothing."),
  ...policyShape,
};

const log = mapping(
  {
    level: optional(word(LOG_LEVELS), 'The least that is written. Default: info.'),
    keep: optional(duration('1h'), 'How long log files are kept. Default: 14d.'),
    max_size: optional(size('100kB'), 'The most that all log files take up together. Default: 50MB.'),
  },
  'a mapping of level, keep and max_size',
);

/** What `defaults` holds. */
export const defaultsSchema = mapping(policyShape, 'a mapping of settings, such as { timeout: 1h }');
/** One job. */
export const jobSchema = mapping(jobShape, 'a mapping with "run", the command, or "use", an action');
const jobs = z.record(jobName, jobSchema, { error: 'a mapping of jobs by name' });

const guard = mapping(
  {
    match: described(
      text('a part of a command line'),
      'What the command line of a copy contains; between slashes, a regular expression.',
    ),
    max: optional(count(0, 1000), 'How many copies there may be. Default: 1.'),
    keep: optional(
      word(['oldest', 'newest']),
      'Which copies stay when the extra ones are ended. Default: oldest.',
    ),
    act: optional(
      word(['alert', 'end']),
      'What happens to the extra ones: an alert names them, or they are ended. Default: alert.',
    ),
  },
  'a mapping with "match", such as { match: "python -m notes.daemon", max: 1 }',
);
const guards = z.record(jobName, guard, { error: 'a mapping of guards by name' });
const onAlert = mapping(
  {
    run: described(
      alertRun,
      'The command: text is run by the shell, a list is run as it is without a shell.',
    ),
    shell: optional(
      text('a path'),
      'The shell for a command that is text. Default: that of defaults, or /bin/sh.',
    ),
  },
  'a mapping with "run", such as { run: "mail -s Soloist me@example.com" }',
);

/**
 * The whole of soloist.yaml. This one table is what a file is checked against, what editors complete from and what the
 * documentation says. `jobs:` with nothing below it is as good as left out: that is a file with all jobs commented out.
 */
export const fileSchema = mapping(
  {
    timezone: optional(timezone(), "The time zone of all schedules. Default: the computer's."),
    max_concurrent: optional(
      count(1, 1000),
      'The most runs at one time; services do not count. Default: 10.',
    ),
    log: optional(z.nullable(log), "The daemon's own log."),
    defaults: optional(z.nullable(defaultsSchema), 'What applies to every job that does not say otherwise.'),
    jobs: optional(z.nullable(jobs), 'The jobs, by name.'),
    guards: optional(
      z.nullable(guards),
      'How many copies there may be of processes that Soloist does not start, by name.',
    ),
    on_alert: optional(
      z.nullable(onAlert),
      'What is run when an alert is raised or its cause is gone, such as a mail; SOLOIST_ALERT_MESSAGE and others tell of it.',
    ),
  },
  'a mapping with "jobs"',
);

/** The keys that only services or only other jobs have a use for. */
export const TRIGGER_KEYS = ['schedule', 'every', 'at', 'watch', 'on_start', 'after'] as const;
export const RUN_POLICY_KEYS = [
  'timeout',
  'retry',
  'overlap',
  'missed',
  'missed_grace',
  'jitter',
  'quiet_after',
] as const;

/** A file that keeps to the schema: durations are numbers already, nothing is filled in yet. */
export type FileValues = z.output<typeof fileSchema>;
export type JobValues = z.output<typeof jobSchema>;
export type GuardValues = z.output<typeof guard>;
export type DefaultsValues = z.output<typeof defaultsSchema>;
