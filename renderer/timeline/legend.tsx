import { windowStrings } from '../strings.ts';
import type { Band } from './draw.ts';
import type { MarkKind } from './marks.ts';

const kinds: readonly MarkKind[] = [
  'succeeded',
  'failed',
  'timed-out',
  'lost',
  'cancelled',
  'skipped',
  'running',
];

/** What the shapes and colours of the lanes mean. */
export function Legend({ bands }: { readonly bands: readonly Band[] }) {
  const strings = windowStrings.timeline;
  return (
    <ul class="legend" aria-label={strings.legend}>
      {kinds.map((kind) => (
        <li key={kind}>
          <i class={`legend-mark is-${kind}`} aria-hidden="true" />
          {windowStrings.outcomes[kind]}
        </li>
      ))}
      <li>
        <i class="legend-mark is-upcoming" aria-hidden="true" />
        {strings.upcoming}
      </li>
      <li>
        <i class="legend-mark is-asleep" aria-hidden="true" />
        {strings.asleep}
      </li>
      <li>
        <i class="legend-mark is-down" aria-hidden="true" />
        {strings.down}
      </li>
      {bands.some(({ kind }) => kind === 'not-loaded') ? (
        <li>
          <i class="legend-mark is-not-loaded" aria-hidden="true" />
          {strings.notLoaded}
        </li>
      ) : null}
    </ul>
  );
}
