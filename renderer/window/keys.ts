import { isHelpShown } from '../components/shortcuts.tsx';
import { closeRun, openRun, showView, viewOrder } from './place.ts';

/** Keys that do the same in every view. What a view or a field has handled does not come here. */
export function onWindowKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]') !== null) return;
  const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea');
  const isCommand = event.metaKey || event.ctrlKey;
  const wanted = isCommand ? viewOrder[Number(event.key) - 1] : undefined;
  if (wanted !== undefined) showView(wanted);
  else if (isCommand && event.key.toLowerCase() === 'f') focusFind();
  else if (isCommand) return;
  else if (event.key === '/' && !isTyping) focusFind();
  else if (event.key === '?' && !isTyping) isHelpShown.value = true;
  else if (event.key === 'Escape' && isTyping) (event.target as HTMLElement).blur();
  else if (event.key === 'Escape' && openRun.value !== undefined) closeRun();
  else return;
  event.preventDefault();
}

/** The field to find with: of the view, or of the output beside it where the view has none. */
function focusFind(): void {
  const field = document.querySelector<HTMLInputElement>('main [data-find], [data-find]');
  field?.focus();
  field?.select();
}
