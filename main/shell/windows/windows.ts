import type { Logger } from 'pino';
import type { Place } from '../../control/app-calls.ts';
import type { WindowEvents } from '../../control/window-calls.ts';
import type { Rectangle } from './geometry.ts';
import { MainWindow } from './main-window.ts';
import { send } from './page-window.ts';
import { Popover } from './popover.ts';

export interface WindowsOptions {
  readonly home: string;
  readonly logger: Logger;
  /** A window is seen again: it is to be told how all stands. */
  readonly onShown: () => void;
}

/** The windows there are: each is made when it is first wanted. */
export class Windows {
  readonly #popover: Popover;
  readonly #main: MainWindow;

  constructor(options: WindowsOptions) {
    this.#popover = new Popover(options);
    this.#main = new MainWindow(options);
  }

  togglePopover(icon?: Rectangle): void {
    this.#popover.toggle(icon);
  }

  /** Shows the popover, whether or not it is seen. */
  showPopover(icon?: Rectangle): void {
    this.#popover.show(icon);
  }

  hidePopover(): void {
    this.#popover.hide();
  }

  showMain(place: Place): void {
    this.#popover.hide();
    this.#main.show(place);
  }

  /** Whether anybody would see an event. */
  get isAnySeen(): boolean {
    return this.#popover.seen !== undefined || this.#main.seen !== undefined;
  }

  /** Tells an event to every window that is seen; a hidden one is told how all stands when it is seen again. */
  tell<Name extends keyof WindowEvents>(event: Name, data: WindowEvents[Name]): void {
    for (const window of [this.#popover.seen, this.#main.seen])
      if (window !== undefined) send(window, event, data);
  }

  destroy(): void {
    this.#popover.destroy();
    this.#main.destroy();
  }
}
