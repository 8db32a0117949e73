import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { systemErrorCode } from '../daemon/errors.ts';

/**
 * The AppImage that this program runs from; undefined if from none. APPIMAGE alone says nothing: whatever an AppImage starts inherits
 * it, such as the terminal of an editor, and with it all that is typed there.
 */
export function ownAppImage(
  { APPIMAGE: appImage, APPDIR: mounted }: NodeJS.ProcessEnv,
  execPath: string,
): string | undefined {
  if (!appImage || !mounted || !isAbsolute(mounted)) return undefined;
  const way = relative(real(mounted), execPath);
  return way.startsWith('..') || isAbsolute(way) ? undefined : appImage;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return path;
  }
}
