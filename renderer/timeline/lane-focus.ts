import type { Mark } from './marks.ts';

/** What is chosen in the lanes: a lane, and a mark in it. */
export interface Chosen {
  readonly lane: number;
  readonly mark: number;
}

interface LaneView {
  readonly lanes: number;
  readonly marksOf: (lane: number) => readonly Mark[];
}

/** The chosen mark, kept within what there is. */
export function bounded({ lane, mark }: Chosen, { lanes, marksOf }: LaneView): Chosen {
  const within = Math.min(Math.max(0, lane), Math.max(0, lanes - 1));
  return { lane: within, mark: Math.min(Math.max(0, mark), Math.max(0, marksOf(within).length - 1)) };
}

/** Where a key moves to; undefined if it is no key for moving. Up and down go to the mark next in time. */
export function movedBy(key: string, chosen: Chosen, view: LaneView): Chosen | undefined {
  const { lane, mark } = chosen;
  const current = view.marksOf(lane)[mark];
  const inLane = (other: number): Chosen => {
    const { lane: to } = bounded({ lane: other, mark: 0 }, view);
    const marks = view.marksOf(to);
    const next = current === undefined ? -1 : marks.findIndex(({ x }) => x >= current.x);
    return { lane: to, mark: next === -1 ? Math.max(0, marks.length - 1) : next };
  };
  switch (key) {
    case 'ArrowRight':
      return bounded({ lane, mark: mark + 1 }, view);
    case 'ArrowLeft':
      return bounded({ lane, mark: mark - 1 }, view);
    case 'ArrowDown':
      return inLane(lane + 1);
    case 'ArrowUp':
      return inLane(lane - 1);
    case 'Home':
      return { lane, mark: 0 };
    case 'End':
      return bounded({ lane, mark: Number.MAX_SAFE_INTEGER }, view);
    default:
      return undefined;
  }
}
