import { join } from 'node:path';
import { type BrowserWindow, screen } from 'electron';
import type { Logger } from 'pino';
import * as z from 'zod/mini';
import type { Place } from '../../control/app-calls.ts';
import { JsonFile } from '../json-file.ts';
import { restoredBounds } from './geometry.ts';
import { makePageWindow, send } from './page-window.ts';

/** A window that is being moved is written down once it has come to rest. */
const SETTLE_MS = 500;

const state = z.object({
  bounds: z.nullable(z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })),
  isMaximized: z.boolean(),
});

export interface MainWindowOptions {
  readonly home: string;
  readonly logger: Logger;
  /** It is seen: its page may have missed events. */
  readonly onShown: () => void;
}

/** The large window. It remembers its size and place in `app.window.json` of the home. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  readonly #memory: JsonFile<typeof state>;
  #window: BrowserWindow | undefined;

  constructor(options: MainWindowOptions) {
    this.#options = options;
    this.#memory = new JsonFile({
      path: join(options.home, 'app.window.json'),
      schema: state,
      defaults: { bounds: null, isMaximized: false },
      logger: options.logger,
    });
  }

  /** Its window if it is seen. */
  get seen(): BrowserWindow | undefined {
    const window = this.#window;
    return window?.isVisible() && !window.isMinimized() ? window : undefined;
  }

  /** Opens it at a place, or brings it to the front and there. */
  show(place: Place): void {
    const existing = this.#window;
    if (existing !== undefined) {
      send(existing, 'place', place);
      if (existing.isMinimized()) existing.restore();
      existing.show();
      existing.focus();
      return;
    }
    const window = this.#make(place);
    this.#window = window;
    window.once('ready-to-show', () => {
      if (window.isDestroyed()) return;
      if (this.#memory.value.isMaximized) window.maximize();
      window.show();
      window.focus();
    });
  }

  destroy(): void {
    this.#window?.destroy();
  }

  #make(place: Place): BrowserWindow {
    const { bounds } = this.#memory.value;
    const restored =
      bounds === null
        ? undefined
        : restoredBounds(
            bounds,
            screen.getAllDisplays().map(({ workArea }) => workArea),
          );
    const query = new URLSearchParams(
      Object.entries(place).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const window = makePageWindow({
      page: 'main',
      query: query.toString(),
      logger: this.#options.logger,
      window: { width: 1040, height: 720, minWidth: 640, minHeight: 420, ...restored },
    });
    this.#remember(window);
    // Also from being minimized: its page has missed events.
    for (const event of ['show', 'restore'] as const)
      window.on(event as 'show', () => this.#options.onShown());
    window.once('closed', () => {
      if (this.#window === window) this.#window = undefined;
    });
    return window;
  }

  #remember(window: BrowserWindow): void {
    let settling: NodeJS.Timeout | undefined;
    const write = (): void => {
      clearTimeout(settling);
      const next = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
      if (JSON.stringify(next) !== JSON.stringify(this.#memory.value)) this.#memory.set(next);
    };
    const soon = (): void => {
      clearTimeout(settling);
      settling = setTimeout(write, SETTLE_MS);
    };
    window.on('resize', soon);
    window.on('move', soon);
    window.on('close', write);
    window.once('closed', () => clearTimeout(settling));
  }
}
