import { count, dateOf, durationInWords, durationOf, momentOf, reasonOf, shortTime } from '../format.ts';
import { windowStrings } from '../strings.ts';
import { kindOf, type Mark, type MarkKind } from './marks.ts';

/** What is told of a mark: a line in bold, and lines of more. */
export interface Details {
  readonly kind: MarkKind | undefined;
  readonly title: string;
  readonly lines: readonly string[];
}

/** A mark in words, for the tip over it and for those who do not see it. Times in milliseconds since 1970. */
export function detailsOf(mark: Mark, now: number): Details {
  const [run] = mark.runs;
  if (mark.runs.length === 1 && run !== undefined) {
    const duration = durationOf(run, now);
    const took = duration === undefined ? '' : durationInWords(duration);
    return {
      kind: mark.kind,
      title: windowStrings.outcomes[kindOf(run)],
      lines: [
        [momentOf(run.startedAt ?? run.due ?? run.queuedAt), took].filter(Boolean).join(' · '),
        reasonOf(run.outcome),
      ].filter(Boolean),
    };
  }
  return {
    kind: mark.kind,
    title: windowStrings.timeline.several(
      count(mark.runs.length),
      windowStrings.outcomes[mark.kind].toLowerCase(),
    ),
    lines: [rangeOf(mark.from, mark.until), windowStrings.timeline.moreHint],
  };
}

export const inWords = ({ title, lines }: Details): string => [title, ...lines].join(', ');

/** `29 Nov, 09:14 – 09:20`; with both days if they differ. */
export function rangeOf(from: number, until: number): string {
  const [one, other] = [dateOf(from), dateOf(until)];
  return one === other
    ? `${one}, ${shortTime(from)} – ${shortTime(until)}`
    : `${one}, ${shortTime(from)} – ${other}, ${shortTime(until)}`;
}
