import { app } from 'electron';
import { built } from '../built.ts';
import { autostartLoginItem, ownCommand } from './autostart.ts';
import type { LoginItemAdapter } from './login-item.ts';
import { macLoginItem, windowsLoginItem } from './system.ts';

/** The adapter of this platform. `options` are those that a start at login needs to mean the same home. */
export function chooseLoginItem(options: readonly string[]): LoginItemAdapter {
  if (process.platform === 'darwin') return macLoginItem(app, process.getSystemVersion());
  if (process.platform === 'win32') return windowsLoginItem(app, options);
  const { execPath } = process;
  const own = ownCommand(process.env, { execPath, appPath: app.getAppPath(), isPackaged: app.isPackaged });
  const icon = built('icons', 'soloist.png');
  return autostartLoginItem({ command: [...own, ...options], icon });
}
