import { useMemo } from 'preact/hooks';
import { jobs } from '../state/jobs.ts';
import { laneBands } from './bands.ts';
import type { Lane } from './draw.ts';
import { marksOf } from './marks.ts';
import { type Span, ticksOf } from './span.ts';
import type { TimelineStore } from './timeline-store.ts';

export const LANE_HEIGHT = 32;
/** Room for one written time, in pixels. */
const TICK_ROOM = 84;

/**
 * What each lane shows of a span. Made once for what is seen, so that pointing at a mark draws nothing anew but its own
 * lane; and only for lanes that are asked for.
 */
export function useLanes(store: TimelineStore, span: Span, width: number, now: number) {
  const absences = store.absences.value;
  const upcoming = store.upcoming.value;
  const version = store.version.value;
  const common = useMemo(
    () => ({
      span,
      width,
      height: LANE_HEIGHT,
      ticks: ticksOf(span, width, TICK_ROOM),
      bands: laneBands(absences, store.runs.tooManyBefore, span),
      now,
      chosen: undefined,
    }),
    [span, now, width, absences, version],
  );
  const lanes = useMemo(() => new Map<number, Lane>(), [common, upcoming, jobs.value]);
  const laneOf = (index: number): Lane => {
    const known = lanes.get(index);
    if (known !== undefined) return known;
    const job = jobs.value[index];
    // One that began long before what is seen may still be running.
    const earlier = job?.running.filter((run) => !store.runs.has(run)) ?? [];
    const runs = [...earlier, ...store.runs.lane(job?.name ?? '')];
    const lane: Lane = {
      ...common,
      marks: marksOf(runs, span, width, now),
      upcoming: upcoming.get(job?.name ?? '')?.filter((due) => due > now) ?? [],
    };
    lanes.set(index, lane);
    return lane;
  };
  return { laneOf, ticks: common.ticks, bands: common.bands };
}
