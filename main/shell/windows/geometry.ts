export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Between the popover and the edge of the work area, or the tray. */
const MARGIN = 8;
/** A tray is this close to an edge of the work area, if not outside of it. */
const NEAR_EDGE = 64;
/** So much of a window must be seen for it to be found and moved. */
const LEAST_SEEN = { width: 120, height: 60 };

export interface PopoverPlace {
  readonly size: { readonly width: number; readonly height: number };
  /** Of the display that it is to be on. */
  readonly workArea: Rectangle;
  /** The tray icon, where the platform tells it. */
  readonly icon: Rectangle | undefined;
  /** The mouse, if it was clicked to open it. */
  readonly pointer: Point | undefined;
}

/** Where the popover goes: by the icon; else by the mouse, if that is where a tray may be; else top right. */
export function popoverPosition({ size, workArea, icon, pointer }: PopoverPlace): Point {
  const anchor =
    icon ?? (pointer !== undefined && isNearEdge(pointer, workArea) ? asPoint(pointer) : undefined);
  if (anchor === undefined) {
    return within({ x: workArea.x + workArea.width, y: workArea.y }, size, workArea);
  }
  const isAbove = anchor.y + anchor.height / 2 < workArea.y + workArea.height / 2;
  return within(
    {
      x: Math.round(anchor.x + anchor.width / 2 - size.width / 2),
      y: isAbove ? anchor.y + anchor.height : anchor.y - size.height - MARGIN,
    },
    size,
    workArea,
  );
}

const asPoint = ({ x, y }: Point): Rectangle => ({ x, y, width: 0, height: 0 });

function isNearEdge({ x, y }: Point, area: Rectangle): boolean {
  return (
    x < area.x + NEAR_EDGE ||
    y < area.y + NEAR_EDGE ||
    x > area.x + area.width - NEAR_EDGE ||
    y > area.y + area.height - NEAR_EDGE
  );
}

function within({ x, y }: Point, size: PopoverPlace['size'], area: Rectangle): Point {
  const clamped = (value: number, from: number, to: number): number => Math.max(from, Math.min(value, to));
  return {
    x: clamped(x, area.x + MARGIN, area.x + area.width - size.width - MARGIN),
    y: clamped(y, area.y + MARGIN, area.y + area.height - size.height - MARGIN),
  };
}

/** Where a window was, made to fit the displays (their work areas) that there are now; undefined if it would not be seen. */
export function restoredBounds(saved: Rectangle, workAreas: readonly Rectangle[]): Rectangle | undefined {
  const area = workAreas.find((area) => {
    const width = Math.min(saved.x + saved.width, area.x + area.width) - Math.max(saved.x, area.x);
    const height = Math.min(saved.y + saved.height, area.y + area.height) - Math.max(saved.y, area.y);
    // Its upper edge is what it is moved by.
    return width >= LEAST_SEEN.width && height >= LEAST_SEEN.height && saved.y >= area.y;
  });
  if (area === undefined) return undefined;
  return { ...saved, width: Math.min(saved.width, area.width), height: Math.min(saved.height, area.height) };
}
