import type { WindowOutput } from '../../main/control/window-calls.ts';

/** The last runs of a job, oldest first. */
export type Recent = WindowOutput<'recent'>['jobs'][number]['runs'];

type Outcome = Recent[number]['outcome'];

/** One run in a strip: rectangles in pixels, filled or outlined. */
export interface Bar {
  readonly id: string;
  readonly outcome: Outcome;
  readonly isOutlined: boolean;
  readonly parts: readonly Rectangle[];
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const STEP = 4;
const WIDTH = STEP - 1;
const BASE_LINE = 13;
const SHORTEST = 3;
const BELOW = 4;
export const STRIP = { width: 20 * STEP - 1, height: BASE_LINE + BELOW } as const;

/**
 * What a bar looks like without its colour. A run that went well stands on the base line; one that went wrong reaches
 * below it: failed whole, timed out with its top cut off, lost as an outline. One that a person ended is a short outline,
 * one that did not run a dash.
 */
const shapes: Readonly<Record<Outcome, 'standing' | 'deep' | 'cut' | 'deep-outline' | 'outline' | 'dash'>> = {
  succeeded: 'standing',
  failed: 'deep',
  'timed-out': 'cut',
  lost: 'deep-outline',
  cancelled: 'outline',
  skipped: 'dash',
};

/** The bars of these runs (oldest first), the newest at the right end. At most `most` of them, the newest. */
export function barsOf(runs: Recent, most: number): readonly Bar[] {
  const shown = runs.slice(-most);
  const longest = Math.max(1, ...shown.map(({ durationMs }) => durationMs ?? 0));
  const first = most - shown.length;
  return shown.map(({ id, outcome, durationMs }, index) => {
    // The root, so that one long run does not make dots of the others.
    const share = Math.sqrt((durationMs ?? 0) / longest);
    const top = BASE_LINE - Math.round(SHORTEST + share * (BASE_LINE - SHORTEST));
    return { id, outcome, ...drawing(shapes[outcome], (first + index) * STEP, top) };
  });
}

type Shape = (typeof shapes)[Outcome];

/** What is drawn for a shape whose left edge is at `x` and whose top, where it has a height of its own, is at `top`. */
function drawing(shape: Shape, x: number, top: number): Pick<Bar, 'isOutlined' | 'parts'> {
  const bar = (from: number, to: number): Rectangle => ({ x, y: from, width: WIDTH, height: to - from });
  switch (shape) {
    case 'standing':
      return { isOutlined: false, parts: [bar(top, BASE_LINE)] };
    case 'deep':
      return { isOutlined: false, parts: [bar(top, STRIP.height)] };
    case 'cut':
      return { isOutlined: false, parts: [bar(top, top + 2), bar(top + 3, STRIP.height)] };
    case 'deep-outline':
      return { isOutlined: true, parts: [inside(bar(top, STRIP.height))] };
    case 'outline':
      return { isOutlined: true, parts: [inside(bar(BASE_LINE - WIDTH - 1, BASE_LINE))] };
    case 'dash':
      return { isOutlined: false, parts: [bar(BASE_LINE - 1, BASE_LINE)] };
  }
}

/** An outline one pixel wide lies half outside of its rectangle. */
const inside = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x + 0.5,
  y: y + 0.5,
  width: width - 1,
  height: height - 1,
});
