import { app, Menu, nativeTheme } from 'electron';
import type { Logger } from 'pino';
import { configurationSource } from '../configuration-source.ts';
import { socketPath } from '../control/address.ts';
import type { AppView } from '../control/app-calls.ts';
import { type ControlActions, controlPart } from '../control/control-part.ts';
import type { WindowHandlers } from '../control/window-calls.ts';
import { Daemon } from '../daemon/daemon.ts';
import { errorDetails } from '../daemon/errors.ts';
import type { RunView } from '../daemon/jobs/views.ts';
import { logFolder } from '../daemon/log/day-files.ts';
import { defaultLogSettings, openLog } from '../daemon/log/log.ts';
import { type DaemonParts, daemonParts } from '../daemon-parts.ts';
import { FAULT_EXIT_CODE, handleFaults, handleSignals } from '../process-events.ts';
import { settleLater } from '../settle.ts';
import { areExtrasOld } from '../tool/extras.ts';
import { version } from '../version.ts';
import { launchAction } from './action-process.ts';
import { ownAppImage } from './app-image.ts';
import { appHandlers } from './handlers.ts';
import { serveWindows } from './ipc.ts';
import { chooseLoginItem } from './login-item/choose.ts';
import { type LoginItemAdapter, readSeldom } from './login-item/login-item.ts';
import { Notifications } from './notifications/notifications.ts';
import { Overview } from './overview.ts';
import { AppNapGuard, followPower } from './power.ts';
import { Quit } from './quit.ts';
import { settingsFile } from './settings.ts';
import { takeSignalsBack } from './signals.ts';
import { becomeSingleApp, type SingleApp } from './single-app.ts';
import { DaemonSource } from './source/daemon-source.ts';
import { runsInProgress, type Seen, trayView } from './tray/state.ts';
import { TrayControl } from './tray/tray-control.ts';
import { whyNoUpdates } from './updates/decision.ts';
import { Updates } from './updates/updates.ts';
import { applicationMenu } from './windows/application-menu.ts';
import { Windows } from './windows/windows.ts';

export interface AppOptions {
  /** The home's real path. */
  readonly home: string;
  readonly configuration: string;
  /** Started at login: opens no window. */
  readonly hidden: boolean;
  /** The options that another start needs to mean the same home and configuration. */
  readonly options: readonly string[];
}

/** A start that takes longer than this is shown while it goes on. */
const START_SHOWN_AFTER_MS = 500;

/**
 * The menu-bar app: its own lock first, then the daemon, then what shows it. Resolves when the tray is there, or to
 * 'shown' if another app was asked to show itself; throws a `SoloistError` if it cannot begin.
 */
export async function startApp(options: AppOptions): Promise<'started' | 'shown'> {
  const { home, hidden } = options;
  // Written to only once this is the one app of the home, but for a warning on the way there.
  const log = openLog(home, defaultLogSettings, undefined, 'app');
  const { logger } = log;
  let soloist: Soloist | undefined;
  let tellShown: () => void = () => {};
  const shown = new Promise<void>((resolve) => {
    tellShown = resolve;
  });
  const single = await becomeSingleApp({
    home,
    startedBy: hidden ? 'login' : 'hand',
    logger,
    onShow: () => soloist?.show(),
    whenShown: () => shown,
    onLost: (lost) => soloist?.onLost(lost.reason, lost),
  });
  if (single === 'shown') return single;
  soloist = new Soloist(options, single, logger, () => log.close());
  await soloist.start(hidden);
  tellShown();
  settleLater(() => void renewExtras(logger));
  return 'started';
}

/** After an update, the manual and the completions of the command-line tool are the new version's too. */
async function renewExtras(logger: Logger): Promise<void> {
  try {
    if (!areExtrasOld(process.env)) return;
    const { appTool } = await import('./app-tool.ts');
    (await appTool()).renewExtras();
    logger.info('the manual and the completions of the command-line tool were renewed');
  } catch (error) {
    logger.warn({ err: error }, 'the manual and the completions of the command-line tool were not renewed');
  }
}

