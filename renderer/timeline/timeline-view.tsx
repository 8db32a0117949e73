import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { NoJobs } from '../components/no-jobs.tsx';
import { Rows, type RowsHandle } from '../components/rows.tsx';
import { theme } from '../run/theme.ts';
import { jobs } from '../state/jobs.ts';
import { now } from '../state/now.ts';
import { windowStrings } from '../strings.ts';
import { showRun } from '../window/place.ts';
import { Axis } from './axis.tsx';
import { detailsOf, inWords } from './details.ts';
import { followPress, useWheel } from './gestures.ts';
import { bounded, type Chosen, movedBy } from './lane-focus.ts';
import { LaneRow } from './lane-row.tsx';
import { Legend } from './legend.tsx';
import { type Mark, markAt } from './marks.ts';
import { readPalette } from './palette.ts';
import { lengthOf, panned, spanAround, timeOf, xOf, zoomed } from './span.ts';
import { span, step } from './timeline-span.ts';
import { TimelineStore } from './timeline-store.ts';
import { type Hover, hoverOf, Tip } from './tip.tsx';
import { Toolbar } from './toolbar.tsx';
import { LANE_HEIGHT, useLanes } from './use-lanes.ts';

const strings = windowStrings.timeline;
const AXIS_HEIGHT = 28;
/** How near to a due time the pointer must be, in pixels. */
const REACH = 4;
/** What follows the time moves on when that can be seen: by about half a pixel. */
const FRAMES = 2_000;

