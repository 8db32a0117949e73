import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly class: string;
  /** The id of its title. */
  readonly labelledBy: string;
  /** The person wants it away: whoever shows it is not to render it any more. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** In front of all else as long as it is rendered; then the focus is where it was before. */
export function Dialog({ class: name, labelledBy, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // A dialog that is only taken out of the page gives the focus to nobody.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      class={name}
      ref={dialog}
      aria-labelledby={labelledBy}
      // Escape is answered at once: the system's own 'close' comes some milliseconds after the dialog has gone, in which the
      // person may have opened another one.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={({ currentTarget }) => {
        if (currentTarget.isConnected) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
