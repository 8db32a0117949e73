import * as z from 'zod/mini';
import type { SuggestionDetails, SuggestionView } from '../daemon/actions/links/suggestion.ts';
import type { ErrorDetails } from '../daemon/errors.ts';
import type { Check, EndedView, GuardView, HealthReport, StrayView } from '../daemon/health/report.ts';
import type {
  AbsenceView,
  AlertView,
  JobView,
  RecentRun,
  RunView,
  StatisticsView,
} from '../daemon/jobs/views.ts';
import type { DaemonStatus } from '../daemon/status.ts';
import { type CallName, calls } from './calls.ts';
import {
  type check,
  type endedView,
  type guardView,
  healthCalls,
  type healthReport,
  healthSummary,
  type strayView,
} from './health-calls.ts';
import {
  type absence,
  type alert,
  jobCalls,
  type jobView,
  type recentRun,
  runView,
  type statistics,
} from './job-calls.ts';
import { linkCalls, type suggestionDetails, type suggestionView } from './link-calls.ts';

const time = z.iso.datetime();
const error = z.object({ code: z.string(), message: z.string(), hint: z.optional(z.string()) });

const stopReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asked') }),
  z.object({ kind: z.literal('signal'), signal: z.string() }),
  z.object({ kind: z.literal('restart') }),
  z.object({ kind: z.literal('lock-lost'), lost: z.object({ path: z.string(), reason: z.string() }) }),
  z.object({ kind: z.literal('fault'), error }),
]);

export const owner = z.object({
  pid: z.int(),
  processStarted: z.string(),
  bootId: z.string(),
  host: z.object({ name: z.string(), id: z.string() }),
  kind: z.enum(['headless', 'app']),
  version: z.string(),
  startedAt: time,
  startedBy: z.string(),
  instanceId: z.string(),
  generation: z.int(),
  lock: z.string(),
  socket: z.string(),
  lastCrash: z.nullable(z.object({ pid: z.int(), generation: z.int(), startedAt: time, foundAt: time })),
  endedAt: z.nullable(time),
});

export const status = z.object({
  daemon: z.discriminatedUnion('state', [
    z.object({ state: z.literal('stopped'), since: time, reason: z.nullable(stopReason) }),
    z.object({ state: z.literal('starting'), since: time }),
    z.object({ state: z.literal('running'), since: time, pid: z.int() }),
    z.object({
      state: z.literal('stopping'),
      since: time,
      reason: stopReason,
      /** The runs that it still waits for, and when the last of them will be ended by force. */
      waiting: z.nullable(z.object({ runs: z.int(), until: time })),
    }),
    z.object({ state: z.literal('failed'), since: time, error }),
  ]),
  home: z.string(),
  version: z.string(),
  // An older daemon does not tell.
  contract: z._default(z.int(), 0),
  owner: z.nullable(owner),
  // An older daemon does not tell.
  health: z._default(z.nullable(healthSummary), null),
  configuration: z.object({
    path: z.string(),
    problem: z.nullable(error),
    /** Durations in milliseconds, sizes in bytes. */
    kept: z.nullable(
      z.object({
        output: z.object({
          limit: z.number(),
          keep: z.object({ runs: z.number(), age: z.number(), size: z.number() }),
        }),
        log: z.object({ keep: z.number(), maxSize: z.number() }),
      }),
    ),
  }),
});

const nothing = z.strictObject({});

/** One call: what it takes and gives, and where it is in HTTP. GET takes its input from the query. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly input: z.ZodMiniType;
  /** What it answers; or, of a stream, each event's data under the event's name. */
  readonly answer:
    | {
        readonly kind: 'value';
        readonly schema: z.ZodMiniType;
        /** With which HTTP status an answer is given; 200 if it says nothing else. */
        readonly httpStatus?: (value: never) => number;
      }
    /** Not JSON, but text of this media type. */
    | { readonly kind: 'text'; readonly type: string; readonly schema: z.ZodMiniType }
    | { readonly kind: 'stream'; readonly events: Readonly<Record<string, z.ZodMiniType>> };
}

/**
 * Everything that can be asked of a daemon from outside. Both transports, the control socket and the windows' IPC,
 * are made from this table, so that neither can do or accept what the other cannot.
 */
