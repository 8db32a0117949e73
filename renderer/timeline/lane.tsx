import { useLayoutEffect, useRef } from 'preact/hooks';
import { drawLane, type Lane, type Palette } from './draw.ts';

/** A lane's picture. What it shows is told by the row around it, for those who do not see it. */
export function LaneCanvas({ lane, palette }: { readonly lane: Lane; readonly palette: Palette }) {
  const element = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const canvas = element.current;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined) return;
    const scale = window.devicePixelRatio;
    const width = Math.round(lane.width * scale);
    const height = Math.round(lane.height * scale);
    // Setting a size clears and allocates, even the same size.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawLane(context, lane, palette);
  }, [lane, palette]);
  return (
    <canvas
      ref={element}
      class="lane-canvas"
      aria-hidden="true"
      style={{ width: `${lane.width}px`, height: `${lane.height}px` }}
    />
  );
}
