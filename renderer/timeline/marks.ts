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
  /** The gravest of its runs. */
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

const gravity: readonly MarkKind[] = [
  'succeeded',
  'queued',
  'skipped',
  'cancelled',
  'running',
  'lost',
  'timed-out',
  'failed',
];

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
 * The marks of one lane, left to right. Runs that are too short to be told apart at this zoom become one mark, which
 * shows the gravest of them: what failed is never hidden by what succeeded.
 * `runs` are in the order of their time, oldest first.
 */
export function marksOf(runs: readonly RunView[], span: Span, width: number, now: number): readonly Mark[] {
  const marks: Mark[] = [];
  let open: { x: number; end: number; from: number; until: number; runs: RunView[] } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    marks.push({
      x: open.x,
      width: open.end - open.x,
      kind: gravest(open.runs),
      from: open.from,
      until: open.until,
      runs: open.runs,
    });
  };
  for (const run of runs) {
    const { from, until } = extentOf(run, now);
    if (until < span.from || from > span.until) continue;
    const left = xOf(from, span, width);
    const end = Math.max(xOf(until, span, width), left + NARROWEST);
    const isNarrow = end - left < NARROWEST * 2;
    // A long run keeps its own mark, and only narrow ones run together.
    if (open !== undefined && left < open.end + GAP && isNarrow && open.end - open.x < NARROWEST * 2) {
      open.end = Math.max(open.end, Math.min(end, open.x + NARROWEST * 2));
      open.until = Math.max(open.until, until);
      open.runs.push(run);
    } else {
      close();
      open = { x: left, end, from, until, runs: [run] };
    }
  }
  close();
  return marks;
}

function gravest(runs: readonly RunView[]): MarkKind {
  let worst = 0;
  for (const run of runs) worst = Math.max(worst, gravity.indexOf(kindOf(run)));
  return gravity[worst] ?? 'succeeded';
}

/** The mark at a place in a lane, or the nearest within reach; of those that overlap, the one drawn last. */
export function markAt(marks: readonly Mark[], x: number, reach = 4): Mark | undefined {
  let nearest: Mark | undefined;
  let least = reach;
  for (const mark of marks) {
    const distance = Math.max(mark.x - x, x - (mark.x + mark.width), 0);
    if (distance <= least) {
      nearest = mark;
      least = distance;
    }
  }
  return nearest;
}
