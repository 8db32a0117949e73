import { popoverStrings, windowStrings } from '../strings.ts';
import { type Bar, barsOf, type Recent, STRIP } from './bars.ts';
import { STRIP_RUNS } from './recent.ts';

/** The last runs of a job, oldest first: height is duration, colour and shape are the outcome. */
export function Strip({ runs }: { readonly runs: Recent }) {
  const { width, height } = STRIP;
  return (
    <svg class="strip" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img">
      <title>{popoverStrings.strip(countsOf(runs))}</title>
      {barsOf(runs, STRIP_RUNS).map((bar) => (
        <BarShape key={bar.id} bar={bar} />
      ))}
    </svg>
  );
}

function BarShape({ bar: { id, outcome, isOutlined, parts } }: { readonly bar: Bar }) {
  return (
    <g class={`bar is-${outcome} ${isOutlined ? 'is-outlined' : ''}`}>
      {parts.map((part) => (
        <rect key={`${id} ${part.y}`} {...part} rx={part.height > 2 && !isOutlined ? 1 : 0} />
      ))}
    </g>
  );
}

/** `18 succeeded, 2 failed` */
function countsOf(runs: Recent): string {
  const counts = new Map<Recent[number]['outcome'], number>();
  for (const { outcome } of runs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts]
    .map(([outcome, count]) => `${count} ${windowStrings.outcomes[outcome].toLowerCase()}`)
    .join(', ');
}
