import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
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

/**
 * The last runs side by side, oldest first: height is duration, colour and shape are the outcome. One stop for the Tab
 * key; arrows go from run to run.
 */
export function RunStrip({ runs, onOpen }: RunStripProps) {
  const list = useRef<HTMLUListElement>(null);
  const focused = useSignal<string | undefined>(undefined);
  if (runs.length === 0) return <p class="quiet">{windowStrings.jobs.noFigures}</p>;
  const known = runs.findIndex(({ id }) => id === focused.value);
  const stop = known === -1 ? runs.length - 1 : known;
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: stop - 1,
      ArrowRight: stop + 1,
      Home: 0,
      End: runs.length - 1,
    };
    const to = moves[event.key];
    const run = to === undefined ? undefined : runs[to];
    if (to === undefined || run === undefined) return;
    event.preventDefault();
    focused.value = run.id;
    list.current?.querySelectorAll('button')[to]?.focus();
  };
  const longest = Math.max(1, ...runs.map(({ durationMs }) => durationMs ?? 0));
  return (
    <ul class="run-strip" ref={list} onKeyDown={onKeyDown}>
      {runs.map((run, index) => {
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
            <button
              type="button"
              aria-label={words}
              title={words}
              tabIndex={index === stop ? 0 : -1}
              onClick={() => onOpen(run.id)}
            >
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
