import type { App, LoginItemSettings } from 'electron';
import type { LoginItem } from '../../control/app-calls.ts';
import { SoloistError } from '../../daemon/errors.ts';
import { HIDDEN, type LoginItemAdapter } from './login-item.ts';

type LoginItemApp = Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;

/** What macOS 13 and newer say of a login item; see SMAppService.Status. */
const macStates: Readonly<Record<string, LoginItem>> = {
  enabled: { state: 'enabled' },
  'requires-approval': { state: 'needs-approval' },
  'not-registered': { state: 'disabled' },
  'not-found': { state: 'not-found' },
};

const MAC_SETTINGS = 'x-apple.systempreferences:com.apple.LoginItems-Settings.extension';

/** macOS 13 and newer: the app itself as a service of the system, which the person can allow or refuse. */
export function macLoginItem(app: LoginItemApp, systemVersion: string): LoginItemAdapter {
  const isTooOld = Number.parseInt(systemVersion, 10) < 13;
  return {
    settingsUrl: isTooOld ? undefined : MAC_SETTINGS,
    wasOpenedAtLogin: () =>
      !isTooOld && app.getLoginItemSettings({ type: 'mainAppService' }).wasOpenedAtLogin,
    read() {
      if (isTooOld) return { state: 'unsupported', reason: 'macOS 13 or newer is needed.' };
      const { status, openAtLogin } = app.getLoginItemSettings({ type: 'mainAppService' });
      return macStates[status] ?? { state: openAtLogin ? 'enabled' : 'disabled' };
    },
    set(enabled) {
      if (isTooOld) throw unsupported('macOS 13 or newer is needed.');
      app.setLoginItemSettings({ openAtLogin: enabled, type: 'mainAppService' });
    },
  };
}

/** Windows: an entry of the user's Run key, with these options, which the Task Manager can switch off. */
export function windowsLoginItem(app: LoginItemApp, options: readonly string[] = []): LoginItemAdapter {
  const args = [...options, HIDDEN];
  const read = (): LoginItemSettings => app.getLoginItemSettings({ args });
  return {
    settingsUrl: 'ms-settings:startupapps',
    wasOpenedAtLogin: () => false,
    read() {
      const { openAtLogin, executableWillLaunchAtLogin } = read();
      // Switched off in the Task Manager: the entry is there and does nothing.
      if (openAtLogin && !executableWillLaunchAtLogin) return { state: 'needs-approval' };
      return { state: openAtLogin ? 'enabled' : 'disabled' };
    },
    set(enabled) {
      // `enabled` takes back what the Task Manager has switched off.
      app.setLoginItemSettings({ openAtLogin: enabled, enabled, args });
    },
  };
}

function unsupported(reason: string): SoloistError {
  return new SoloistError({
    code: 'login-item-unsupported',
    message: `Soloist cannot start at login here: ${reason}`,
  });
}