export const contract = {
  status: { ...calls.status, input: nothing, answer: { kind: 'value', schema: status } },
  stop: {
    ...calls.stop,
    // With `now` its runs are ended without their grace, also of a stop that is under way.
    input: z.strictObject({ now: z._default(z.boolean(), false) }),
    // It is told that it is to stop; that it has stopped nobody can be told by a daemon that is gone.
    answer: { kind: 'value', schema: z.object({ stopping: z.literal(true), pid: z.int() }) },
  },
  restart: {
    ...calls.restart,
    input: nothing,
    answer: { kind: 'value', schema: z.object({ status, problem: z.nullable(error) }) },
  },
  ...jobCalls,
  ...healthCalls,
  ...linkCalls,
  events: {
    ...calls.events,
    input: nothing,
    // 'run' tells a run as it is now; the others that what they name is another one, to be asked for.
    answer: {
      kind: 'stream',
      events: { status, run: runView, jobs: nothing, alerts: nothing, health: nothing, links: nothing },
    },
  },
} as const satisfies Record<CallName, Call>;

export type Contract = typeof contract;

type ValueCalls = {
  [Name in CallName]: Contract[Name]['answer'] extends { kind: 'value' | 'text' } ? Name : never;
}[CallName];
type StreamCalls = Exclude<CallName, ValueCalls>;
type AnswerOf<Name extends CallName> = Contract[Name]['answer'];

/** What a handler gets: checked, with what may be left out filled in. */
export type Input<Name extends CallName> = z.output<Contract[Name]['input']>;
/** What a client sends. */
export type Given<Name extends CallName> = z.input<Contract[Name]['input']>;
export type Output<Name extends ValueCalls> =
  AnswerOf<Name> extends { schema: infer Schema extends z.ZodMiniType } ? z.infer<Schema> : never;

/** Sends one event of a stream. */
export type Emit<Name extends StreamCalls> =
  AnswerOf<Name> extends { events: infer Events extends Record<string, z.ZodMiniType> }
    ? <Event extends keyof Events & string>(event: Event, data: z.infer<Events[Event]>) => void
    : never;

/** What answers the contract. A stream's handler returns how to end it. */
export type Handlers = {
  readonly [Name in ValueCalls]: (input: Input<Name>) => Promise<Output<Name>>;
} & {
  readonly [Name in StreamCalls]: (input: Input<Name>, emit: Emit<Name>) => () => void;
};

// A schema that differs from the type it stands for does not compile.
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
export const statusMatches: Same<z.infer<typeof status>, DaemonStatus> = true;
export const jobMatches: Same<z.infer<typeof jobView>, JobView> = true;
export const recentMatches: Same<z.infer<typeof recentRun>, RecentRun> = true;
export const statisticsMatch: Same<z.infer<typeof statistics>, StatisticsView> = true;
export const absenceMatches: Same<z.infer<typeof absence>, AbsenceView> = true;
export const alertMatches: Same<z.infer<typeof alert>, AlertView> = true;
export const checkMatches: Same<z.infer<typeof check>, Check> = true;
export const healthMatches: Same<z.infer<typeof healthReport>, HealthReport> = true;
export const guardMatches: Same<z.infer<typeof guardView>, GuardView> = true;
export const strayMatches: Same<z.infer<typeof strayView>, StrayView> = true;
export const endedMatches: Same<z.infer<typeof endedView>, EndedView> = true;
export const suggestionMatches: Same<z.infer<typeof suggestionView>, SuggestionView> = true;
export const suggestionDetailsMatch: Same<z.infer<typeof suggestionDetails>, SuggestionDetails> = true;
export const runMatches: Same<z.infer<typeof runView>, RunView> = true;

/** How an error of each code is answered in HTTP. Codes that are not here are faults: 500. */
export const httpStatusOf: Readonly<Record<string, number>> = {
  'bad-request': 400,
  'invalid-input': 400,
  'bad-time': 400,
  'unknown-path': 404,
  'unknown-job': 404,
  'unknown-run': 404,
  'unknown-alert': 404,
  'unknown-guard': 404,
  'unknown-link': 404,
  'note-changed': 409,
  'wrong-method': 405,
  'unfinished-request': 408,
  'not-running': 409,
  'no-jobs': 409,
  'job-not-written-out': 409,
  'configuration-changed': 409,
  'configuration-unwritable': 409,
  stopping: 409,
  'body-too-large': 413,
  'headers-too-large': 431,
};

/** The body of every answer that is an error. */
export interface ErrorAnswer {
  readonly error: ErrorDetails;
}
