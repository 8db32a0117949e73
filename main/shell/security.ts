import { app, type Session, type WebContents } from 'electron';
import type { Logger } from 'pino';
import { ORIGIN } from './origin.ts';

/** What every page of ours gets. */
export const webPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  webSecurity: true,
  spellcheck: false,
  navigateOnDragDrop: false,
  disableDialogs: true,
} as const;

/** Pages may ask for nothing, go nowhere and open nothing. */
export function lockDown(session: Session, logger: Logger): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    logger.warn({ permission }, 'a page asked for a permission and was refused');
    callback(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => lockPage(contents, logger));
}

function lockPage(contents: WebContents, logger: Logger): void {
  contents.setWindowOpenHandler(({ url }) => {
    logger.warn({ url }, 'a page tried to open a window and was refused');
    return { action: 'deny' };
  });
  const refuse = (event: { preventDefault(): void; readonly url: string }): void => {
    if (event.url.startsWith(`${ORIGIN}/`)) return;
    logger.warn({ url: event.url }, 'a page tried to go elsewhere and was refused');
    event.preventDefault();
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
