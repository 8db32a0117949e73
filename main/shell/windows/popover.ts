import { type BrowserWindow, screen } from 'electron';
import type { Logger } from 'pino';
import { type Point, popoverPosition, type Rectangle } from './geometry.ts';
import { makePageWindow } from './page-window.ts';

const SIZE = { width: 360, height: 520 };
/**
 * On macOS a panel takes the keyboard without bringing the app to the front. On Linux Electron does
 * not heed `skipTaskbar`; most window managers leave a toolbar out of the task bar. Windows has no types.
 */
const windowTypes: Partial<Record<NodeJS.Platform, string>> = { darwin: 'panel', linux: 'toolbar' };
const type = windowTypes[process.platform];
const windowType = type === undefined ? {} : { type };

/** A hidden popover costs memory; after this time it is made anew when it is wanted. */
const KEPT_HIDDEN_MS = 60_000;
/** A click on the icon takes the focus first: a popover that was hidden just now was hidden by it. */
const SAME_CLICK_MS = 250;

export interface PopoverOptions {
  readonly logger: Logger;
  /** It is seen: its page may have missed events. */
  readonly onShown: () => void;
}

/** The window by the tray icon. */
export class Popover {
  readonly #options: PopoverOptions;
  #window: BrowserWindow | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #hiddenAt = Number.NEGATIVE_INFINITY;

  constructor(options: PopoverOptions) {
    this.#options = options;
  }

  /** Its window if it is seen. */
  get seen(): BrowserWindow | undefined {
    return this.#window?.isVisible() ? this.#window : undefined;
  }

  /** Shows it, or hides it if it is seen; `icon` is the tray icon where the platform tells it. */
  toggle(icon: Rectangle | undefined): void {
    if (this.seen !== undefined) this.hide();
    else if (performance.now() - this.#hiddenAt > SAME_CLICK_MS)
      this.show(icon, screen.getCursorScreenPoint());
  }

  show(icon?: Rectangle, pointer?: Point): void {
    clearTimeout(this.#expiry);
    const existing = this.#window;
    if (existing !== undefined) {
      this.#place(existing, icon, pointer);
      this.#reveal(existing);
      return;
    }
    const window = this.#make();
    this.#window = window;
    this.#place(window, icon, pointer);
    window.once('ready-to-show', () => this.#reveal(window));
  }

  hide(): void {
    if (this.seen === undefined) return;
    this.#window?.hide();
  }

  destroy(): void {
    clearTimeout(this.#expiry);
    this.#window?.destroy();
  }

  #make(): BrowserWindow {
    const isMac = process.platform === 'darwin';
    const window = makePageWindow({
      page: 'popover',
      logger: this.#options.logger,
      window: {
        ...SIZE,
        frame: false,
        resizable: false,
        minimizable: false,
        maximizable: false,
        fullscreenable: false,
        skipTaskbar: true,
        alwaysOnTop: true,
        ...windowType,
      },
    });
    if (isMac)
      window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
    window.on('blur', () => {
      if (!window.webContents.isDevToolsFocused()) this.hide();
    });
    window.on('hide', () => {
      this.#hiddenAt = performance.now();
      clearTimeout(this.#expiry);
      this.#expiry = setTimeout(() => window.destroy(), KEPT_HIDDEN_MS);
      this.#expiry.unref();
    });
    window.once('closed', () => {
      clearTimeout(this.#expiry);
      if (this.#window === window) this.#window = undefined;
    });
    return window;
  }

  #reveal(window: BrowserWindow): void {
    if (window.isDestroyed()) return;
    window.show();
    window.focus();
    this.#options.onShown();
  }

  #place(window: BrowserWindow, icon: Rectangle | undefined, pointer: Point | undefined): void {
    const display =
      icon === undefined
        ? screen.getDisplayNearestPoint(pointer ?? screen.getCursorScreenPoint())
        : screen.getDisplayMatching(icon);
    const { x, y } = popoverPosition({ size: SIZE, workArea: display.workArea, icon, pointer });
    window.setPosition(x, y, false);
  }
}
