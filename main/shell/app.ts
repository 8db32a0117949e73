import { join } from 'node:path';
import { app, ipcMain, session } from 'electron';
import { configurationSource } from '../configuration-source.ts';
import { socketPath } from '../control/address.ts';
import type { AppView } from '../control/app-calls.ts';
import { CALL_CHANNEL } from '../control/channels.ts';
import { controlPart, daemonHandlers } from '../control/control-part.ts';
import { ipcTransport } from '../control/ipc.ts';
import type { WindowHandlers } from '../control/window-calls.ts';
import { Daemon } from '../daemon/daemon.ts';
import { defaultLogSettings, openLog } from '../daemon/log/log.ts';
import { jobsPart } from '../jobs-part.ts';
import { version } from '../version.ts';
import { ORIGIN, servePages } from './page.ts';
import { lockDown } from './security.ts';
import { Windows } from './windows.ts';

export interface AppOptions {
  /** The home's real path. */
  readonly home: string;
  readonly configuration: string;
  readonly hidden: boolean;
}

/** The menu-bar app: the daemon first, then what shows it. */
export async function startApp({ home, configuration, hidden }: AppOptions): Promise<void> {
  const jobs = jobsPart();
  const actions = { stop: (daemon: Daemon) => void daemon.stop({ kind: 'asked' }), jobs: jobs.jobs };
  const daemon = new Daemon({
    home,
    kind: 'app',
    version,
    startedBy: 'the menu-bar app',
    socketPath,
    configuration: configurationSource(configuration),
    standing: [controlPart(actions)],
    configured: [jobs],
  });
  await Promise.all([daemon.start(), app.whenReady()]);
  const { logger } = openLog(home, defaultLogSettings);
  servePages(session.defaultSession, join(import.meta.dirname, 'renderer'));
  lockDown(session.defaultSession, logger);
  const windows = new Windows();
  const view = (): AppView => ({
    version,
    platform: process.platform,
    home,
    source: { kind: 'own' },
    status: daemon.status(),
    tray: { state: 'running', line: 'Running' },
    loginItem: { state: 'disabled' },
    settings: { theme: 'system', notifications: 'on' },
    paths: { configuration, log: join(home, 'logs'), command: null },
  });
  const later = async (): Promise<Record<string, never>> => ({});
  const handlers: WindowHandlers = {
    ...daemonHandlers(daemon, actions),
    app: async () => view(),
    start: async () => {
      await daemon.start();
      return view();
    },
    attach: async () => view(),
    takeOver: async () => view(),
    quit: async () => {
      await daemon.stop();
      app.exit(0);
      return {};
    },
    open: async (place) => {
      windows.showMain(place);
      return {};
    },
    hide: async () => {
      windows.hidePopover();
      return {};
    },
    edit: later,
    reveal: later,
    read: later,
    change: async () => view(),
    startAtLogin: async () => view(),
    openLoginSettings: later,
  };
  const answer = ipcTransport(handlers, logger);
  ipcMain.handle(CALL_CHANNEL, (event, name, input) => {
    const frame = event.senderFrame;
    const isOwn = frame !== null && frame === event.sender.mainFrame && frame.origin === ORIGIN;
    return answer({ distrust: isOwn ? undefined : `${frame?.url}` }, name, input);
  });
  daemonHandlers(daemon, actions).events({}, (event, data) => windows.tell(event, data as never));
  if (!hidden) windows.showPopover();
  app.on('window-all-closed', () => {});
}
