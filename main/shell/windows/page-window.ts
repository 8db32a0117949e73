import {
  app,
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  nativeTheme,
  type WebContents,
} from 'electron';
import type { Logger } from 'pino';
import { EVENT_CHANNEL } from '../../control/channels.ts';
import { systemErrorCode } from '../../daemon/errors.ts';
import { built } from '../built.ts';
import { ORIGIN } from '../origin.ts';
import { webPreferences } from '../security.ts';
import { prepareSession } from './prepare-session.ts';

const preload = built('preload.cjs');

/** A page that crashes more often than this within this time is not brought back by itself. */
const MOST_RECOVERIES = 3;
const RECOVERY_SPAN_MS = 60_000;
/** A page that does not react gets this long before its process is ended. */
const PATIENCE_MS = 10_000;

/** As `--background` of the pages, so that the first frame has it: no flash of white. */
const backgrounds = { light: '#ffffff', dark: '#1c1c1f' };
export const background = (): string => backgrounds[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'];

export interface PageWindowOptions {
  readonly page: 'popover' | 'main';
  readonly query?: string;
  readonly window: BrowserWindowConstructorOptions;
  readonly logger: Logger;
}

/**
 * Makes the window of a page, hidden. A page that crashes or hangs is logged and loaded again: the daemon does not live
 * in it, and nothing is lost.
 */
export function makePageWindow({
  page,
  query = '',
  window: options,
  logger,
}: PageWindowOptions): BrowserWindow {
  prepareSession(logger);
  const window = new BrowserWindow({
    show: false,
    title: app.getName(),
    backgroundColor: background(),
    autoHideMenuBar: true,
    icon: built('icons', 'soloist.png'),
    ...options,
    webPreferences: { ...webPreferences, preload },
  });
  const onTheme = (): void => window.setBackgroundColor(background());
  nativeTheme.on('updated', onTheme);
  window.once('closed', () => nativeTheme.removeListener('updated', onTheme));
  recover(window, page, logger);
  const url = `${ORIGIN}/${page}.html${query === '' ? '' : `?${query}`}`;
  window.loadURL(url).catch((error: unknown) => {
    // Closed before it had loaded.
    if (!window.isDestroyed()) logger.error({ err: error, page }, 'a page could not be loaded');
  });
  return window;
}

function recover(window: BrowserWindow, page: string, logger: Logger): void {
  let recoveries: number[] = [];
  let impatience: NodeJS.Timeout | undefined;
  window.webContents.on('render-process-gone', (_event, details) => {
    clearTimeout(impatience);
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const now = performance.now();
    recoveries = [...recoveries.filter((time) => time > now - RECOVERY_SPAN_MS), now];
    const isHopeless = recoveries.length > MOST_RECOVERIES;
    logger.error({ page, details, isHopeless }, 'the process of a page is gone');
    // Not within the event: the old process is still being taken down.
    setImmediate(() => {
      if (window.isDestroyed()) return;
      if (isHopeless) window.destroy();
      else window.webContents.reload();
    });
  });
  window.on('unresponsive', () => {
    logger.warn({ page }, 'a page does not react');
    impatience = setTimeout(() => {
      if (!window.isDestroyed()) endProcess(window.webContents);
    }, PATIENCE_MS);
  });
  window.on('responsive', () => clearTimeout(impatience));
  window.once('closed', () => clearTimeout(impatience));
}

/** Ends a page's process. Electron's own way alone does not end one that is suspended. */
function endProcess(contents: WebContents): void {
  const pid = contents.getOSProcessId();
  contents.forcefullyCrashRenderer();
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It is gone already.
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

/** Sends an event to a window's page. */
export function send(window: BrowserWindow, event: string, data: unknown): void {
  if (!window.isDestroyed() && !window.webContents.isCrashed())
    window.webContents.send(EVENT_CHANNEL, event, data);
}
