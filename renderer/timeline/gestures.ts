import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** A press that moved further is a drag, not a click; in pixels. */
const CLICK_PIXELS = 4;
/** How much a wheel's pixel zooms. */
const WHEEL_ZOOM = 0.004;

interface WheelActions {
  /** About a place in the lanes, in pixels from their left. */
  readonly onZoom: (factor: number, x: number) => void;
  /** By pixels. */
  readonly onPan: (by: number) => void;
}

/**
 * Wheels over the lanes: with Ctrl or Command, and a pinch, they zoom; sideways, or with Shift, they move in time; else
 * the lanes scroll.
 */
export function useWheel(
  frame: RefObject<HTMLElement | null>,
  labels: Signal<number>,
  { onZoom, onPan }: WheelActions,
): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || event.metaKey) {
        const x = event.clientX - element.getBoundingClientRect().left - labels.value;
        onZoom(Math.exp(event.deltaY * WHEEL_ZOOM), Math.max(0, x));
      } else if (isSideways) onPan(sideways);
      else return;
      event.preventDefault();
    };
    // A listener in the page's markup would be passive, and could not keep the page from zooming.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });
}

interface DragActions {
  /** By how many pixels from where it began. */
  readonly onDrag: (by: number) => void;
  /** A press without a drag; in pixels from the track's left. */
  readonly onClick: (x: number) => void;
}

/** Follows a press on a lane until it ends. */
export function followPress(event: PointerEvent, { onDrag, onClick }: DragActions): void {
  if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
  const track = event.currentTarget;
  const begun = event.clientX;
  let isDrag = false;
  track.setPointerCapture(event.pointerId);
  const onMove = (moved: PointerEvent): void => {
    const by = moved.clientX - begun;
    isDrag ||= Math.abs(by) > CLICK_PIXELS;
    if (isDrag) onDrag(by);
  };
  const onEnd = (end: PointerEvent): void => {
    track.removeEventListener('pointermove', onMove);
    track.removeEventListener('pointerup', onEnd);
    track.removeEventListener('pointercancel', onEnd);
    if (!isDrag && end.type === 'pointerup') onClick(end.clientX - track.getBoundingClientRect().left);
  };
  track.addEventListener('pointermove', onMove);
  track.addEventListener('pointerup', onEnd);
  track.addEventListener('pointercancel', onEnd);
}
