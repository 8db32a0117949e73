import type { Verdict } from '../health/report.ts';
import type { MarkKind } from '../timeline/marks.ts';
import { shapes } from './outcome-mark.tsx';

/** Drawn as outcomes are: a circle, a triangle and an octagon. */
const drawnAs = { ok: 'succeeded', warning: 'lost', error: 'failed' } as const satisfies Record<
  Verdict,
  MarkKind
>;

/** How well something is, as a sign; the word goes beside it. `size` is in pixels. */
export function VerdictMark({ verdict, size = 14 }: { readonly verdict: Verdict; readonly size?: number }) {
  return (
    <svg
      class={`outcome-mark is-verdict-${verdict}`}
      width={size}
      height={size}
      style={{ width: size, height: size }}
      viewBox="0 0 14 14"
      aria-hidden="true"
    >
      {shapes[drawnAs[verdict]]}
    </svg>
  );
}