/** All parts of the app, and what one tells the other. */
class Soloist {
  readonly #options: AppOptions;
  readonly #single: SingleApp;
  readonly #logger: Logger;
  readonly #closeLog: () => void;
  readonly #parts: DaemonParts = daemonParts({ launchAction });
  readonly #daemon: Daemon;
  readonly #source: DaemonSource;
  readonly #overview: Overview;
  readonly #windows: Windows;
  readonly #notifications: Notifications;
  readonly #nap = new AppNapGuard();
  readonly #settings: ReturnType<typeof settingsFile>;
  readonly #loginItem: LoginItemAdapter;
  readonly #updates: Updates;
  readonly #quit: Quit;
  readonly #handlers: WindowHandlers;
  #tray: TrayControl | undefined;
  #isWanted = false;

  constructor(options: AppOptions, single: SingleApp, logger: Logger, closeLog: () => void) {
    this.#options = options;
    this.#single = single;
    this.#logger = logger;
    this.#closeLog = closeLog;
    const { home, configuration, hidden } = options;
    const actions: ControlActions = {
      stop: (daemon) => void daemon.stop({ kind: 'asked' }),
      ...this.#parts.answers,
    };
    this.#daemon = new Daemon({
      home,
      kind: 'app',
      version,
      startedBy: hidden ? 'login' : 'the menu-bar app',
      socketPath,
      configuration: configurationSource(configuration),
      standing: [controlPart(actions)],
      configured: this.#parts.configured,
    });
    this.#source = new DaemonSource({
      home,
      daemon: this.#daemon,
      actions,
      logger,
      emit: ((event: 'run', data: RunView) => this.#onDaemonEvent(event, data)) as never,
      onChange: () => this.#changed(),
      onOther: () => this.#notifications.forget(),
    });
    this.#overview = new Overview({
      handlers: this.#source.handlers,
      logger,
      isHealthUnknown: () => {
        const status = this.#source.status();
        return status?.daemon.state === 'running' && status.health === null;
      },
      onChange: () => this.#onOverview(),
    });
    this.#windows = new Windows({ home, logger, onShown: () => this.#tellAll() });
    this.#settings = settingsFile(home, logger);
    this.#loginItem = readSeldom(chooseLoginItem(options.options), () => performance.now());
    this.#notifications = new Notifications({
      logger,
      areOn: () => this.#settings.value.notifications === 'on',
      open: (place) => this.#windows.showMain(place),
    });
    const runs = () => runsInProgress(this.#overview.jobs).length;
    this.#updates = new Updates({
      home,
      logger,
      impossible: whyNoUpdates({
        isPackaged: app.isPackaged,
        platform: process.platform,
        appImage: ownAppImage(process.env, process.execPath),
        resources: process.resourcesPath,
        program: app.getAppPath(),
      }),
      isOn: () => this.#settings.value.updates === 'on',
      runs,
      updater: async () => {
        const { electronUpdater } = await import('./updates/updater.ts');
        return electronUpdater({ logger, options: options.options });
      },
      onChange: () => this.#changed(),
    });
    this.#quit = new Quit({
      daemon: this.#daemon,
      logger,
      updates: this.#updates,
      options: options.options,
      runs: () => (this.#source.source.kind === 'own' ? runs() : 0),
      release: () => this.#release(),
    });
    this.#handlers = {
      ...this.#source.handlers,
      ...appHandlers({
        home,
        configuration: () => this.#configuration(),
        source: this.#source,
        windows: this.#windows,
        loginItem: this.#loginItem,
        settings: this.#settings,
        view: () => this.#view(),
        changed: () => this.#changed(),
        quit: () => void this.#quit.ask(),
        updates: this.#updates,
        installUpdate: () => void this.#quit.ask('update'),
        logger,
      }),
    };
  }

  async start(hidden: boolean): Promise<void> {
    const logger = this.#logger;
    handleFaults((error) =>
      this.#quit.now({ kind: 'fault', error: errorDetails(error) }, FAULT_EXIT_CODE, error),
    );
    this.#source.watch();
    const started = this.#source.start().catch((error: unknown) => {
      // The tray says why.
      logger.error({ err: error }, 'the daemon could not start');
    });
    await app.whenReady();
    nativeTheme.themeSource = this.#settings.value.theme;
    Menu.setApplicationMenu(applicationMenu());
    await Promise.race([started, new Promise((resolve) => setTimeout(resolve, START_SHOWN_AFTER_MS))]);
    this.#tray = new TrayControl({
      handlers: this.#handlers,
      seen: () => this.#seen(),
      loginItem: this.#loginItem,
      windows: this.#windows,
      updates: this.#updates,
      logger,
    });
    const afterMs = Math.round(performance.now());
    logger.info({ afterMs, electron: process.versions.electron }, 'the tray is shown');

    takeSignalsBack();
    handleSignals({
      stop: (signal) => this.#quit.now({ kind: 'signal', signal }, 0),
      reload: () => void this.#daemon.reload(),
    });
    app.on('window-all-closed', () => {
      // The app lives in the tray.
    });
    app.on('activate', () => this.show());
    serveWindows(this.#handlers, logger);
    followPower({
      logger,
      onWake: () => {
        this.#parts.jobs.wake();
        this.#updates.wake();
      },
      onShutdown: () => void this.#shutDown(),
    });
    this.#overview.look();
    if (this.#isWanted || (!hidden && !this.#loginItem.wasOpenedAtLogin())) this.show();
  }

  /** Lets the person see it. */
  show(): void {
    // Another launch may ask for it while this one has nothing yet that a window needs.
    if (this.#tray === undefined) this.#isWanted = true;
    else this.#windows.showPopover(this.#tray.bounds());
  }

  /** Another app may own the home at any moment. */
  onLost(message: string, lost: { readonly path: string; readonly reason: string }): void {
    this.#notifications.say('Soloist has ended', message);
    void this.#quit.now({ kind: 'lock-lost', lost }, 1);
  }

  #seen(): Seen {
    const { jobs, alerts, waitingLinks } = this.#overview;
    return { source: this.#source.source, status: this.#source.status(), jobs, alerts, waitingLinks };
  }

  #configuration(): string {
    return this.#source.status()?.configuration.path ?? this.#options.configuration;
  }

  #view(): AppView {
    const { home } = this.#options;
    return {
      version,
      platform: process.platform,
      home,
      source: this.#source.source,
      status: this.#source.status(),
      tray: trayView(this.#seen(), Date.now()),
      loginItem: this.#loginItem.read(),
      settings: this.#settings.value,
      updates: this.#updates.view,
      paths: { configuration: this.#configuration(), log: logFolder(home) },
    };
  }

  #onDaemonEvent(event: string, data: unknown): void {
    this.#windows.tell(event as 'run', data as RunView);
    if (event === 'run') this.#notifications.onRun(data as RunView);
    this.#overview.look(event);
  }

  #onOverview(): void {
    const { jobs, alerts, isKnown } = this.#overview;
    if (isKnown) this.#notifications.onOverview({ jobs, alerts });
    this.#updates.runsChanged();
    this.#nap.look(this.#source.source.kind === 'own' ? jobs : []);
    this.#changed();
  }

  /** Tray and windows show how all stands now. */
  #changed(): void {
    this.#tray?.show();
    if (this.#windows.isAnySeen) this.#windows.tell('app', this.#view());
  }

  /** A window is seen that was told nothing while it was hidden. */
  #tellAll(): void {
    const status = this.#source.status();
    this.#windows.tell('app', this.#view());
    if (status !== null) this.#windows.tell('status', status);
    this.#windows.tell('jobs', {});
    this.#windows.tell('alerts', {});
    this.#windows.tell('links', {});
  }

  /** The system waits a few seconds only: runs get half of them to end by themselves. */
  async #shutDown(): Promise<void> {
    const hurry = setTimeout(() => {
      this.#source.handlers
        .stop({ now: true })
        .catch((error: unknown) => this.#logger.error({ err: error }, 'stopping at once failed'));
    }, 2_000);
    await this.#quit.now({ kind: 'signal', signal: 'shutdown' }, 0);
    clearTimeout(hurry);
  }

  async #release(): Promise<void> {
    this.#nap.release();
    this.#updates.close();
    this.#notifications.close();
    this.#overview.close();
    this.#source.close();
    this.#windows.destroy();
    this.#tray?.destroy();
    await this.#single.release();
    this.#logger.info('the app has ended');
    this.#closeLog();
  }
}
