import { ipcMain } from 'electron';
import type { Logger } from 'pino';
import { CALL_CHANNEL } from '../control/channels.ts';
import { ipcTransport } from '../control/ipc.ts';
import type { WindowHandlers } from '../control/window-calls.ts';
import { distrustOf } from './sender.ts';

/** Answers the windows. The one place where messages of pages arrive. */
export function serveWindows(handlers: WindowHandlers, logger: Logger): void {
  const answer = ipcTransport(handlers, logger);
  ipcMain.handle(CALL_CHANNEL, (event, name, input) =>
    answer({ distrust: distrustOf(event.senderFrame, () => event.sender.mainFrame) }, name, input),
  );
}
