import { app, dialog } from 'electron';
import type { Logger } from 'pino';
import type { Daemon } from '../daemon/daemon.ts';
import type { StopReason } from '../daemon/state.ts';
import { ownAppImage } from './app-image.ts';
import { counted } from './tray/state.ts';
import type { Updates } from './updates/updates.ts';

/** The system has this long to put a new version in place and end the app, in milliseconds. */
const SYSTEM_MS = 60_000;

export interface QuitOptions {
  readonly daemon: Daemon;
  readonly logger: Logger;
  /** How many runs of the own daemon would be ended. */
  readonly runs: () => number;
  readonly updates: Pick<Updates, 'ready' | 'install'>;
  /** The options that another start needs to mean the same home. */
  readonly options: readonly string[];
  /** Gives up all but the daemon, once that has stopped: the app's lock last. */
  readonly release: () => Promise<void>;
}

/** The ways in which the app ends. Whatever else happens, the daemon is stopped gracefully first, and the lock goes last. */
export class Quit {
  readonly #options: QuitOptions;
  #isAsking = false;
  #isReleased = false;
  #wish: 'quit' | 'update' = 'quit';
  #ended: Promise<void> | undefined;

  constructor(options: QuitOptions) {
    this.#options = options;
    // The menu of macOS, and whatever else asks Electron to end.
    app.on('before-quit', (event) => {
      // Once all is given back, the system may end the app, to put a new version in its place.
      if (this.#isReleased) return;
      event.preventDefault();
      void this.ask();
    });
  }

  /**
   * The person wants to quit, or to start as a new version: asks whether runs in progress may be ended, if there are any.
   */
  async ask(then: 'quit' | 'update' = 'quit'): Promise<void> {
    if (this.#isAsking || this.#ended !== undefined) return;
    const runs = this.#options.runs();
    if (runs > 0) {
      this.#isAsking = true;
      const { response } = await dialog.showMessageBox({
        type: 'question',
        title: 'Soloist',
        message: `${counted(runs, 'run')} ${runs === 1 ? 'is' : 'are'} in progress.`,
        detail: `${then === 'quit' ? 'Quitting' : 'Restarting'} stops the daemon and ends ${runs === 1 ? 'it' : 'them'}.`,
        buttons: [`${then === 'quit' ? 'Quit' : 'Restart'} and end ${counted(runs, 'run')}`, 'Cancel'],
        defaultId: 1,
        cancelId: 1,
        noLink: true,
      });
      this.#isAsking = false;
      if (response !== 0) return;
    }
    this.#wish = then;
    await this.now({ kind: 'asked' }, 0);
  }

  /**
   * Puts a new version in place that waits for this moment. Where that fails, or there is none any more, who wanted a restart
   * gets the old one.
   */
  async #install(): Promise<'exit' | 'system-ends-it'> {
    const { updates, options } = this.#options;
    const isRestart = this.#wish === 'update';
    const outcome = updates.ready === undefined ? 'failed' : await updates.install(isRestart);
    if (outcome !== 'failed') return outcome;
    if (isRestart) {
      const appImage = ownAppImage(process.env, process.execPath);
      app.relaunch({ args: [...options], ...(appImage === undefined ? {} : { execPath: appImage }) });
    }
    return 'exit';
  }

  /** Ends the app without asking. `cause` is a fault itself, for the log. */
  now(reason: StopReason, exitCode: number, cause?: unknown): Promise<void> {
    this.#ended ??= this.#end(reason, exitCode, cause);
    return this.#ended;
  }

  async #end(reason: StopReason, exitCode: number, cause: unknown): Promise<void> {
    const { daemon, logger, release } = this.#options;
    if (reason.kind === 'fault') logger.fatal({ err: cause }, 'the app ends because of a fault');
    else logger.info({ reason }, 'the app ends');
    try {
      await daemon.stop(reason, cause);
      await release();
      this.#isReleased = true;
      // Not when the system or a service manager ends it, which do not wait.
      if (reason.kind === 'asked' && (await this.#install()) === 'system-ends-it') {
        setTimeout(() => app.exit(exitCode), SYSTEM_MS);
        return;
      }
    } catch (error) {
      logger.error({ err: error }, 'the app did not end cleanly');
    }
    app.exit(exitCode);
  }
}
