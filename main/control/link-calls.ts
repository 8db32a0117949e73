import * as z from 'zod/mini';
import { suggestionStates } from '../daemon/actions/links/suggestion.ts';
import { calls } from './calls.ts';

/** The calls about suggested links. */

const text = z.string().check(z.minLength(1), z.maxLength(300));
const note = z.object({ path: z.string(), title: z.string() });

export const suggestionView = z.object({
  id: z.string(),
  job: z.string(),
  note,
  target: note,
  score: z.number(),
  terms: z.readonly(z.array(z.string())),
  passage: z.string(),
  state: z.enum(suggestionStates),
  decidedAt: z.nullable(z.iso.datetime()),
});

export const suggestionDetails = z.object({
  suggestion: suggestionView,
  noteText: z.nullable(z.string()),
  targetText: z.nullable(z.string()),
});

/** A GET gets its input from a query, where everything is text, and over IPC as values: both are taken. */
const limit = z._default(
  z.pipe(
    z.union([z.int(), z.string().check(z.regex(/^\d{1,4}$/, 'must be a whole number'))]),
    z.pipe(z.transform(Number), z.int().check(z.gte(1), z.lte(1_000))),
  ),
  200,
);
const one = z.strictObject({ id: text });
const answer = { kind: 'value', schema: z.object({ link: suggestionView }) } as const;

export const linkCalls = {
  links: {
    ...calls.links,
    input: z.strictObject({ job: z.optional(text), state: z.optional(z.enum(suggestionStates)), limit }),
    answer: {
      kind: 'value',
      schema: z.object({ links: z.readonly(z.array(suggestionView)), total: z.int() }),
    },
  },
  link: { ...calls.link, input: one, answer: { kind: 'value', schema: suggestionDetails } },
  acceptLink: { ...calls.acceptLink, input: one, answer },
  dismissLink: { ...calls.dismissLink, input: one, answer },
  undoLink: { ...calls.undoLink, input: one, answer },
} as const;
