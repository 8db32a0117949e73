import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { HelpLink } from './help-link.tsx';

/** Whether something that was chosen here goes on: to stop another daemon takes seconds. */
export const isBusy = signal(false);

interface BannerProps {
  readonly kind: 'error' | 'warning' | 'info';
  /** Whether it changes each second: a screen reader would say it each second. */
  readonly isTicking?: boolean;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** The topic of the help that tells more, and what it is about. */
  readonly help?: { readonly topic: string; readonly about: string };
}

/** What is not as it should be, in a strip over what it concerns. */
export function Banner({ kind, isTicking = false, children, actions, help }: BannerProps) {
  const role = isTicking ? undefined : kind === 'info' ? 'status' : 'alert';
  return (
    <section class={`banner is-${kind}`} role={role}>
      <div class="banner-line">
        <div class="banner-text">{children}</div>
        {help === undefined ? null : <HelpLink {...help} />}
      </div>
      {actions === undefined ? null : <span class="button-row">{actions}</span>}
    </section>
  );
}

interface ActionProps {
  readonly name: string;
  readonly isPrimary?: boolean;
  readonly onClick: () => void;
}

/** What can be done about it. */
export function Action({ name, isPrimary = false, onClick }: ActionProps) {
  return (
    <button
      type="button"
      class={`button ${isPrimary ? 'is-primary' : ''}`}
      aria-disabled={isBusy.value}
      onClick={onClick}
    >
      {name}
    </button>
  );
}
