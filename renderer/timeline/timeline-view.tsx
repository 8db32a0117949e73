import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { Rows, type RowsHandle } from '../components/rows.tsx';
import { theme } from '../run/theme.ts';
import { jobs } from '../state/jobs.ts';
import { now } from '../state/now.ts';
import { windowStrings } from '../strings.ts';
import { showJob, showRun } from '../window/place.ts';
import { Axis } from './axis.tsx';
import { laneBands } from './bands.ts';
import { detailsOf } from './details.ts';
import type { Lane } from './draw.ts';
import { LaneCanvas } from './lane.tsx';
import { Legend } from './legend.tsx';
import { type Mark, markAt, marksOf } from './marks.ts';
import { readPalette } from './palette.ts';
import { lengthOf, panned, spanAround, ticksOf, timeOf, zoomed } from './span.ts';
import { span, step } from './timeline-span.ts';
import { TimelineStore } from './timeline-store.ts';
import { type Hover, Tip } from './tip.tsx';
import { Toolbar } from './toolbar.tsx';

const strings = windowStrings.timeline;
const LANE_HEIGHT = 32;
const AXIS_HEIGHT = 28;
/** Room for one written time, in pixels. */
const TICK_ROOM = 84;
/** A press that moved further is a drag, not a click. */
const CLICK_PIXELS = 4;

