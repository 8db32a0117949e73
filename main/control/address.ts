import { join } from 'node:path';
import { privateFolder, shortHash } from '../daemon/private-folder.ts';

/** `sun_path` of sockaddr_un, less its closing NUL: 108 bytes on Linux, 104 on macOS. */
const LONGEST_PATH: Partial<Record<NodeJS.Platform, number>> = { linux: 107, darwin: 103 };

/**
 * Where the daemon of a home (its real path) answers: `daemon.sock` in it; in a private folder if that path is
 * longer than the platform's sockets may have; a named pipe on Windows. The owner record tells clients which.
 */
export function socketPath(home: string, name: 'daemon' | 'app' = 'daemon'): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\soloist-${shortHash(home)}-${name}`;
  const path = join(home, `${name}.sock`);
  const longest = LONGEST_PATH[process.platform] ?? 103;
  return Buffer.byteLength(path) <= longest ? path : join(privateFolder(), `${shortHash(home)}-${name}.sock`);
}
