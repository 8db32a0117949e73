import { powerMonitor, powerSaveBlocker } from 'electron';
import type { Logger } from 'pino';
import type { JobView } from '../daemon/jobs/views.ts';
import { wakefulness } from './wakefulness.ts';

export interface PowerOptions {
  readonly logger: Logger;
  /** The computer was asleep, or its clock may have moved: what is due is to be looked at. */
  readonly onWake: () => void;
  /** The computer shuts down, or the session ends. */
  readonly onShutdown: () => void;
}

/** Hands on what the system tells of sleep, locking and shutting down. */
export function followPower({ logger, onWake, onShutdown }: PowerOptions): void {
  powerMonitor.on('suspend', () => logger.info('the computer goes to sleep'));
  powerMonitor.on('resume', () => {
    logger.info('the computer has woken up');
    onWake();
  });
  powerMonitor.on('lock-screen', () => logger.debug('the screen was locked'));
  powerMonitor.on('unlock-screen', () => {
    logger.debug('the screen was unlocked');
    // Some systems sleep and tell of the unlocking only.
    onWake();
  });
  // Electron's types leave the event out, which its documentation has.
  powerMonitor.on('shutdown', (event?: { preventDefault?: () => void }) => {
    logger.info('the system shuts down');
    // Linux and macOS wait a few seconds for whoever asks for them; Electron ends then by itself.
    event?.preventDefault?.();
    onShutdown();
  });
}

/** The longest that a timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Keeps App Nap away while it would delay jobs, by Electron's `prevent-app-suspension`. It also keeps the computer from
 * falling asleep by itself, so it is used on macOS only, where there is App Nap, and never for services, which always run.
 */
export class AppNapGuard {
  #blocker: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** The jobs are these now. */
  look(jobs: readonly JobView[]): void {
    if (process.platform !== 'darwin') return;
    clearTimeout(this.#timer);
    const { isNeeded, until } = wakefulness(jobs, Date.now());
    if (isNeeded) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else this.release();
    if (until === undefined) return;
    this.#timer = setTimeout(() => this.look(jobs), Math.min(until - Date.now(), LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  release(): void {
    clearTimeout(this.#timer);
    if (this.#blocker !== undefined) powerSaveBlocker.stop(this.#blocker);
    this.#blocker = undefined;
  }
}
