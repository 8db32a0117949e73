import type { RunView } from '../../main/control/views.ts';
import { type Span, xOf } from './span.ts';

/** What a mark looks like: how its run ended, or that it has not. */
export type MarkKind =
  | 'succeeded'
  | 'failed'
  | 'timed-out'
  | 'cancelled'
  | 'skipped'
  | 'lost'
  | 'running'
  | 'queued';

/** A run in a lane; or several that are too close to be told apart. */
export interface Mark {
  /** Pixels from the left edge of the lane. */
  readonly x: number;
  readonly width: number;
  readonly kind: MarkKind;
  readonly from: number;
  readonly until: number;
  /** Oldest first. */
  readonly runs: readonly RunView[];
}

/** The narrowest visible mark, in pixels. */
export const NARROWEST = 4;
/** Marks nearer than this are drawn as one. */
const GAP = 1;

export const kindOf = (run: RunView): MarkKind =>
  run.state === 'ended' ? (run.outcome?.kind ?? 'lost') : run.state;

/** When a run took place: from its start to its end or now; one that never started is at the time it was due. */
export function extentOf(run: RunView, now: number): Extent {
  const known = extents.get(run);
  if (known !== undefined) return known;
  const extent = readExtent(run, now);
  // What has ended changes no more, and reading ten thousand dates at each movement would be slow.
  if (run.state === 'ended') extents.set(run, extent);
  return extent;
}

interface Extent {
  readonly from: number;
  readonly until: number;
}

const extents = new WeakMap<RunView, Extent>();

function readExtent(run: RunView, now: number): Extent {
  if (run.startedAt === null) {
    const at = Date.parse(run.due ?? run.queuedAt);
    return { from: at, until: at };
  }
  return {
    from: Date.parse(run.startedAt),
    until: run.endedAt === null ? now : Date.parse(run.endedAt),
  };
}

/**
 * The marks of one lane, left to right. Runs that are too short to be told apart at this zoom become one mark with
 * others that ended alike: what failed is neither hidden by what succeeded, nor looks like more than it is.
 * `runs` are in the order of their time, oldest first.
 */
export function marksOf(runs: readonly RunView[], span: Span, width: number, now: number): readonly Mark[] {
  const marks: Mark[] = [];
  const open = new Map<MarkKind, OpenMark>();
  for (const run of runs) {
    const { from, until } = extentOf(run, now);
    if (until < span.from || from > span.until) continue;
    const x = xOf(from, span, width);
    const end = Math.max(xOf(until, span, width), x + NARROWEST);
    const kind = kindOf(run);
    const last = open.get(kind);
    // A long run keeps its own mark, and only narrow ones run together.
    if (last !== undefined && x < last.x + last.width + GAP && isNarrow(end - x) && isNarrow(last.width)) {
      last.width = Math.min(Math.max(last.width, end - last.x), NARROWEST * 2);
      last.until = Math.max(last.until, until);
      last.runs.push(run);
    } else {
      const mark = { x, width: end - x, kind, from, until, runs: [run] };
      marks.push(mark);
      open.set(kind, mark);
    }
  }
  return marks;
}

interface OpenMark extends Mark {
  width: number;
  until: number;
  readonly runs: RunView[];
}

const isNarrow = (width: number): boolean => width <= NARROWEST * 2;

/** What went wrong: drawn over everything else. */
export const graveKinds: ReadonlySet<MarkKind> = new Set(['failed', 'timed-out', 'lost']);

/** The mark at a place in a lane, or the nearest within reach; of those that overlap, the one drawn last. */
export function markAt(marks: readonly Mark[], x: number, reach = 4): Mark | undefined {
  let nearest: Mark | undefined;
  let least = reach;
  for (const mark of marks) {
    const distance = Math.max(mark.x - x, x - (mark.x + mark.width), 0);
    const isCovered = nearest !== undefined && graveKinds.has(nearest.kind) && !graveKinds.has(mark.kind);
    if (distance < least || (distance === least && !isCovered)) {
      nearest = mark;
      least = distance;
    }
  }
  return nearest;
}
