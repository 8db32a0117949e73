import * as z from 'zod/mini';
import { alertKinds } from '../daemon/history/alert-kinds.ts';
import { calls } from './calls.ts';

/*
 * The calls about jobs and runs. A GET gets its input from a query, where everything is text, and over IPC as values:
 * both are taken.
 */

const time = z.iso.datetime();
const triggerKind = z.enum(['cron', 'every', 'at', 'watch', 'after', 'start', 'person', 'service']);

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('succeeded'), exitCode: z.int() }),
  z.object({
    kind: z.literal('failed'),
    cause: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('exit'), code: z.int() }),
      z.object({ kind: z.literal('signal'), signal: z.string() }),
      z.object({ kind: z.literal('not-started'), reason: z.string() }),
    ]),
  }),
  z.object({ kind: z.literal('timed-out') }),
  z.object({ kind: z.literal('cancelled'), reason: z.string() }),
  z.object({ kind: z.literal('skipped'), reason: z.string() }),
  z.object({ kind: z.literal('lost') }),
]);

const list = <Item extends z.ZodMiniType>(item: Item) => z.readonly(z.array(item));

export const runView = z.object({
  id: z.string(),
  job: z.string(),
  trigger: triggerKind,
  due: z.nullable(time),
  attempt: z.int(),
  state: z.enum(['queued', 'running', 'ended']),
  queuedAt: time,
  startedAt: z.nullable(time),
  endedAt: z.nullable(time),
  outcome: z.nullable(outcome),
  pid: z.nullable(z.int()),
  usage: z.nullable(z.object({ cpuMs: z.nullable(z.number()), peakMemoryBytes: z.nullable(z.number()) })),
  output: z.nullable(z.object({ file: z.string(), bytes: z.number() })),
  /** Whose change made it due; told only by `show`, since they may be thousands. */
  files: z.optional(list(z.string())),
});

const runs = list(runView);

export const jobView = z.object({
  name: z.string(),
  description: z.nullable(z.string()),
  tags: list(z.string()),
  kind: z.enum(['triggered', 'service']),
  enabled: z.boolean(),
  notify: z.enum(['never', 'on-failure', 'always']),
  paused: z.nullable(z.object({ by: z.string(), since: time })),
  schedule: z.string(),
  nextDue: z.nullable(time),
  running: runs,
  queued: runs,
  last: z.nullable(runView),
});

/** Longer than any name, and short enough to be repeated in a message. */
const LONGEST_TEXT = 300;
const LARGEST_PAGE = 1_000;

const text = z.string().check(z.minLength(1), z.maxLength(LONGEST_TEXT));
/** The system takes no NUL in an argument. */
const word = z.string().check(z.regex(/^[^\0]*$/, 'must not contain a NUL character'));
const flag = z.union([
  z.boolean(),
  z.pipe(
    z.enum(['true', 'false']),
    z.transform((written) => written === 'true'),
  ),
]);
const count = z.int().check(z.gte(1), z.lte(LARGEST_PAGE));
const limit = z._default(
  z.union([
    count,
    z.pipe(
      z.string().check(z.regex(/^\d{1,4}$/, 'must be a whole number')),
      z.pipe(
        z.transform((written: string) => Number(written)),
        count,
      ),
    ),
  ]),
  50,
);

const nothing = z.strictObject({});
/** A job by its name, or null for all jobs. */
const oneOrAll = z.nullable(text);
const names = z.object({ jobs: list(z.string()) });

const wholeNumber = (least: number, most: number) => {
  const number = z.int().check(z.gte(least), z.lte(most));
  const written = z.string().check(z.regex(/^\d{1,16}$/, 'must be a whole number'));
  return z.union([number, z.pipe(written, z.pipe(z.transform(Number), number))]);
};
const outcomeKind = z.enum(['succeeded', 'failed', 'timed-out', 'cancelled', 'skipped', 'lost']);

/** One of a job's last runs, as little of it as a strip of them shows. */
export const recentRun = z.object({
  id: z.string(),
  outcome: outcomeKind,
  endedAt: time,
  /** Null if it never started. */
  durationMs: z.nullable(z.number()),
});

/** What a job's last runs were like; durations in milliseconds, null if none ended by itself. */
export const statistics = z.object({
  runs: z.int(),
  outcomes: z.readonly(z.record(outcomeKind, z.int())),
  durations: z.nullable(z.object({ p50: z.number(), p90: z.number(), p99: z.number(), longest: z.number() })),
});

/** A stretch of what a run has printed, in the order in which it came. */
export const outputPart = z.object({
  stream: z.enum(['output', 'stdout', 'stderr']),
  /** When it was written; null where that was not kept. */
  at: z.nullable(time),
  text: z.string(),
});

/** A time through which nothing could run: the computer slept, or the daemon did not run. */
export const absence = z.object({ kind: z.enum(['asleep', 'down']), from: time, until: time });

