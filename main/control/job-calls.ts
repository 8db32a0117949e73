import * as z from 'zod/mini';
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
});

const list = <Item extends z.ZodMiniType>(item: Item) => z.readonly(z.array(item));
const runs = list(runView);

export const jobView = z.object({
  name: z.string(),
  description: z.nullable(z.string()),
  tags: list(z.string()),
  kind: z.enum(['triggered', 'service']),
  enabled: z.boolean(),
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

export const jobCalls = {
  jobs: {
    ...calls.jobs,
    input: nothing,
    answer: { kind: 'value', schema: z.object({ jobs: list(jobView) }) },
  },
  run: {
    ...calls.run,
    input: z.strictObject({ job: text, words: z._default(list(word), []) }),
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
    input: z.strictObject({ until: time, limit }),
    answer: {
      kind: 'value',
      schema: z.object({ runs: list(z.object({ job: z.string(), due: time })) }),
    },
  },
} as const;
