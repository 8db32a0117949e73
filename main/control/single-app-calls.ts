import * as z from 'zod/mini';
import type { CallTable } from './server.ts';

const nothing = z.strictObject({});

/** All that another launch, and the command line, may ask of the app that runs. */
export const appTable = {
  show: {
    method: 'POST',
    path: '/v1/show',
    input: nothing,
    answer: { kind: 'value', schema: z.object({ pid: z.int() }) },
  },
  /** Answered as soon as the person can see it: the app may end before that, for want of a display. */
  shown: {
    method: 'GET',
    path: '/v1/shown',
    input: nothing,
    answer: { kind: 'value', schema: z.object({ pid: z.int() }) },
  },
} as const satisfies CallTable;
