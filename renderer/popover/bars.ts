import type { Recent } from './recent.ts';

type Outcome = Recent[number]['outcome'];

/** One run in a strip, in pixels. */
export interface Bar {
  readonly id: string;
  readonly outcome: Outcome;
  /** A run that went well stands on the base line, one that went wrong reaches below it, one that did not run is hollow. */
  readonly shape: 'standing' | 'deep' | 'hollow';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const STEP = 4;
const BASE_LINE = 13;
const SHORTEST = 3;
const BELOW = 4;
export const STRIP = { width: 20 * STEP - 1, height: BASE_LINE + BELOW } as const;

const shapes: Readonly<Record<Outcome, Bar['shape']>> = {
  succeeded: 'standing',
  failed: 'deep',
  'timed-out': 'deep',
  lost: 'deep',
  cancelled: 'hollow',
  skipped: 'hollow',
};

/** The bars of these runs (oldest first), the newest at the right end. At most `most` of them, the newest. */
export function barsOf(runs: Recent, most: number): readonly Bar[] {
  const shown = runs.slice(-most);
  const longest = Math.max(1, ...shown.map(({ durationMs }) => durationMs ?? 0));
  const first = most - shown.length;
  return shown.map(({ id, outcome, durationMs }, index) => {
    const shape = shapes[outcome];
    // The root, so that one long run does not make dots of the others.
    const share = Math.sqrt((durationMs ?? 0) / longest);
    const above = shape === 'hollow' ? SHORTEST : Math.round(SHORTEST + share * (BASE_LINE - SHORTEST));
    const place = { x: (first + index) * STEP, y: BASE_LINE - above };
    const height = above + (shape === 'deep' ? BELOW : 0);
    if (shape !== 'hollow') return { id, outcome, shape, ...place, width: STEP - 1, height };
    // Its outline lies half outside.
    return { id, outcome, shape, x: place.x + 0.5, y: place.y + 0.5, width: STEP - 2, height: height - 1 };
  });
}
