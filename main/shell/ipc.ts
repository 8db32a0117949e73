import { ipcMain } from 'electron';
import type { Logger } from 'pino';
import { CALL_CHANNEL } from '../control/channels.ts';
import { ipcTransport } from '../control/ipc.ts';
import type { WindowHandlers } from '../control/window-calls.ts';
import { ORIGIN } from './page.ts';

/** What is looked at of a frame that sent a message. */
interface Frame {
  readonly url: string;
  readonly origin: string;
}

/** Why the sender of a message is not trusted; undefined if it is the main frame of a page of ours. */
export function distrustOf<Sender extends Frame>(
  frame: Sender | null,
  mainFrame: () => Sender,
): string | undefined {
  try {
    if (frame === null) return 'a frame that is gone';
    if (frame !== mainFrame()) return `a frame within a page, ${frame.url}`;
    return frame.origin === ORIGIN ? undefined : frame.url;
  } catch {
    // Electron's objects throw when what they stand for is destroyed.
    return 'a window that is gone';
  }
}

/** Answers the windows. The one place where messages of pages arrive. */
export function serveWindows(handlers: WindowHandlers, logger: Logger): void {
  const answer = ipcTransport(handlers, logger);
  ipcMain.handle(CALL_CHANNEL, (event, name, input) =>
    answer({ distrust: distrustOf(event.senderFrame, () => event.sender.mainFrame) }, name, input),
  );
}
