import { lstatSync, readdirSync, renameSync, rmSync, watch } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { inodeOf, setFolderAside } from '../daemon/files.ts';
import { unusableHome } from '../daemon/home.ts';

export interface ListenOptions {
  /** Whether the path is still this process's, and so is to lead to it; asked when something else stands there. */
  readonly isOwner: () => boolean;
  readonly warn: (message: string, cause: unknown) => void;
}

/*
 * Two processes that both put their socket back at once would do nothing else any more: who was replaced again within this
 * time waits, longer each time.
 */
const CALM_MS = 5_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Makes the server answer at the path, in the place of whatever an earlier owner left there, for this user only
 * (mode 0600). To be called under the lock. When the socket is deleted or replaced, another one takes its place.
 * Returns how to take it back; another's at the path stays.
 */
export async function listenPrivately(
  server: Server,
  path: string,
  { isOwner, warn }: ListenOptions,
): Promise<() => void> {
  if (process.platform === 'win32') {
    await listen(server, path);
    return () => {};
  }
  clearLeftOver(path);
  let own = await bind(server, path);
  let second: Server | undefined;
  let isClosed = false;
  let turn = Promise.resolve();
  let renewedAt = Number.NEGATIVE_INFINITY;
  let pause = 0;
  const renew = async (): Promise<void> => {
    if (isClosed || inodeOf(path) === own || !isOwner()) return;
    // What listens already keeps its connections; a server can be given those of another one, as the HTTP server's
    // documentation of 'connection' says.
    const next = createServer({ allowHalfOpen: true }, (socket) => server.emit('connection', socket));
    own = await bind(next, path);
    next.on('error', (error) => server.emit('error', error));
    second?.close();
    second = next;
    renewedAt = performance.now();
    if (isClosed) takeBack();
    else warn(`The socket ${path} was deleted or replaced; it is there again.`, undefined);
  };
  const takeBack = (): void => {
    isClosed = true;
    clearTimeout(timer);
    watcher?.close();
    second?.close();
    if (inodeOf(path) === own) rmSync(path, { force: true });
  };
  let isWaiting = false;
  let timer: NodeJS.Timeout | undefined;
  const go = (): void => {
    turn = turn
      .then(() => {
        isWaiting = false;
        return renew();
      })
      .catch((error) => warn(`The socket ${path} was taken away.`, error));
  };
  // However many events come, it is looked once; and at once, unless somebody else puts his own back just as quickly.
  const look = (): void => {
    if (isWaiting || isClosed) return;
    isWaiting = true;
    const isCalm = performance.now() - renewedAt > CALM_MS;
    pause = isCalm ? 0 : Math.min(LONGEST_PAUSE_MS, pause * 2 || FIRST_PAUSE_MS);
    if (pause === 0) go();
    else timer = setTimeout(go, pause * (0.5 + Math.random())).unref();
  };
  const watcher = watchName(path, look, warn);
  look();
  return takeBack;
}

function watchName(
  path: string,
  onEvent: () => void,
  warn: ListenOptions['warn'],
): { close(): void } | undefined {
  const onError = (error: unknown): void => warn(`The socket ${path} is not watched any more.`, error);
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) onEvent();
    });
    watcher.on('error', onError);
    return watcher;
  } catch (error) {
    onError(error);
    return undefined;
  }
}

/**
 * Bound under another name and renamed: there is always a socket at the path, and when the server closes, the
 * system library unlinks the name that was bound, not what somebody else may have put at the path since. Resolves
 * to the socket's inode.
 */
async function bind(server: Server, path: string): Promise<bigint | undefined> {
  // No longer than the path itself, in a folder that several homes share this one's only, and this process's only:
  // even where no lock keeps a second one away, none renames the socket of another.
  const bound = path.replace(NAME, `$1.${process.pid.toString(36)}`);
  rmSync(bound, { force: true });
  await listen(server, bound);
  const own = inodeOf(bound);
  setFolderAside(path, String(Date.now()));
  renameSync(bound, path);
  return own;
}

/** `daemon.sock`, `app.sock`, alone or behind what tells homes apart. */
const NAME = /([^/.-])[^/.-]*\.sock$/;
const LEFT_OVER_MS = 60_000;

/** Removes what processes left that died between binding and renaming. */
function clearLeftOver(path: string): void {
  const folder = dirname(path);
  const [, first = ''] = NAME.exec(path) ?? [];
  const prefix = `${basename(path).replace(NAME, '')}${first}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix) || !/^[0-9a-z]{1,7}$/.test(name.slice(prefix.length))) continue;
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats?.isSocket() && Date.now() - stats.mtimeMs > LEFT_OVER_MS)
      rmSync(join(folder, name), { force: true });
  }
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
