import type { AppView } from '../../main/control/app-calls.ts';
import { call } from '../state/calls.ts';
import { updateStrings as words } from '../strings.ts';
import { attempt } from './actions.ts';

/** A new version waits to be put in place. */
export function UpdateLine({ updates }: { readonly updates: AppView['updates'] }) {
  if (updates.kind !== 'ready') return null;
  return (
    <p class="popover-update">
      <span>{words.readyShort(updates.version)}</span>
      <button type="button" class="button" onClick={() => void attempt(() => call('installUpdate'))}>
        {words.install}
      </button>
    </p>
  );
}
