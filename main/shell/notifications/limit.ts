import type { Notice } from './notices.ts';

/** So many in so long, each on its own; what comes beyond that waits and becomes one. */
const MOST = 3;
const SPAN_MS = 60_000;
/** So many names say enough. */
const MOST_NAMES = 4;

export interface LimitState {
  /** When the last ones were shown, epoch milliseconds. */
  readonly shown: readonly number[];
  readonly held: readonly Notice[];
}

export interface Limited {
  readonly state: LimitState;
  readonly show: readonly Notice[];
  /** When to ask again (`limited` without a new notice), epoch milliseconds; undefined if nothing waits. */
  readonly wakeAt: number | undefined;
}

export const unlimited: LimitState = { shown: [], held: [] };

/** What to show at this time (epoch milliseconds), given the notice that has come, if one has. */
export function limited(state: LimitState, now: number, notice?: Notice): Limited {
  const shown = state.shown.filter((time) => time > now - SPAN_MS);
  const held = notice === undefined ? state.held : [...state.held, notice];
  if (held.length === 0) return { state: { shown, held }, show: [], wakeAt: undefined };
  const [oldest] = shown;
  if (oldest !== undefined && shown.length >= MOST)
    return { state: { shown, held }, show: [], wakeAt: oldest + SPAN_MS };
  return {
    state: { shown: [...shown, now], held: [] },
    show: [summary(held)],
    wakeAt: undefined,
  };
}

function summary(notices: readonly Notice[]): Notice {
  const [only] = notices;
  if (only !== undefined && notices.length === 1) return only;
  const titles = [...new Set(notices.map(({ title }) => title))];
  const more = titles.length - MOST_NAMES;
  const body = `${titles.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
  return { title: `${notices.length} more notices`, body, job: null, run: null };
}
