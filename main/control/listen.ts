import { renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { inodeOf, setFolderAside } from '../daemon/files.ts';
import { unusableHome } from '../daemon/home.ts';

/**
 * Makes the server answer at the path, in the place of whatever an earlier owner left there, for this user only
 * (mode 0600). To be called under the lock. Returns how to take the socket back; another's at the path stays.
 */
export async function listenPrivately(server: Server, path: string): Promise<() => void> {
  if (process.platform === 'win32') {
    await listen(server, path);
    return () => {};
  }
  // Bound under another name and renamed: there is always a socket at the path, and when the server closes, the
  // system library unlinks the name that was bound, not what somebody else may have put at the path since.
  // It is no longer than the path itself, and in a folder that several homes share it is this one's only.
  const bound = path.replace(/\.sock$/, '.new');
  rmSync(bound, { force: true });
  await listen(server, bound);
  setFolderAside(path, String(Date.now()));
  renameSync(bound, path);
  const own = inodeOf(path);
  return () => {
    if (inodeOf(path) === own) rmSync(path, { force: true });
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(unusableHome(path, error));
    server.once('error', refuse);
    // Binding happens within this call, so that the socket never has wider permissions than these.
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.removeListener('error', refuse);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}
