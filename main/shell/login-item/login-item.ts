import type { LoginItem } from '../../control/app-calls.ts';

/** Whether Soloist starts at login, on one platform. */
export interface LoginItemAdapter {
  /** As the system says now. */
  read(): LoginItem;
  /** Throws a `SoloistError` if that cannot be set. */
  set(enabled: boolean): void;
  /** The address of the system's own settings for it, where there is one. */
  readonly settingsUrl: string | undefined;
  /** Whether the system says that this start was the one at login; elsewhere `--hidden` says it. To be asked when ready. */
  wasOpenedAtLogin(): boolean;
}

/** What was read is true for so long: a person may change it in the settings of the system, but not in between. */
const KEPT_MS = 2_000;

/** An adapter that is read seldom: the tray asks at every change of a run. `now` in milliseconds. */
export function readSeldom(adapter: LoginItemAdapter, now: () => number): LoginItemAdapter {
  let last: { readonly at: number; readonly item: LoginItem } | undefined;
  return {
    ...adapter,
    read() {
      if (last === undefined || now() - last.at > KEPT_MS) last = { at: now(), item: adapter.read() };
      return last.item;
    },
    set(enabled) {
      last = undefined;
      adapter.set(enabled);
    },
  };
}

/** What a program that is started at login is told, so that it opens no window. */
export const HIDDEN = '--hidden';