/** Something that a person should know, until its cause is gone or it is acknowledged. */
export const alert = z.object({
  id: z.string(),
  kind: z.enum(alertKinds),
  /** The job or the guard that it is about; null if it is about neither. */
  job: z.nullable(z.string()),
  /** What of it, where there may be several: a watched folder, or the name of a check; else null. */
  subject: z.nullable(z.string()),
  /** The run that it is about, if it is about one. */
  run: z.nullable(z.string()),
  /** A sentence. */
  message: z.string(),
  hint: z.nullable(z.string()),
  count: z.int(),
  first: time,
  last: time,
  /** Archived are those that were over a while ago, or that a person put away. */
  state: z.enum(['open', 'acknowledged', 'resolved', 'archived']),
});
const alerts = z.object({ alerts: list(alert) });

/** The most of an output that one call tells, in bytes. */
const LARGEST_OUTPUT = 256 * 1024;

export const jobCalls = {
  jobs: {
    ...calls.jobs,
    input: nothing,
    answer: { kind: 'value', schema: z.object({ jobs: list(jobView) }) },
  },
  run: {
    ...calls.run,
    input: z.strictObject({ job: text, words: z._default(list(word).check(z.maxLength(1_000)), []) }),
    answer: { kind: 'value', schema: z.object({ run: runView }) },
  },
  cancel: {
    ...calls.cancel,
    /** The name of a job, or the id of a run. */
    input: z.strictObject({ target: text }),
    answer: { kind: 'value', schema: z.object({ runs }) },
  },
  pause: {
    ...calls.pause,
    /** `by` is shown with the paused job. */
    input: z.strictObject({ job: oneOrAll, by: z._default(text, 'the control socket') }),
    answer: { kind: 'value', schema: names },
  },
  resume: {
    ...calls.resume,
    input: z.strictObject({ job: oneOrAll }),
    answer: { kind: 'value', schema: names },
  },
  runs: {
    ...calls.runs,
    input: z.strictObject({
      job: z.optional(text),
      failed: z.optional(flag),
      since: z.optional(time),
      until: z.optional(time),
      outcome: z.optional(outcomeKind),
      /** Only runs with this in the name of their job, their reason or their files. */
      text: z.optional(text),
      cursor: z.optional(text),
      limit,
    }),
    answer: { kind: 'value', schema: z.object({ runs, next: z.nullable(z.string()) }) },
  },
  show: {
    ...calls.show,
    input: z.strictObject({ id: text }),
    answer: { kind: 'value', schema: z.object({ run: runView }) },
  },
  next: {
    ...calls.next,
    input: z.strictObject({ until: time, job: z.optional(text), limit }),
    answer: {
      kind: 'value',
      schema: z.object({ runs: list(z.object({ job: z.string(), due: time })) }),
    },
  },
  job: {
    ...calls.job,
    input: z.strictObject({ job: text }),
    answer: {
      kind: 'value',
      schema: z.object({
        job: jobView,
        /** Where it begins in the configuration, from 1; null if it is not found there now. */
        line: z.nullable(z.int()),
        /** Its configuration as it is in force, defaults included: key and value as text. */
        settings: list(z.object({ key: z.string(), value: z.string() })),
        next: list(time),
        statistics,
      }),
    },
  },
  enable: {
    ...calls.enable,
    /** Writes `enabled` of the job into the configuration, whose other bytes stay. */
    input: z.strictObject({ job: text, enabled: z.boolean() }),
    answer: { kind: 'value', schema: z.object({ job: z.string(), enabled: z.boolean() }) },
  },
  recent: {
    ...calls.recent,
    input: z.strictObject({
      jobs: list(text).check(z.maxLength(200)),
      limit: z._default(z.int().check(z.gte(1), z.lte(100)), 20),
    }),
    /** The last ended runs of each job, oldest first. */
    answer: {
      kind: 'value',
      schema: z.object({ jobs: list(z.object({ job: z.string(), runs: list(recentRun) })) }),
    },
  },
  output: {
    ...calls.output,
    /**
     * What a run has printed from this byte on. With `wait`, and nothing there yet, the answer comes when there is
     * something, the run has ended, or half a minute is over.
     */
    input: z.strictObject({
      run: text,
      from: z._default(wholeNumber(0, Number.MAX_SAFE_INTEGER), 0),
      limit: z._default(wholeNumber(1, LARGEST_OUTPUT), 64 * 1024),
      wait: z._default(flag, false),
    }),
    answer: {
      kind: 'value',
      schema: z.object({
        parts: list(outputPart),
        from: z.int(),
        /** Where to go on. */
        to: z.int(),
        /** What is kept so far, in bytes. */
        size: z.int(),
        isEnded: z.boolean(),
        /** What was left out in the middle for the limit, and where. */
        cut: z.nullable(z.object({ at: z.int(), bytes: z.int() })),
      }),
    },
  },
  absences: {
    ...calls.absences,
    input: z.strictObject({ from: time, until: time }),
    answer: { kind: 'value', schema: z.object({ absences: list(absence) }) },
  },
  alerts: {
    ...calls.alerts,
    input: z.strictObject({ all: z._default(flag, false) }),
    answer: { kind: 'value', schema: alerts },
  },
  acknowledge: {
    ...calls.acknowledge,
    /** An alert by its id, or null for all. */
    input: z.strictObject({ id: oneOrAll }),
    answer: { kind: 'value', schema: alerts },
  },
  archive: {
    ...calls.archive,
    /** Archives the alerts that are over; returns those that stand. */
    input: nothing,
    answer: { kind: 'value', schema: alerts },
  },
} as const;
