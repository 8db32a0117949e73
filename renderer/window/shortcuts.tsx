import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { app } from '../state/app.ts';
import { windowStrings } from '../window-strings.ts';

const strings = windowStrings.shortcuts;

/** Whether the list of shortcuts is shown. */
export const isHelpShown = signal(false);

/** What the keyboard does. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (isHelpShown.value) dialog.current?.showModal();
  }, [isHelpShown.value]);
  if (!isHelpShown.value) return null;
  const modifier = app.value?.platform === 'darwin' ? '⌘' : 'Ctrl';
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [strings.views, [`${modifier} 1`, '…', `${modifier} 5`]],
    [strings.find, ['/', `${modifier} F`]],
    [strings.moves, ['←', '↑', '↓', '→', 'Home', 'End']],
    [strings.opens, ['Enter']],
    [strings.closes, ['Esc']],
    [strings.zoom, ['+', '−']],
    [strings.pan, ['Shift ←', 'Shift →', 'Page Up', 'Page Down']],
    [strings.now, ['0']],
    [strings.help, ['?']],
  ];
  const close = (): void => {
    isHelpShown.value = false;
  };
  return (
    <dialog class="shortcuts" ref={dialog} aria-labelledby="shortcuts-title" onClose={close}>
      <header>
        <h2 id="shortcuts-title">{strings.title}</h2>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {windowStrings.close}
        </button>
      </header>
      <dl>
        {rows.map(([what, keys]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{keys.map((key) => (key === '…' ? key : <kbd key={key}>{key}</kbd>))}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
