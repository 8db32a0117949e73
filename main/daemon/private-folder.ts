import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SoloistError } from './errors.ts';

/** A name for a text that may be too long for one: 32 hexadecimal digits of its SHA-256. */
export function shortHash(text: string): string {
  // Loaded on demand: most calls of the command line never need it.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A folder of this user's on a local disk: `/var/tmp/soloist-UID`. Throws if somebody else made it. */
export function privateFolder(): string {
  const user = userInfo();
  const folder = process.platform === 'win32' ? join(tmpdir(), 'soloist') : `/var/tmp/soloist-${user.uid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  const foreign = process.platform !== 'win32' && (stats.uid !== user.uid || (stats.mode & 0o077) !== 0);
  if (stats.isDirectory() && !foreign) return folder;
  throw new SoloistError({
    code: 'private-folder-foreign',
    message: `The folder ${folder} is not a private folder of yours.`,
    hint: 'Have it removed (its owner or an administrator can); Soloist makes it anew.',
  });
}
