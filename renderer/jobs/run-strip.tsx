import type { WindowOutput } from '../../main/control/window-calls.ts';
import { durationInWords, momentOf } from '../format.ts';
import { windowStrings } from '../strings.ts';

type Recent = WindowOutput<'recent'>['jobs'][number]['runs'];

const TALLEST = 32;
const SHORTEST = 6;

interface RunStripProps {
  readonly runs: Recent;
  readonly onOpen: (run: string) => void;
}

/** The last runs side by side, oldest first: height is duration, colour and shape are the outcome. */
export function RunStrip({ runs, onOpen }: RunStripProps) {
  const longest = Math.max(1, ...runs.map(({ durationMs }) => durationMs ?? 0));
  if (runs.length === 0) return <p class="quiet">{windowStrings.jobs.noFigures}</p>;
  return (
    <ul class="run-strip">
      {runs.map((run) => {
        // The square root, so that one long run does not make the others dots.
        const share = Math.sqrt((run.durationMs ?? 0) / longest);
        const height = Math.round(SHORTEST + share * (TALLEST - SHORTEST));
        const words = [
          windowStrings.outcomes[run.outcome],
          momentOf(run.endedAt),
          run.durationMs === null ? undefined : durationInWords(run.durationMs),
        ]
          .filter(Boolean)
          .join(', ');
        return (
          <li key={run.id}>
            <button type="button" aria-label={words} title={words} onClick={() => onOpen(run.id)}>
              <i
                class={`strip-mark is-${run.outcome}`}
                style={{ height: `${height}px` }}
                aria-hidden="true"
              />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
