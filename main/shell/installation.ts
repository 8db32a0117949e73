import type { App } from 'electron';
import { modeWords } from '../daemon/executable.ts';
import type { CommandWords, Installation } from '../installation.ts';
import { launchAction } from './action-process.ts';
import { ownCommand } from './login-item/autostart.ts';

/** The app's executable is all programs of its installation. */
export function electronInstallation(app: App): Installation {
  const { execPath } = process;
  const own = ownCommand(process.env, { execPath, appPath: app.getAppPath(), isPackaged: app.isPackaged });
  return {
    daemon: [...own, ...modeWords('daemon')],
    tool: [...own, ...modeWords('cli')],
    app: () => opened(own),
    launchAction,
  };
}

/** On macOS the system opens an app, a new one for each home (`-n`): what the terminal itself may not do, jobs of the app then may all the same. */
function opened(own: CommandWords): CommandWords {
  const [program] = own;
  const bundle = /^.*\.app(?=\/Contents\/MacOS\/)/.exec(program)?.[0];
  return process.platform === 'darwin' && bundle !== undefined
    ? ['/usr/bin/open', '-n', '-a', bundle, '--args']
    : own;
}
