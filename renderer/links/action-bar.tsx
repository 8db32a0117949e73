import { linkStrings as strings } from '../strings/links.ts';
import type { LinkAction } from './choice.ts';
import { act, can, refusal, said } from './review.ts';

const buttons: readonly (readonly [action: LinkAction, key: string])[] = [
  ['accept', 'A'],
  ['dismiss', 'D'],
  ['skip', 'S'],
  ['undo', 'U'],
];

/** The four things to do, each with its key, and what became of the last. */
export function ActionBar() {
  const error = refusal.value;
  const { text, times } = said.value;
  return (
    <footer class="link-bar">
      <div class="button-row" role="group" aria-label={strings.actions}>
        {buttons.map(([action, key]) => (
          <button
            key={action}
            type="button"
            class={`button ${action === 'accept' ? 'is-primary' : ''}`}
            data-action={action}
            aria-keyshortcuts={key}
            aria-disabled={!can(action)}
            onClick={() => void act(action)}
          >
            {strings[action]} <kbd aria-hidden="true">{key}</kbd>
          </button>
        ))}
      </div>
      <p class="link-said" role="status">
        <span key={times}>{text}</span>
      </p>
      {error === undefined ? null : (
        <p class="link-said is-error" role="alert">
          {error.message} {'hint' in error && typeof error.hint === 'string' ? error.hint : ''}
        </p>
      )}
    </footer>
  );
}
