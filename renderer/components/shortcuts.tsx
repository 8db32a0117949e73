import { signal } from '@preact/signals';
import { app } from '../state/app.ts';
import { windowStrings } from '../strings.ts';
import { Dialog } from './dialog.tsx';

const strings = windowStrings.shortcuts;

/** Whether the list of shortcuts is shown. */
export const isHelpShown = signal(false);

/** What is done, and the keys that do it. */
export type ShortcutRows = readonly (readonly [what: string, keys: readonly string[]])[];

/** The key that goes with a letter for a command, as it is called on this computer. */
export const modifierKey = (): string => (app.value?.platform === 'darwin' ? '⌘' : 'Ctrl');

/** What the keyboard does in the main window. */
export function windowShortcuts(): ShortcutRows {
  const modifier = modifierKey();
  return [
    [strings.views, [`${modifier} 1`, '…', `${modifier} 7`]],
    [strings.find, ['/', `${modifier} F`]],
    [strings.moves, ['←', '↑', '↓', '→', 'Home', 'End']],
    [strings.opens, ['Enter']],
    [strings.closes, ['Esc']],
    [strings.zoom, ['+', '−']],
    [strings.pan, ['Shift ←', 'Shift →', 'Page Up', 'Page Down']],
    [strings.now, ['0']],
    [strings.links, ['A', 'D', 'S', 'U']],
    [strings.help, ['?']],
  ];
}

/** The list of shortcuts. */
export function Shortcuts({ rows }: { readonly rows: ShortcutRows }) {
  if (!isHelpShown.value) return null;
  const close = (): void => {
    isHelpShown.value = false;
  };
  return (
    <Dialog class="shortcuts" labelledBy="shortcuts-title" onClose={close}>
      <header>
        <h2 id="shortcuts-title">{strings.title}</h2>
        <button type="button" class="button" onClick={close}>
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
    </Dialog>
  );
}
