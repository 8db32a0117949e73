import type { LoginItem } from '../../control/app-calls.ts';

/** Whether Soloist starts at login, on one platform. */
export interface LoginItemAdapter {
  /** As the system says now. */
  read(): LoginItem;
  /** Throws a `SoloistError` if that cannot be set. */
  set(enabled: boolean): void;
  /** The address of the system's own settings for it, where there is one. */
  readonly settingsUrl: string | undefined;
}

/** What a program that is started at login is told, so that it opens no window. */
export const HIDDEN = '--hidden';
