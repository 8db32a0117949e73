import { isHelpShown } from '../components/shortcuts.tsx';
import { call } from '../state/calls.ts';
import { attempt, startOrStop, startOrStopAction } from './actions.ts';
import { wanted } from './job-list.tsx';

/** Keys that do the same wherever the focus is. What a list or a field has handled does not come here. */
export function onPopoverKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]') !== null) return;
  const isTyping = event.target instanceof HTMLInputElement;
  const isCommand = event.metaKey || event.ctrlKey;
  const key = event.key.toLowerCase();
  if (isCommand && key === 'f') focusSearch();
  else if (isCommand && key === ',') void attempt(() => call('open', { view: 'settings' }));
  else if (isCommand) return;
  else if (key === 'escape') clearOrHide();
  else if (isTyping) return;
  else if (key === '/') focusSearch();
  else if (key === '?') isHelpShown.value = true;
  else if (key === 's' && startOrStopAction() !== 'stopNow') void startOrStop();
  else if (key === 'o') void attempt(() => call('open', { view: 'timeline' }));
  else if (key === 'arrowdown' || key === 'arrowup')
    document.querySelector<HTMLElement>('.job-rows')?.focus();
  else return;
  event.preventDefault();
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('[data-find]')?.focus();
}

/** A search is given up first; without one the popover goes. */
function clearOrHide(): void {
  if (wanted.value === '') void attempt(() => call('hide'));
  else wanted.value = '';
}
