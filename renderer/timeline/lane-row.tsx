import { windowStrings } from '../strings.ts';
import { showJob } from '../window/place.ts';
import type { Lane, Palette } from './draw.ts';
import { LaneCanvas } from './lane.tsx';

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
  const runs = lane.marks.flatMap((mark) => mark.runs);
  const failed = runs.filter(({ outcome }) => outcome?.kind === 'failed').length;
  const words = windowStrings.timeline.lane(job, runs.length, failed);
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