/** A lane per job: what ran, what did not, and what comes. */
export function TimelineView() {
  const store = useMemo(() => new TimelineStore(), []);
  useEffect(() => () => store.close(), [store]);
  const rows = useRef<RowsHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const labels = useSignal(0);
  const hover = useSignal<Hover | undefined>(undefined);
  const choice = useSignal<Chosen>({ lane: 0, mark: 0 });
  const hasFocus = useSignal(false);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = (): void => {
      labels.value = Number.parseFloat(getComputedStyle(element).getPropertyValue('--lane-label'));
      // Of the axis, since a scroll bar beside the lanes may take its part.
      const inner = element.querySelector('.axis')?.clientWidth ?? element.clientWidth;
      width.value = Math.max(0, inner - labels.value);
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const observed of [element, element.querySelector('.axis')])
      if (observed !== null) observer.observe(observed);
    return () => observer.disconnect();
  }, [width, labels, jobs.value.length === 0]);

  const moment = useComputed(() => {
    const unit = Math.max(1_000, (span.value === undefined ? step.value : lengthOf(span.value)) / FRAMES);
    return Math.floor(now.value / unit) * unit;
  });
  const seen = useComputed(() => span.value ?? spanAround(moment.value, step.value));
  useSignalEffect(() => store.see(seen.value, now.peek()));

  // Each theme has its own colours.
  const palette = useMemo(readPalette, [theme.value]);
  const shown = seen.value;
  const time = moment.value;
  const { laneOf, ticks, bands } = useLanes(store, shown, width.value, time);
  const marksOfLane = (index: number): readonly Mark[] => laneOf(index).marks;
  const view = { lanes: jobs.value.length, marksOf: marksOfLane };
  const chosen = bounded(choice.value, view);
  const chosenMark = marksOfLane(chosen.lane)[chosen.mark];

  const zoom = (factor: number, about = (seen.value.from + seen.value.until) / 2): void => {
    hover.value = undefined;
    span.value = zoomed(seen.value, factor, about);
  };
  const pan = (share: number, from = seen.value): void => {
    hover.value = undefined;
    span.value = panned(from, lengthOf(from) * share, now.value);
  };
  useWheel(frame, labels, {
    onZoom: (factor, x) => zoom(factor, timeOf(x, seen.value, width.value)),
    onPan: (by) => pan(by / Math.max(1, width.value)),
  });

  /** Opens a run; of several, goes nearer until they can be told apart. */
  const activate = (mark: Mark): void => {
    const [run] = mark.runs;
    if (mark.runs.length === 1 && run !== undefined) {
      showRun(run.id);
      return;
    }
    const middle = (mark.from + mark.until) / 2;
    const length = Math.min(lengthOf(shown) / 3, Math.max((mark.until - mark.from) * 4, 60_000));
    span.value = zoomed({ from: middle - length / 2, until: middle + length / 2 }, 1, middle);
  };

  const press = (event: PointerEvent, lane: number): void => {
    const begun = seen.value;
    followPress(event, {
      onDrag: (by) => pan(-by / Math.max(1, width.value), begun),
      onClick: (x) => {
        const marks = marksOfLane(lane);
        const mark = markAt(marks, x);
        if (mark === undefined) return;
        choice.value = { lane, mark: marks.indexOf(mark) };
        activate(mark);
      },
    });
  };

  const point = (event: PointerEvent | undefined, lane: number): void => {
    if (event?.buttons !== 0 || !(event.currentTarget instanceof HTMLElement)) {
      hover.value = undefined;
      return;
    }
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left;
    const at = timeOf(x, shown, width.value);
    const mark = markAt(marksOfLane(lane), x);
    const due = laneOf(lane).upcoming.find((one) => Math.abs(xOf(one, shown, width.value) - x) < REACH);
    const band = bands.find(({ from, until }) => at >= from && at < until);
    const isNothing = mark === undefined && due === undefined && band === undefined;
    hover.value = isNothing ? undefined : { lane, mark, band, due, x: event.clientX, y: box.bottom };
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const moved = event.shiftKey ? undefined : movedBy(event.key, chosen, view);
    if (moved !== undefined) {
      hover.value = undefined;
      choice.value = moved;
      rows.current?.show(moved.lane);
    } else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft')
      pan(event.key === 'ArrowRight' ? 0.1 : -0.1);
    else if (event.key === 'PageDown' || event.key === 'PageUp') pan(event.key === 'PageDown' ? 0.5 : -0.5);
    else if (event.key === '+' || event.key === '=') zoom(0.5);
    else if (event.key === '-') zoom(2);
    else if (event.key === '0') span.value = undefined;
    else if ((event.key === 'Enter' || event.key === ' ') && chosenMark !== undefined) activate(chosenMark);
    else return;
    event.preventDefault();
  };

  const error = store.error.value ?? store.runs.error;
  const focusMark = hasFocus.value ? chosenMark : undefined;
  return (
    <section class="view timeline" aria-label={strings.title}>
      <Toolbar seen={shown} isLoading={store.runs.isLoading} onZoom={zoom} onPan={pan} />
      {error === undefined ? null : (
        <p class="notice is-error" role="alert">
          {error.message}{' '}
          <button type="button" class="link" onClick={() => store.retry()}>
            {windowStrings.retry}
          </button>
        </p>
      )}
      <div class="lanes-frame" ref={frame}>
        {jobs.value.length === 0 ? (
          <NoJobs />
        ) : (
          <Rows
            handle={rows}
            class="lanes"
            role="grid"
            tabIndex={0}
            aria-label={strings.lanes}
            aria-rowcount={jobs.value.length}
            aria-activedescendant="timeline-chosen"
            onKeyDown={onKeyDown}
            onFocus={() => {
              hasFocus.value = true;
            }}
            onBlur={() => {
              hasFocus.value = false;
            }}
            onScrolled={() => {
              hover.value = undefined;
            }}
            count={jobs.value.length}
            rowHeight={LANE_HEIGHT}
            header={<Axis ticks={ticks} span={shown} width={width.value} now={time} />}
            headerHeight={AXIS_HEIGHT}
            row={(index) => {
              const job = jobs.value[index];
              if (job === undefined) return null;
              const isChosen = index === chosen.lane;
              const pointed = hover.value?.lane === index ? hover.value.mark : undefined;
              const ring = pointed ?? (isChosen ? focusMark : undefined);
              return (
                <LaneRow
                  key={job.name}
                  index={index}
                  job={job.name}
                  palette={palette}
                  hasFocus={hasFocus.value}
                  chosenWords={
                    isChosen
                      ? chosenMark === undefined
                        ? ''
                        : inWords(detailsOf(chosenMark, time))
                      : undefined
                  }
                  onPress={(event) => press(event, index)}
                  onPoint={(event) => point(event, index)}
                  lane={ring === undefined ? laneOf(index) : { ...laneOf(index), chosen: ring }}
                />
              );
            }}
          />
        )}
      </div>
      <Legend bands={bands} />
      <Tip hover={hover.value ?? hoverOf(frame.current, chosen.lane, focusMark, labels.value)} now={time} />
    </section>
  );
}
