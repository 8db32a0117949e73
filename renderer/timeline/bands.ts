import type { Band } from './draw.ts';
import type { Span } from './span.ts';

interface Absence {
  readonly kind: 'asleep' | 'down';
  readonly from: string;
  readonly until: string;
}

/** What is shown behind the lanes within a span: when nothing could run, and what is not loaded. */
export function laneBands(
  absences: readonly Absence[],
  tooManyBefore: number | undefined,
  span: Span,
): readonly Band[] {
  const bands: Band[] = absences
    .map(({ kind, from, until }) => ({ kind, from: Date.parse(from), until: Date.parse(until) }))
    .filter(({ from, until }) => until > span.from && from < span.until);
  if (tooManyBefore !== undefined && tooManyBefore > span.from)
    bands.push({ kind: 'not-loaded', from: span.from, until: tooManyBefore });
  return bands;
}
