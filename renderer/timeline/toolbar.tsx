import { windowStrings } from '../strings.ts';
import { rangeOf } from './details.ts';
import { LENGTHS, type Span } from './span.ts';
import { span, step } from './timeline-span.ts';

const strings = windowStrings.timeline;

interface ToolbarProps {
  readonly seen: Span;
  readonly isLoading: boolean;
  readonly onZoom: (factor: number) => void;
  /** By a share of the span. */
  readonly onPan: (share: number) => void;
}

/** How much is shown, and of when. */
export function Toolbar({ seen, isLoading, onZoom, onPan }: ToolbarProps) {
  const lengths = [
    [LENGTHS.day, strings.day],
    [LENGTHS.week, strings.week],
  ] as const;
  return (
    <div class={`toolbar ${isLoading ? 'is-loading' : ''}`} role="toolbar" aria-label={strings.range}>
      <div class="segments" role="group" aria-label={strings.range}>
        {lengths.map(([length, name]) => (
          <button
            type="button"
            key={name}
            aria-pressed={span.value === undefined && step.value === length}
            onClick={() => {
              step.value = length;
              span.value = undefined;
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <span class="toolbar-range tabular">{rangeOf(seen.from, seen.until)}</span>
      <span class="visually-hidden" role="status">
        {isLoading ? strings.loading : ''}
      </span>
      <div class="toolbar-end">
        <IconButton label={strings.earlier} path="M7.5 2.5 4 6l3.5 3.5" onClick={() => onPan(-0.5)} />
        <button
          type="button"
          class="button"
          disabled={span.value === undefined}
          onClick={() => {
            span.value = undefined;
          }}
        >
          {strings.now}
        </button>
        <IconButton label={strings.later} path="M4.5 2.5 8 6 4.5 9.5" onClick={() => onPan(0.5)} />
        <i class="toolbar-gap" />
        <IconButton label={strings.zoomOut} path="M2 6h8" onClick={() => onZoom(2)} />
        <IconButton label={strings.zoomIn} path="M2 6h8M6 2v8" onClick={() => onZoom(0.5)} />
      </div>
    </div>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly path: string;
  readonly onClick: () => void;
}

function IconButton({ label, path, onClick }: IconButtonProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
    </button>
  );
}
