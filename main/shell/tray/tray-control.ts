import { dialog } from 'electron';
import type { Logger } from 'pino';
import type { WindowHandlers } from '../../control/window-calls.ts';
import { errorDetails, SoloistError } from '../../daemon/errors.ts';
import type { LoginItemAdapter } from '../login-item/login-item.ts';
import type { Updates } from '../updates/updates.ts';
import type { Rectangle } from '../windows/geometry.ts';
import type { Windows } from '../windows/windows.ts';
import { type MenuAction, trayMenu } from './menu.ts';
import { type Seen, trayView } from './state.ts';
import { isMenuOnlyWay, TrayIcon } from './tray.ts';

export interface TrayControlOptions {
  /** What the windows may ask: the menu asks for the same. */
  readonly handlers: WindowHandlers;
  readonly seen: () => Seen;
  readonly loginItem: LoginItemAdapter;
  readonly windows: Windows;
  readonly updates: Pick<Updates, 'ready'>;
  readonly logger: Logger;
}

/** Keeps the tray's icon, tooltip and menu as the daemon is, and does what the menu's entries say. */
export class TrayControl {
  readonly #options: TrayControlOptions;
  readonly #icon: TrayIcon;
  #tick: NodeJS.Timeout | undefined;

  constructor(options: TrayControlOptions) {
    this.#options = options;
    this.#icon = new TrayIcon({
      view: trayView(options.seen(), Date.now()),
      onClick: (icon) => options.windows.togglePopover(icon),
      onAction: (action) => void this.#act(action),
    });
    this.show();
  }

  bounds(): Rectangle | undefined {
    return this.#icon.bounds();
  }

  /** Shows how all stands now. */
  show(): void {
    const seen = this.#options.seen();
    const tray = trayView(seen, Date.now());
    this.#icon.show(tray);
    const loginItem = this.#options.loginItem.read();
    this.#icon.offer(
      trayMenu({ seen, tray, loginItem, isOnlyWay: isMenuOnlyWay, update: this.#options.updates.ready }),
    );
    this.#count(seen);
  }

  destroy(): void {
    clearTimeout(this.#tick);
    this.#icon.destroy();
  }

  /** While a stop waits, its seconds are counted down. */
  #count({ status }: Seen): void {
    clearTimeout(this.#tick);
    if (status?.daemon.state !== 'stopping' || status.daemon.waiting === null) return;
    this.#tick = setTimeout(() => this.show(), 1_000);
    this.#tick.unref();
  }

  async #act(action: MenuAction): Promise<void> {
    try {
      await this.#do(action);
    } catch (error) {
      if (!(error instanceof SoloistError))
        this.#options.logger.error({ err: error, action }, 'an action of the menu failed');
      const { message, hint } = errorDetails(error);
      void dialog.showMessageBox({
        type: 'error',
        title: 'Soloist',
        message,
        ...(hint === undefined ? {} : { detail: hint }),
      });
    } finally {
      // The desktop has toggled a checkbox by itself, whatever came of it.
      this.show();
    }
  }

  async #do(action: MenuAction): Promise<unknown> {
    const { handlers, windows } = this.#options;
    switch (action.kind) {
      case 'start':
        return handlers.start({});
      case 'stop':
        return handlers.stop({ now: false });
      case 'stop-now':
        return handlers.stop({ now: true });
      case 'restart':
        return handlers.restart({});
      case 'attach':
        return handlers.attach({});
      case 'take-over':
        return handlers.takeOver({});
      case 'pause-all':
        return handlers.pause({ job: null, by: 'the menu-bar app' });
      case 'resume-all':
        return handlers.resume({ job: null });
      case 'run':
        return handlers.run({ job: action.job, words: [] });
      case 'open':
        return handlers.open(action.place);
      case 'popover':
        return windows.showPopover(this.bounds());
      case 'edit':
        return handlers.edit({});
      case 'start-at-login':
        return handlers.startAtLogin({ enabled: action.enabled });
      case 'update':
        return handlers.installUpdate({});
      case 'quit':
        return handlers.quit({});
    }
  }
}
