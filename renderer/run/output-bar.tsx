import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { bytesInWords } from '../format.ts';
import { windowStrings } from '../strings.ts';
import { MOST_FOUND } from './find.ts';
import type { Find } from './use-find.ts';

const strings = windowStrings.output;

interface OutputBarProps {
  /** In bytes; undefined if there is nothing yet. */
  readonly size: number | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly find: Find;
  readonly onStep: (by: number) => void;
  /** The search was given up. */
  readonly onLeave: () => void;
  readonly showsTimes: Signal<boolean>;
  readonly follows: Signal<boolean>;
}

/** What can be done with an output: find in it, follow it, see when it was written. */
export function OutputBar({ size, field, find, onStep, onLeave, showsTimes, follows }: OutputBarProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    if (event.key !== 'Escape' || find.wanted.value === '') return;
    event.preventDefault();
    find.wanted.value = '';
    onLeave();
  };
  const isMore = find.count === MOST_FOUND;
  const isNone = find.count === 0;
  return (
    <div class="output-bar">
      <h3>{strings.title}</h3>
      <span class="output-size quiet">{size === undefined ? '' : bytesInWords(size)}</span>
      <div class="find" role="search">
        <input
          ref={field}
          type="search"
          data-find
          placeholder={strings.find}
          aria-label={strings.find}
          value={find.wanted.value}
          onInput={(event) => {
            find.wanted.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
        <span class="find-count quiet" role="status">
          {find.wanted.value === '' ? '' : strings.found(isNone ? 0 : find.at + 1, find.count, isMore)}
        </span>
        <StepButton name={strings.previous} direction="up" isDisabled={isNone} onClick={() => onStep(-1)} />
        <StepButton name={strings.next} direction="down" isDisabled={isNone} onClick={() => onStep(1)} />
      </div>
      <Check name={strings.times} isOn={showsTimes} />
      <Check name={strings.follow} isOn={follows} />
    </div>
  );
}

function Check({ name, isOn }: { readonly name: string; readonly isOn: Signal<boolean> }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn.value}
        onChange={(event) => {
          isOn.value = event.currentTarget.checked;
        }}
      />
      {name}
    </label>
  );
}

interface StepButtonProps {
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function StepButton({ name, direction, isDisabled, onClick }: StepButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={name}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Chevron direction={direction} />
    </button>
  );
}

function Chevron({ direction }: { readonly direction: 'up' | 'down' }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path
        d={direction === 'up' ? 'M2.5 7.5 6 4l3.5 3.5' : 'M2.5 4.5 6 8l3.5-3.5'}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
