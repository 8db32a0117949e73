import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, renameSync, rmSync } from 'node:fs';
import type { UpdateCheckResult } from 'electron-updater';
import type { Logger } from 'pino';
import { ownAppImage } from '../app-image.ts';

/** What looks for a new version, gets it and puts it in place. */
export interface Updater {
  /** The newer version that there is; undefined if there is none. Throws what went wrong. */
  check(): Promise<string | undefined>;
  /** Gets the version that `check` found. `onProgress` is told percents. Throws what went wrong, or that it was aborted. */
  download(onProgress: (percent: number) => void, signal: AbortSignal): Promise<void>;
  /**
   * Puts what was downloaded in this program's place, and has it started if that is wanted. The process must end right
   * after, in the way that is returned: by itself, or because the system ends it.
   */
  install(isRestart: boolean): 'exit' | 'system-ends-it';
}

export interface UpdaterOptions {
  readonly logger: Logger;
  /** The options that another start needs to mean the same home. */
  readonly options: readonly string[];
}

/** electron-updater, which gets releases from where the package says, and checks their hashes and signatures. Loaded only now. */
export async function electronUpdater({ logger, options }: UpdaterOptions): Promise<Updater> {
  const { autoUpdater, BaseUpdater } = await import('electron-updater');
  autoUpdater.autoDownload = false;
  // The app ends in its own order: the daemon first.
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.disableWebInstaller = true;
  autoUpdater.logger = {
    info: (message) => logger.debug({ updater: message }, 'updater'),
    warn: (message) => logger.warn({ updater: message }, 'updater'),
    error: (message) => logger.warn({ updater: message }, 'updater'),
  };
  // Each failure is thrown by the call that failed too.
  autoUpdater.on('error', () => {});
  const appImage = process.platform === 'linux' ? ownAppImage(process.env, process.execPath) : undefined;
  let found: UpdateCheckResult['cancellationToken'];
  let downloaded: string | undefined;
  return {
    async check() {
      const result = await autoUpdater.checkForUpdates();
      found = result?.cancellationToken;
      return result?.isUpdateAvailable ? result.updateInfo.version : undefined;
    },
    async download(onProgress, signal) {
      const tell = ({ percent }: { readonly percent: number }): void => onProgress(Math.floor(percent));
      const cancel = (): void => found?.cancel();
      autoUpdater.on('download-progress', tell);
      signal.addEventListener('abort', cancel);
      try {
        [downloaded] = await autoUpdater.downloadUpdate(found);
      } finally {
        autoUpdater.off('download-progress', tell);
        signal.removeEventListener('abort', cancel);
      }
    },
    install(isRestart) {
      if (process.platform === 'darwin') {
        autoUpdater.autoRunAppAfterInstall = isRestart;
        autoUpdater.quitAndInstall(true, isRestart);
        return 'system-ends-it';
      }
      if (appImage !== undefined) {
        if (downloaded === undefined) throw new Error('nothing was downloaded');
        replaceWhole(appImage, downloaded);
        if (isRestart) spawn(appImage, [...options], { detached: true, stdio: 'ignore' }).unref();
      } else if (!(autoUpdater instanceof BaseUpdater) || !autoUpdater.install(true, isRestart)) {
        throw new Error('the new version could not be put in place');
      }
      return 'exit';
    },
  };
}

/** The library would take the old file away first: on a full disk there would be none left. */
function replaceWhole(path: string, by: string): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    copyFileSync(by, temporary);
    chmodSync(temporary, 0o755);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
