import { useMemo } from 'preact/hooks';
import { windowStrings } from '../strings.ts';
import { showJob } from '../window/place.ts';
import type { Lane, Palette } from './draw.ts';
import { LaneCanvas } from './lane.tsx';
import type { Mark } from './marks.ts';

interface LaneRowProps {
  readonly index: number;
  readonly job: string;
  readonly lane: Lane;
  readonly palette: Palette;
  /** What is chosen in this lane, in words; undefined if it is another lane that is chosen. */
  readonly chosenWords: string | undefined;
  readonly hasFocus: boolean;
  readonly onPress: (event: PointerEvent) => void;
  /** Undefined when the pointer leaves. */
  readonly onPoint: (event: PointerEvent | undefined) => void;
}

/** A job's lane, and the same in words for those who do not see it. */
export function LaneRow({
  index,
  job,
  lane,
  palette,
  chosenWords,
  hasFocus,
  onPress,
  onPoint,
}: LaneRowProps) {
  const words = useMemo(() => wordsOf(job, lane.marks), [job, lane.marks]);
  const isChosen = chosenWords !== undefined && hasFocus;
  return (
    <div class={`lane ${isChosen ? 'is-chosen' : ''}`} role="row" aria-rowindex={index + 1}>
      <div class="lane-label" role="rowheader" title={job}>
        <button type="button" tabIndex={-1} onClick={() => showJob(job)}>
          {job}
        </button>
      </div>
      <div
        class="lane-track"
        role="gridcell"
        aria-label={words}
        onPointerDown={onPress}
        onPointerMove={onPoint}
        onPointerLeave={() => onPoint(undefined)}
      >
        <LaneCanvas lane={lane} palette={palette} />
      </div>
      {chosenWords === undefined ? null : (
        <div class="visually-hidden" role="gridcell" id="timeline-chosen">
          {chosenWords === '' ? words : `${job}: ${chosenWords}`}
        </div>
      )}
    </div>
  );
}

function wordsOf(job: string, marks: readonly Mark[]): string {
  let runs = 0;
  let failed = 0;
  for (const mark of marks) {
    runs += mark.runs.length;
    for (const { outcome } of mark.runs) if (outcome?.kind === 'failed') failed++;
  }
  return windowStrings.timeline.lane(job, runs, failed);
}
