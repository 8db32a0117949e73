import { call } from '../state/calls.ts';
import { helpStrings as strings } from '../strings.ts';
import { Icon } from './icon.tsx';

/** Opens the topic of the help that tells about what is beside it. */
export function HelpLink({ topic, about }: { readonly topic: string; readonly about: string }) {
  const name = strings.of(about);
  return (
    <button
      type="button"
      class="icon-button is-plain"
      aria-label={name}
      title={name}
      onClick={() => {
        // Without an app there is no help, and no page either.
        call('open', { view: 'help', topic }).catch(() => {});
      }}
    >
      <Icon name="help" />
    </button>
  );
}
