import type { ComponentChildren } from 'preact';
import type { MarkKind } from '../timeline/marks.ts';

/** A sign of its own for each outcome, so that colour is never all that tells them apart. */
export const shapes: Readonly<Record<MarkKind, ComponentChildren>> = {
  succeeded: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="m4.4 7.2 1.8 1.8 3.4-3.8" class="sign" />
    </>
  ),
  failed: (
    <>
      <path d="M4.5 1h5L13 4.5v5L9.5 13h-5L1 9.5v-5z" fill="currentColor" />
      <path d="m5 5 4 4m0-4-4 4" class="sign" />
    </>
  ),
  'timed-out': (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M7 4v3.2l2 1.4" class="sign" />
    </>
  ),
  lost: (
    <>
      <path d="M7 .8 13.2 12.6H.8z" fill="currentColor" />
      <path d="M7 5v3.4m0 1.8v.1" class="sign" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="7" cy="7" r="5.25" class="line" />
      <path d="m3.4 3.4 7.2 7.2" class="line" />
    </>
  ),
  skipped: (
    <>
      <path d="M7 1.2 12.8 7 7 12.8 1.2 7z" class="line" />
      <path d="M4.8 7h4.4" class="line" />
    </>
  ),
  running: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M5.6 4.4v5.2L10 7z" class="sign is-filled" />
    </>
  ),
  queued: <circle cx="7" cy="7" r="5.25" class="line" stroke-dasharray="2.2 2" />,
};

/** How a run stands, as a sign; the word goes beside it. */
export function OutcomeMark({ kind }: { readonly kind: MarkKind }) {
  return (
    <svg class={`outcome-mark is-${kind}`} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {shapes[kind]}
    </svg>
  );
}
