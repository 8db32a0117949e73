import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { systemErrorCode } from '../../daemon/errors.ts';
import type { LoginItemScene } from '../../daemon/health/doctor/scene.ts';
import { findProgram } from '../../daemon/run/command.ts';
import { autostartPath } from './autostart.ts';
import { execWords, isEnabled } from './desktop-entry.ts';

/** What starts Soloist at login, as far as it can be told without the app. `user` is the person's own folder. */
export function loginItemScene(
  environment: NodeJS.ProcessEnv,
  user: string,
  platform: NodeJS.Platform = process.platform,
): LoginItemScene {
  if (platform !== 'linux') return { kind: 'app-tells' };
  const path = autostartPath(environment, user);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return { kind: 'none', path };
  }
  return { kind: 'entry', path, isEnabled: isEnabled(text), missing: missingIn(text, environment.PATH) };
}

/** The program, or the folder of the app that an Electron in development is given. */
function missingIn(entry: string, searchPath: string | undefined): string | undefined {
  const [program, first] = execWords(entry) ?? [];
  if (program === undefined) return 'no program';
  if (findProgram(program, searchPath, '/').kind !== 'found') return program;
  return first !== undefined && isAbsolute(first) && !existsSync(first) ? first : undefined;
}
