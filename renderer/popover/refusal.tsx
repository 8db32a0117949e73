import { Icon } from '../components/icon.tsx';
import { popoverStrings as words } from '../strings.ts';
import { refusal } from './actions.ts';

/** Why what the person wanted last was refused. */
export function Refusal() {
  const error = refusal.value;
  if (error === undefined) return null;
  return (
    <div class="popover-alert is-refusal" role="alert">
      <Icon name="alert" />
      <div>
        <p>{error.message}</p>
        {error.hint === undefined ? null : <p class="quiet">{error.hint}</p>}
      </div>
      <button
        type="button"
        class="icon-button is-plain"
        aria-label={words.dismiss}
        title={words.dismiss}
        onClick={() => {
          refusal.value = undefined;
        }}
      >
        <Icon name="dismiss" />
      </button>
    </div>
  );
}
