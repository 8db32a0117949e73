import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, Tray } from 'electron';
import type { TrayState } from '../../control/app-calls.ts';
import { built } from '../built.ts';
import type { Rectangle } from '../windows/geometry.ts';
import type { MenuAction, MenuEntry, trayMenu } from './menu.ts';
import type { TrayView } from './state.ts';

type Rows = ReturnType<typeof trayMenu>;

/**
 * macOS colours template images itself; Windows takes the file of the screen's density; Linux desktops scale what they
 * get, so that they get the largest.
 */
const suffixes: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Template', linux: '-large' };

const icons = new Map<TrayState, NativeImage>();
function iconOf(state: TrayState): NativeImage {
  const known = icons.get(state);
  if (known !== undefined) return known;
  const suffix = suffixes[process.platform] ?? '';
  const icon = nativeImage.createFromPath(built('icons', 'tray', `${state}${suffix}.png`));
  icons.set(state, icon);
  return icon;
}

/** Where a click on the icon reaches the app at its own pleasure, the menu has to offer what the click would do. */
export const isMenuOnlyWay = process.platform === 'linux';

export interface TrayIconOptions {
  readonly view: TrayView;
  /** The icon was clicked; where it is, if the platform tells it. */
  readonly onClick: (icon: Rectangle | undefined) => void;
  readonly onAction: (action: MenuAction) => void;
}

/** The icon in the menu bar or the system tray. */
export class TrayIcon {
  readonly #options: TrayIconOptions;
  readonly #tray: Tray;
  #view: TrayView;
  #menu = '';
  #rows: Rows = [];

  constructor(options: TrayIconOptions) {
    this.#options = options;
    this.#view = options.view;
    this.#tray = new Tray(iconOf(options.view.state));
    this.#tray.setToolTip(tooltip(options.view));
    // Two quick clicks are two clicks: without waiting for a second one the first is quicker.
    this.#tray.setIgnoreDoubleClickEvents(true);
    this.#tray.on('click', () => options.onClick(this.bounds()));
    if (!isMenuOnlyWay)
      this.#tray.on('right-click', () => this.#tray.popUpContextMenu(this.#build(this.#rows)));
  }

  /** Where the icon is; undefined where the platform does not tell. */
  bounds(): Rectangle | undefined {
    const bounds = this.#tray.getBounds();
    return bounds.width > 0 && bounds.height > 0 ? bounds : undefined;
  }

  /** Shows a state. */
  show(view: TrayView): void {
    if (view.state !== this.#view.state) this.#tray.setImage(iconOf(view.state));
    if (view.line !== this.#view.line) this.#tray.setToolTip(tooltip(view));
    this.#view = view;
  }

  /** Takes the rows of the menu. */
  offer(rows: Rows): void {
    const menu = JSON.stringify(rows);
    if (menu === this.#menu) return;
    this.#menu = menu;
    this.#rows = rows;
    // A StatusNotifier item shows the menu that it was given last; a change of that one it would not see.
    if (isMenuOnlyWay) this.#tray.setContextMenu(this.#build(rows));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #build(rows: Rows): Menu {
    return Menu.buildFromTemplate(
      rows.map((row) => (row === 'line' ? { type: 'separator' } : this.#item(row))),
    );
  }

  #item({ label, action, checked, entries }: MenuEntry): MenuItemConstructorOptions {
    return {
      // A name's & is no mark of a key.
      label: label.replaceAll('&', '&&'),
      ...(entries === undefined
        ? { enabled: action !== undefined }
        : { submenu: entries.map((entry) => this.#item(entry)) }),
      ...(checked === undefined ? {} : { type: 'checkbox', checked }),
      ...(action === undefined ? {} : { click: () => this.#options.onAction(action) }),
    };
  }
}

const tooltip = ({ line }: TrayView): string => `Soloist: ${line}`;
