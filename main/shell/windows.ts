import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import type { Place } from '../control/app-calls.ts';
import { EVENT_CHANNEL } from '../control/channels.ts';
import type { WindowEvents } from '../control/window-calls.ts';
import { ORIGIN } from './page.ts';
import { webPreferences } from './security.ts';

const preload = join(import.meta.dirname, 'preload.cjs');

/** The windows there are: each is made when it is first wanted. */
export class Windows {
  #popover: BrowserWindow | undefined;
  #main: BrowserWindow | undefined;

  showPopover(): void {
    this.#popover ??= this.#make('popover', {
      width: 360,
      height: 520,
      frame: false,
      resizable: false,
      skipTaskbar: true,
    });
    this.#popover.once('closed', () => {
      this.#popover = undefined;
    });
    this.#popover.show();
  }

  hidePopover(): void {
    this.#popover?.hide();
  }

  showMain(place: Place): void {
    if (this.#main === undefined) {
      this.#main = this.#make('main', { width: 1040, height: 720, minWidth: 640, minHeight: 420 });
      this.#main.once('closed', () => {
        this.#main = undefined;
      });
      const query = new URLSearchParams(place as Record<string, string>);
      void this.#main.loadURL(`${ORIGIN}/main.html?${query}`);
    } else this.#send(this.#main, 'place', place);
    this.#main.show();
    this.#main.focus();
  }

  /** Tells an event to every window that is seen. */
  tell<Name extends keyof WindowEvents>(event: Name, data: WindowEvents[Name]): void {
    for (const window of [this.#popover, this.#main])
      if (window?.isVisible() === true) this.#send(window, event, data);
  }

  #send(window: BrowserWindow, event: string, data: unknown): void {
    window.webContents.send(EVENT_CHANNEL, event, data);
  }

  #make(page: 'popover' | 'main', options: Electron.BrowserWindowConstructorOptions): BrowserWindow {
    const window = new BrowserWindow({
      show: false,
      title: app.getName(),
      ...options,
      webPreferences: { ...webPreferences, preload },
    });
    if (page === 'popover') void window.loadURL(`${ORIGIN}/popover.html`);
    return window;
  }
}