/** A lane per job: what ran, what did not, and what comes. */
export function TimelineView() {
  const store = useMemo(() => new TimelineStore(), []);
  useEffect(() => () => store.close(), [store]);
  const rows = useRef<RowsHandle>(null);
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const labels = useSignal(0);
  const hover = useSignal<Hover | undefined>(undefined);
  const chosen = useSignal<{ readonly lane: number; readonly at: number }>({ lane: 0, at: 0 });
  const hasFocus = useSignal(false);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = (): void => {
      const style = getComputedStyle(element);
      labels.value = Number.parseFloat(style.getPropertyValue('--lane-label'));
      width.value = Math.max(0, element.clientWidth - labels.value);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [width, labels]);

  const seen = useComputed(() => span.value ?? spanAround(now.value, step.value));
  useSignalEffect(() => store.see(seen.value, now.value));

  const palette = useMemo(readPalette, [theme.value]);
  void store.version.value;
  const shown = seen.value;
  const time = now.value;
  const ticks = ticksOf(shown, width.value, TICK_ROOM);
  const lanes = store.runs.lanes();
  const bands = laneBands(store.absences.value, store.runs.tooManyBefore, shown);

  const marksOfLane = (index: number): readonly Mark[] => {
    const job = jobs.value[index];
    if (job === undefined) return [];
    const unknown = job.running.filter(({ id }) => !store.runs.has(id));
    return marksOf([...unknown, ...(lanes.get(job.name) ?? [])], shown, width.value, time);
  };

  const activate = (mark: Mark): void => {
    const [run] = mark.runs;
    if (mark.runs.length === 1 && run !== undefined) {
      showRun(run.id);
      return;
    }
    const middle = (mark.from + mark.until) / 2;
    const wanted = Math.max((mark.until - mark.from) * 4, lengthOf(shown) / 8);
    span.value = zoomed(
      { from: middle - lengthOf(shown) / 2, until: middle + lengthOf(shown) / 2 },
      wanted / lengthOf(shown),
      middle,
    );
  };
  const zoom = (factor: number, about = (shown.from + shown.until) / 2): void => {
    span.value = zoomed(seen.value, factor, about);
  };
  const pan = (share: number): void => {
    span.value = panned(seen.value, lengthOf(seen.value) * share, time);
  };

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left - labels.value;
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        // A pinch on a touch pad comes as a wheel with Ctrl.
        zoom(Math.exp(event.deltaY * 0.004), timeOf(Math.max(0, x), seen.value, width.value));
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        pan(sideways / Math.max(1, width.value));
      } else return;
      event.preventDefault();
      hover.value = undefined;
    };
    // Preact's listeners are passive for wheels: these have to keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });

  const onPointerDown = (event: PointerEvent, index: number): void => {
    if (event.button !== 0) return;
    const begun = { x: event.clientX, span: seen.value };
    let isDrag = false;
    const track = event.currentTarget as HTMLElement;
    track.setPointerCapture(event.pointerId);
    const onMove = (moved: PointerEvent): void => {
      const by = moved.clientX - begun.x;
      isDrag ||= Math.abs(by) > CLICK_PIXELS;
      if (!isDrag) return;
      hover.value = undefined;
      span.value = panned(begun.span, (-by / width.value) * lengthOf(begun.span), time);
    };
    const onUp = (up: PointerEvent): void => {
      track.removeEventListener('pointermove', onMove);
      track.removeEventListener('pointerup', onUp);
      track.removeEventListener('pointercancel', onUp);
      if (isDrag || up.type === 'pointercancel') return;
      const marks = marksOfLane(index);
      const mark = markAt(marks, up.clientX - track.getBoundingClientRect().left);
      if (mark === undefined) return;
      chosen.value = { lane: index, at: marks.indexOf(mark) };
      activate(mark);
    };
    track.addEventListener('pointermove', onMove);
    track.addEventListener('pointerup', onUp);
    track.addEventListener('pointercancel', onUp);
  };

  const onPointerMove = (event: PointerEvent, index: number): void => {
    if (event.buttons !== 0) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const x = event.clientX - box.left;
    const mark = markAt(marksOfLane(index), x);
    const at = timeOf(x, shown, width.value);
    const band = mark === undefined ? bands.find(({ from, until }) => at >= from && at < until) : undefined;
    const job = jobs.value[index];
    const due =
      mark === undefined && job !== undefined
        ? store.upcoming.value
            .get(job.name)
            ?.find((one) => Math.abs(one - at) < (lengthOf(shown) / Math.max(1, width.value)) * 4)
        : undefined;
    hover.value =
      mark === undefined && band === undefined && due === undefined
        ? undefined
        : { lane: index, mark, band, due, x: event.clientX, y: box.bottom };
  };

  const move = (lane: number, at: number): void => {
    const bounded = Math.min(Math.max(0, lane), jobs.value.length - 1);
    const marks = marksOfLane(bounded);
    chosen.value = { lane: bounded, at: Math.min(Math.max(0, at), Math.max(0, marks.length - 1)) };
    rows.current?.show(bounded);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const { lane, at } = chosen.value;
    const marks = marksOfLane(lane);
    const current = marks[at];
    const nearest = (to: number): number => {
      const others = marksOfLane(to);
      const found = current === undefined ? -1 : others.findIndex(({ x }) => x >= current.x);
      return found === -1 ? others.length - 1 : found;
    };
    const keys: Readonly<Record<string, () => void>> = {
      ArrowRight: () => (event.shiftKey ? pan(0.1) : move(lane, at + 1)),
      ArrowLeft: () => (event.shiftKey ? pan(-0.1) : move(lane, at - 1)),
      ArrowDown: () => move(lane + 1, nearest(lane + 1)),
      ArrowUp: () => move(lane - 1, nearest(lane - 1)),
      Home: () => move(lane, 0),
      End: () => move(lane, marks.length - 1),
      PageDown: () => pan(0.5),
      PageUp: () => pan(-0.5),
      '+': () => zoom(0.5),
      '=': () => zoom(0.5),
      '-': () => zoom(2),
      '0': () => {
        span.value = undefined;
      },
      Enter: () => current !== undefined && activate(current),
      ' ': () => current !== undefined && activate(current),
    };
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const error = store.error.value ?? store.runs.error;
  const chosenLane = Math.min(chosen.value.lane, Math.max(0, jobs.value.length - 1));
  const chosenMarks = marksOfLane(chosenLane);
  const chosenAt = Math.min(chosen.value.at, Math.max(0, chosenMarks.length - 1));
  const chosenMark = chosenMarks[chosenAt];
  return (
    <section class="view timeline" aria-label={strings.title}>
      <Toolbar seen={shown} isLoading={store.runs.isLoading} onZoom={(factor) => zoom(factor)} onPan={pan} />
      {error === undefined ? null : (
        <p class="notice is-error" role="alert">
          {error.message}{' '}
          <button type="button" class="link" onClick={() => store.retry()}>
            {windowStrings.retry}
          </button>
        </p>
      )}
      <div class="lanes-frame" ref={frame}>
        <Rows
          handle={rows}
          class="lanes"
          role="grid"
          tabIndex={0}
          aria-label={strings.lanes}
          aria-rowcount={jobs.value.length}
          aria-activedescendant={jobs.value.length === 0 ? undefined : 'timeline-chosen'}
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
            const isChosen = index === chosenLane;
            const marks = isChosen ? chosenMarks : marksOfLane(index);
            const lane: Lane = {
              span: shown,
              width: width.value,
              height: LANE_HEIGHT,
              marks,
              upcoming: store.upcoming.value.get(job.name)?.filter((due) => due > time) ?? [],
              bands,
              ticks,
              now: time,
              chosen:
                isChosen && hasFocus.value
                  ? chosenMark
                  : hover.value?.lane === index
                    ? hover.value.mark
                    : undefined,
            };
            const shownRuns = marks.reduce((sum, mark) => sum + mark.runs.length, 0);
            const failed = marks
              .flatMap(({ runs }) => runs)
              .filter(({ outcome }) => outcome?.kind === 'failed').length;
            return (
              <div
                class={`lane ${isChosen && hasFocus.value ? 'is-chosen' : ''}`}
                role="row"
                aria-rowindex={index + 1}
                key={job.name}
              >
                <div class="lane-label" role="rowheader" title={job.name}>
                  <button type="button" tabIndex={-1} onClick={() => showJob(job.name)}>
                    {job.name}
                  </button>
                </div>
                <div
                  class="lane-track"
                  role="gridcell"
                  aria-label={strings.lane(job.name, shownRuns, failed)}
                  onPointerDown={(event) => onPointerDown(event, index)}
                  onPointerMove={(event) => onPointerMove(event, index)}
                  onPointerLeave={() => {
                    hover.value = undefined;
                  }}
                >
                  <LaneCanvas lane={lane} palette={palette} />
                </div>
                {isChosen ? (
                  <div class="visually-hidden" role="gridcell" id="timeline-chosen">
                    {chosenMark === undefined
                      ? strings.lane(job.name, 0, 0)
                      : `${job.name}: ${wordsOf(chosenMark, time)}`}
                  </div>
                ) : null}
              </div>
            );
          }}
        />
        {jobs.value.length === 0 ? (
          <div class="empty">
            <h2>{strings.none}</h2>
            <p>{strings.noneHint}</p>
          </div>
        ) : null}
      </div>
      <Legend bands={bands} />
      <Tip
        hover={
          hover.value ??
          (hasFocus.value && chosenMark !== undefined
            ? hoverOf(frame.current, chosenLane, chosenMark, labels.value)
            : undefined)
        }
        now={time}
      />
    </section>
  );
}

const wordsOf = (mark: Mark, now: number): string => {
  const { title, lines } = detailsOf(mark, now);
  return [title, ...lines].join(', ');
};

/** The tip of a mark that is chosen with the keyboard. */
function hoverOf(frame: HTMLElement | null, lane: number, mark: Mark, labels: number): Hover | undefined {
  const row = frame?.querySelector(`[aria-rowindex="${lane + 1}"]`);
  if (frame === null || row === null || row === undefined) return undefined;
  const left = frame.getBoundingClientRect().left + labels;
  return {
    lane,
    mark,
    band: undefined,
    due: undefined,
    x: left + Math.max(0, mark.x) + Math.min(mark.width, 200) / 2,
    y: row.getBoundingClientRect().bottom,
  };
}
