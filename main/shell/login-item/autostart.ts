import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SoloistError, systemErrorCode } from '../../daemon/errors.ts';
import { replaceFile } from '../../daemon/files.ts';
import { reasonOf } from '../../daemon/home.ts';
import type { CommandWords } from '../../installation.ts';
import { ownAppImage } from '../app-image.ts';
import { autostartEntry, isEnabled } from './desktop-entry.ts';
import { HIDDEN, type LoginItemAdapter } from './login-item.ts';

export interface AutostartOptions {
  /** The program and its arguments, absolute. */
  readonly command: readonly string[];
  readonly icon: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** The user's own folder. */
  readonly user?: string;
}

/** Linux: an entry in the user's autostart folder, by the Desktop Application Autostart Specification. */
export function autostartLoginItem(options: AutostartOptions): LoginItemAdapter {
  const { command, icon, environment = process.env, user = homedir() } = options;
  const path = autostartPath(environment, user);
  return {
    settingsUrl: undefined,
    wasOpenedAtLogin: () => false,
    read() {
      const text = readOrNone(path);
      return { state: text !== undefined && isEnabled(text) ? 'enabled' : 'disabled' };
    },
    set(enabled) {
      try {
        if (enabled) write(path, autostartEntry([...command, HIDDEN], icon));
        else rmSync(path, { force: true });
      } catch (error) {
        throw new SoloistError(
          {
            code: 'login-item-unwritable',
            message: `${path} cannot be ${enabled ? 'written' : 'removed'}: ${reasonOf(error)}.`,
            hint: 'Mend the permissions of that folder.',
          },
          { cause: error },
        );
      }
    },
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, text);
}

/** `$XDG_CONFIG_HOME/autostart/soloist.desktop`; a relative XDG_CONFIG_HOME is invalid and ignored. */
export function autostartPath(environment: NodeJS.ProcessEnv, user: string): string {
  const config = environment.XDG_CONFIG_HOME;
  return join(config?.startsWith('/') ? config : join(user, '.config'), 'autostart', 'soloist.desktop');
}

function readOrNone(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** How this program is started again: an AppImage by its own file, in development Electron with the program's folder. */
export function ownCommand(
  environment: NodeJS.ProcessEnv,
  { execPath, appPath, isPackaged }: { execPath: string; appPath: string; isPackaged: boolean },
): CommandWords {
  const appImage = ownAppImage(environment, execPath);
  if (appImage !== undefined) return [appImage];
  return isPackaged ? [execPath] : [execPath, appPath];
}
