import { graveKinds, type Mark, type MarkKind, NARROWEST } from './marks.ts';
import { type Span, type Tick, xOf } from './span.ts';

/** A time that is shown behind the runs of all lanes. */
export interface Band extends Span {
  readonly kind: 'asleep' | 'down' | 'not-loaded';
}

/** The colours of the theme in force; read from the page's style, which has them once. */
export interface Palette {
  readonly marks: Readonly<Record<MarkKind, string>>;
  readonly upcoming: string;
  readonly grid: string;
  readonly day: string;
  readonly now: string;
  readonly asleep: string;
  readonly down: string;
  readonly ring: string;
  readonly ground: string;
}

export interface Lane {
  readonly span: Span;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  readonly upcoming: readonly number[];
  readonly bands: readonly Band[];
  readonly ticks: readonly Tick[];
  readonly now: number;
  /** Shown with a ring around it. */
  readonly chosen: Mark | undefined;
}

/** Draws one lane: what was not, the clock's lines, what was, what comes, and now. */
export function drawLane(context: CanvasRenderingContext2D, lane: Lane, palette: Palette): void {
  const { span, width, height } = lane;
  context.clearRect(0, 0, width, height);
  for (const band of lane.bands) drawBand(context, band, lane, palette);
  for (const { at, isDay } of lane.ticks) {
    context.fillStyle = isDay ? palette.day : palette.grid;
    context.fillRect(Math.round(xOf(at, span, width)), 0, 1, height);
  }
  for (const due of lane.upcoming) drawUpcoming(context, xOf(due, span, width), height, palette);
  const chosen = lane.chosen;
  // What went wrong is drawn last, so that nothing covers it.
  for (const isGrave of [false, true])
    for (const mark of lane.marks)
      if (graveKinds.has(mark.kind) === isGrave) drawMark(context, mark, lane, palette);
  if (chosen !== undefined) drawRing(context, chosen, lane, palette);
  const x = Math.round(xOf(lane.now, span, width));
  if (x >= 0 && x < width) {
    context.fillStyle = palette.now;
    context.fillRect(x, 0, 1, height);
  }
}

/** Distance of the stripes in pixels; a band's stripes go on from lane to lane, since a lane's height is a multiple. */
const STRIPES = 8;

function drawBand(
  context: CanvasRenderingContext2D,
  band: Band,
  { span, width, height }: Lane,
  palette: Palette,
): void {
  const left = Math.max(0, Math.round(xOf(band.from, span, width)));
  const right = Math.min(width, Math.round(xOf(band.until, span, width)));
  if (right <= left) return;
  context.save();
  context.beginPath();
  context.rect(left, 0, Math.max(1, right - left), height);
  context.clip();
  context.fillStyle = band.kind === 'asleep' ? palette.asleep : palette.down;
  context.strokeStyle = context.fillStyle;
  context.globalAlpha = 0.5;
  if (band.kind !== 'not-loaded') context.fillRect(left, 0, right - left, height);
  if (band.kind !== 'asleep') {
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.beginPath();
    const first = Math.floor((left - height) / STRIPES) * STRIPES;
    for (let x = first; x < right; x += STRIPES) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
  }
  context.restore();
}

/** How high marks are, in pixels: the outcome is told by the shape too. */
const HEIGHT = { calm: 12, grave: 20, small: 8 } as const;

/** Where a mark is drawn: within the lane, since a mark may begin or end far outside. */
function boxOf(mark: Mark, { width, height }: Lane): { x: number; y: number; width: number; height: number } {
  const x = Math.max(-NARROWEST, mark.x);
  const end = Math.min(width + NARROWEST, mark.x + mark.width);
  const tall = graveKinds.has(mark.kind) ? HEIGHT.grave : HEIGHT.calm;
  return { x, y: (height - tall) / 2, width: Math.max(NARROWEST, end - x), height: tall };
}

function drawMark(context: CanvasRenderingContext2D, mark: Mark, lane: Lane, palette: Palette): void {
  const { x, y, width, height } = boxOf(mark, lane);
  const middle = lane.height / 2;
  const color = palette.marks[mark.kind];
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  switch (mark.kind) {
    case 'succeeded':
    case 'failed':
      // At a few pixels round corners are not seen, and there are thousands of them.
      if (width <= NARROWEST) {
        context.fillRect(x, y, width, height);
        break;
      }
      context.roundRect(x, y, width, height, 2);
      context.fill();
      break;
    case 'running':
      context.roundRect(x, y, width, height, [2, 0, 0, 2]);
      context.fill();
      // Its end is open: an arrow's head.
      context.beginPath();
      context.moveTo(x + width, y);
      context.lineTo(x + width + 5, middle);
      context.lineTo(x + width, y + height);
      context.fill();
      break;
    case 'timed-out':
      // Cut through: its end came from outside.
      context.roundRect(x, y, width, height / 2 - 1.5, 2);
      context.roundRect(x, middle + 1.5, width, height / 2 - 1.5, 2);
      context.fill();
      break;
    case 'lost':
      context.roundRect(x, y, width, 5, 2);
      context.roundRect(x, middle - 2.5, width, 5, 1);
      context.roundRect(x, y + height - 5, width, 5, 2);
      context.fill();
      break;
    case 'cancelled':
      context.roundRect(x + 0.75, y + 0.75, Math.max(2.5, width - 1.5), height - 1.5, 2);
      context.stroke();
      break;
    case 'skipped':
      diamond(context, x + NARROWEST / 2, middle, 4);
      context.lineWidth = 1.25;
      // Over a run that was still going it must be seen as well.
      context.fillStyle = palette.ground;
      context.fill();
      context.stroke();
      break;
    case 'queued':
      context.arc(x + NARROWEST / 2, middle, 4, 0, Math.PI * 2);
      context.stroke();
      break;
  }
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
}

function drawUpcoming(context: CanvasRenderingContext2D, x: number, height: number, palette: Palette): void {
  context.fillStyle = palette.upcoming;
  context.beginPath();
  context.roundRect(x, (height - HEIGHT.small) / 2, NARROWEST - 1, HEIGHT.small, 1.5);
  context.fill();
}

function drawRing(context: CanvasRenderingContext2D, mark: Mark, lane: Lane, palette: Palette): void {
  const box = boxOf(mark, lane);
  context.lineWidth = 2;
  context.strokeStyle = palette.ring;
  context.beginPath();
  context.roundRect(box.x - 3, box.y - 3, box.width + 6, box.height + 6, 4);
  context.stroke();
}
