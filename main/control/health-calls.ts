import * as z from 'zod/mini';
import { checkGroups, type HealthReport, remedyKinds, strayKinds } from '../daemon/health/report.ts';
import { calls } from './calls.ts';

/** The calls about health: checks, guards and strays. */

const time = z.iso.datetime();
const list = <Item extends z.ZodMiniType>(item: Item) => z.readonly(z.array(item));
const text = z.string().check(z.minLength(1), z.maxLength(300));
const nothing = z.strictObject({});
const verdict = z.enum(['ok', 'warning', 'error']);

export const check = z.object({
  name: z.string(),
  group: z.enum(checkGroups),
  subject: z.nullable(z.string()),
  verdict,
  sentence: z.string(),
  remedy: z.nullable(
    z.object({ kind: z.enum(remedyKinds), subject: z.nullable(z.string()), command: z.string() }),
  ),
});

export const healthReport = z.object({ verdict, at: time, checks: list(check) });

export const healthSummary = z.object({
  verdict,
  at: time,
  errors: z.int(),
  warnings: z.int(),
  sentence: z.nullable(z.string()),
});

const processShape = {
  pid: z.int(),
  started: z.string(),
  since: z.nullable(time),
  cpuMs: z.nullable(z.number()),
  memoryBytes: z.nullable(z.number()),
  command: z.string(),
};
const processView = z.object(processShape);

export const guardView = z.object({
  name: z.string(),
  match: z.string(),
  max: z.int(),
  keep: z.enum(['oldest', 'newest']),
  act: z.enum(['alert', 'end']),
  processes: list(z.object({ ...processShape, isExtra: z.boolean() })),
});

export const strayView = z.object({
  ...processShape,
  kind: z.enum(strayKinds),
  home: z.nullable(z.string()),
});

export const endedView = z.object({ ended: list(processView), left: list(processView) });

/** Those that were shown to the person, so that no other is ended. */
const shown = list(z.strictObject({ pid: z.int().check(z.gte(2), z.lte(0xffff_ffff)), started: text })).check(
  z.maxLength(500),
);

export const healthCalls = {
  health: {
    ...calls.health,
    input: nothing,
    // What watches a service looks at the status alone.
    answer: {
      kind: 'value',
      schema: healthReport,
      httpStatus: ({ verdict }: HealthReport) => (verdict === 'error' ? 503 : 200),
    },
  },
  metrics: {
    ...calls.metrics,
    input: nothing,
    /** In the text format of Prometheus, 0.0.4. */
    answer: { kind: 'text', type: 'text/plain; version=0.0.4; charset=utf-8', schema: z.string() },
  },
  guards: {
    ...calls.guards,
    /** One guard by its name, or all; they count anew. */
    input: z.strictObject({ guard: z.optional(text) }),
    answer: { kind: 'value', schema: z.object({ guards: list(guardView) }) },
  },
  endGuarded: {
    ...calls.endGuarded,
    /** Ends those of these processes that are extra copies now. */
    input: z.strictObject({ guard: text, processes: shown }),
    answer: { kind: 'value', schema: endedView },
  },
  strays: {
    ...calls.strays,
    input: nothing,
    answer: { kind: 'value', schema: z.object({ strays: list(strayView) }) },
  },
  endStrays: {
    ...calls.endStrays,
    /** Ends those of these processes that are strays now; a daemon of another home that is well is none. */
    input: z.strictObject({ processes: shown }),
    answer: { kind: 'value', schema: endedView },
  },
} as const;
